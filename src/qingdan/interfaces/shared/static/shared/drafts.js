// What is typed is kept in this browser, per person and form, at each keystroke: until it was sent
// (a page with data-draft-sent says so) or until that person signs out. After a lost sign-in, a
// closed tab or a refusal it stands in the form again.
(function () {
  "use strict";

  const person = document.body.dataset.person || "";
  const words = (document.getElementById("words") || {}).dataset || {};
  const prefix = "draft " + person + " ";

  function stored(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (_lost) { return null; }
  }

  function store(key, draft) {
    try { localStorage.setItem(key, JSON.stringify(draft)); return true; } catch (_full) { return false; }
  }

  function drop(key) {
    try { localStorage.removeItem(key); } catch (_none) { /* private mode keeps nothing */ }
  }

  function fields(form) {
    return Array.from(form.elements).filter((one) =>
      one.name && !one.disabled && one.dataset.noDraft === undefined &&
      !/^(hidden|password|file|submit|button|reset)$/.test(one.type) && one.tagName !== "FIELDSET" &&
      one.tagName !== "BUTTON");
  }

  function read(form) {
    const values = {};
    fields(form).forEach((one) => {
      values[one.name] = values[one.name] || [];
      if (/^(radio|checkbox)$/.test(one.type)) {
        if (one.checked) { values[one.name].push(one.value); }
      } else {
        values[one.name].push(one.value);
      }
    });
    return values;
  }

  function write(form, values) {
    const taken = {};
    fields(form).forEach((one) => {
      const wanted = values[one.name];
      if (!wanted) { return; }
      if (/^(radio|checkbox)$/.test(one.type)) {
        one.checked = wanted.includes(one.value);
      } else {
        const number = taken[one.name] || 0;
        taken[one.name] = number + 1;
        if (wanted[number] === undefined) { return; }
        if (one.tagName === "SELECT" && !Array.from(one.options).some((o) => o.value === wanted[number])) { return; }
        one.value = wanted[number];
      }
      one.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function say(form, text) {
    form.querySelectorAll("[data-kept]").forEach((place) => { place.textContent = text; });
  }

  // what the server says has arrived, even if the page that said so was left before this ran
  const told = /(?:^|; )arrived="?([^;"]+)/.exec(document.cookie);
  if (told) {
    told[1].split("|").forEach((name) => drop(prefix + name));
    document.cookie = "arrived=; path=/; max-age=0; samesite=lax";
  }
  document.querySelectorAll("[data-draft-sent]").forEach((done) => drop(prefix + done.dataset.draftSent));

  document.querySelectorAll("form[data-draft]").forEach((form) => {
    const key = prefix + form.dataset.draft;
    const asSent = JSON.stringify(read(form));
    const draft = stored(key);
    if (draft && JSON.stringify(draft.values) !== asSent) {
      // whoever adds fields by script may do so before they are filled
      form.dispatchEvent(new CustomEvent("draft", { bubbles: true, detail: draft.values }));
      write(form, draft.values);
      const line = document.createElement("p");
      line.className = "said no-print";
      line.setAttribute("role", "status");
      line.append((words.again || "") + " ");
      const away = document.createElement("button");
      away.type = "button";
      away.className = "as-link";
      away.textContent = words.drop;
      away.addEventListener("click", () => {
        drop(key);
        write(form, JSON.parse(asSent));
        line.remove();
        say(form, "");
      });
      line.append(away);
      form.prepend(line);
    }
    function keep() {
      if (store(key, { values: read(form) })) { say(form, words.kept || ""); }
    }
    form.addEventListener("input", keep);
    form.addEventListener("change", (event) => { if (event.isTrusted) { keep(); } });
  });

  document.querySelectorAll("form[data-signs-out]").forEach((form) => {
    form.addEventListener("submit", () => {
      Object.keys(localStorage).filter((key) => key.startsWith(prefix)).forEach(drop);
    });
  });
})();
