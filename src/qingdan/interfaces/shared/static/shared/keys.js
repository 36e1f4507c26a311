// Keys of the desk: each presses a button or follows a link that is also there to see.
// Never while somebody types, except ctrl enter, which sends, and esc, which leaves the field.
(function () {
  "use strict";

  const words = document.getElementById("words");
  const said = words ? words.dataset : {};

  function typing(element) {
    return !!element && (element.isContentEditable ||
      /^(TEXTAREA|SELECT)$/.test(element.tagName) ||
      (element.tagName === "INPUT" && !/^(radio|checkbox|submit|button)$/.test(element.type)));
  }

  function visible(element) {
    return !element.disabled && (element.getClientRects().length > 0 || element.matches(".seg input"));
  }

  function pressed(key) {
    return Array.from(document.querySelectorAll("[data-key]"))
      .find((one) => one.dataset.key.toLowerCase() === key.toLowerCase() && visible(one));
  }

  // ---------------------------------------------------------------- rows

  function rows() {
    return Array.from(document.querySelectorAll("[data-rows] [data-href], [data-rows] a.entry"))
      .filter(visible);
  }

  function here() {
    return document.querySelector("[data-rows] .is-here");
  }

  function stand(row) {
    const old = here();
    if (old) { old.classList.remove("is-here"); }
    row.classList.add("is-here");
    (row.querySelector("a") || row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const all = rows();
    if (!all.length) { return; }
    const from = all.indexOf(here() || document.querySelector("[data-rows] .is-open"));
    const to = from < 0 ? (by > 0 ? 0 : all.length - 1) : from + by;
    stand(all[Math.max(0, Math.min(all.length - 1, to))]);
  }

  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows] [data-href]");
    const own = event.target.closest("a, button, input, label, summary, select");
    if (!row || own || String(window.getSelection())) { return; }
    window.location.assign(row.dataset.href);
  });

  // ---------------------------------------------------------------- help

  function name(element) {
    if (element.labels && element.labels[0]) { element = element.labels[0]; }
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, .note").forEach((kbd) => kbd.remove());
    return element.getAttribute("aria-label") || copy.textContent.trim();
  }

  function line(list, keys, text) {
    const term = document.createElement("dt");
    keys.forEach((key) => {
      const sign = document.createElement("kbd");
      sign.textContent = key;
      term.append(sign, " ");
    });
    const meaning = document.createElement("dd");
    meaning.textContent = text;
    list.append(term, meaning);
  }

  let sheet = null;
  let before = null;

  function closeHelp() {
    if (!sheet) { return false; }
    sheet.remove();
    sheet = null;
    if (before) { before.focus(); }
    return true;
  }

  function openHelp() {
    if (closeHelp()) { return; }
    before = document.activeElement;
    sheet = document.createElement("div");
    sheet.className = "help-sheet";
    sheet.setAttribute("role", "dialog");
    sheet.setAttribute("aria-modal", "true");
    sheet.setAttribute("aria-label", said.help);
    const head = document.createElement("div");
    head.className = "help-head";
    const title = document.createElement("h2");
    title.textContent = said.help;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "as-link";
    close.textContent = said.close;
    close.addEventListener("click", closeHelp);
    head.append(title, close);
    const list = document.createElement("dl");
    if (rows().length) {
      line(list, ["j", "k"], said.move);
      line(list, ["enter"], said.open);
    }
    const seen = new Set(["?"]);
    document.querySelectorAll("[data-key]").forEach((one) => {
      if (seen.has(one.dataset.key) || !visible(one)) { return; }
      seen.add(one.dataset.key);
      line(list, [one.dataset.key], name(one));
    });
    if (document.querySelector("main form[method=post]")) { line(list, ["ctrl", "enter"], said.send); }
    line(list, ["?"], said.thisHelp);
    sheet.append(head, list);
    document.body.append(sheet);
    close.focus();
  }

  document.querySelectorAll("[data-help]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  });

  // ---------------------------------------------------------------- the keys themselves

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) { return; }
    const at = document.activeElement;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = (at && at.closest("form")) || document.querySelector("main form[data-main]");
      const main = form && form.querySelector(".btn-main, [type=submit], button:not([type])");
      if (main) { event.preventDefault(); main.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") {
      if (closeHelp()) { return; }
      if (typing(at)) { at.blur(); return; }
      const back = pressed("esc");
      if (back) { back.click(); }
      return;
    }
    if (typing(at) || sheet) { return; }
    if (event.key === "Enter") {
      const row = here();
      if (row && (at === document.body || row.contains(at)) && at.tagName !== "BUTTON") {
        event.preventDefault();
        window.location.assign(row.dataset.href || row.href);
      }
      return;
    }
    if (event.key.length !== 1) { return; }
    const element = pressed(event.key);
    if (element) {
      event.preventDefault();
      if (typing(element)) { element.focus(); } else { element.click(); }
    } else if (event.key === "j") {
      move(1);
    } else if (event.key === "k") {
      move(-1);
    } else if (event.key === "g") {
      const word = document.querySelector(".top-nav [aria-current], .top-nav a");
      if (word) { word.focus(); }
    } else if (event.key === "?") {
      openHelp();
    } else {
      return;
    }
    event.preventDefault();
  });
})();
