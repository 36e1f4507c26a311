// What a form shows while it is filled in. Each form works without it: the server says the same.
// data-reckon="/address" data-from="name name": asks the address with these fields, shows the answer.
// data-when="name" data-is="value value": there only while the field has one of these values.
(function () {
  "use strict";

  function value(form, name) {
    const field = form.elements[name];
    if (!field) { return ""; }
    if (field.type === "checkbox") { return field.checked ? field.value : ""; }
    return field.value || "";
  }

  // ---------------------------------------------------------------- parts that depend on a choice

  document.querySelectorAll("[data-when]").forEach((part) => {
    const form = part.closest("form");
    const name = part.dataset.when;
    const wanted = (part.dataset.is || "").split(" ");
    function look() { part.hidden = !wanted.includes(value(form, name)); }
    form.addEventListener("change", look);
    form.addEventListener("input", look);
    look();
  });

  // ---------------------------------------------------------------- dates that the server reckons

  document.querySelectorAll("[data-reckon]").forEach((place) => {
    const form = place.closest("form");
    const names = place.dataset.from.split(" ");
    let asked = names.map((name) => value(form, name)).join("\n");
    let latest = 0;
    let soon = 0;

    function ask() {
      const query = new URLSearchParams();
      names.forEach((name) => query.set(name, value(form, name)));
      latest += 1;
      const mine = latest;
      fetch(place.dataset.reckon + "?" + query, { headers: { "X-Qingdan-Part": "1" }, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.text() : null))
        .then((text) => {
          if (text === null || mine !== latest) { return; }
          place.innerHTML = text;
          const field = form.elements[names[0]];
          const old = field && field.closest && field.closest(".form-field");
          if (old) { old.querySelectorAll(".refusal").forEach((said) => said.remove()); }
        })
        .catch(() => { /* without a network the server says it when the form is sent */ });
    }

    function look() {
      const now = names.map((name) => value(form, name)).join("\n");
      if (now === asked) { return; }
      asked = now;
      window.clearTimeout(soon);
      soon = window.setTimeout(ask, 150);
    }
    form.addEventListener("change", look);
    form.addEventListener("input", look);
  });

  // ---------------------------------------------------------------- one more field when the last is filled

  document.querySelectorAll("[data-more]").forEach((place) => {
    place.addEventListener("input", () => {
      const all = place.querySelectorAll("input");
      const last = all[all.length - 1];
      if (!last.value || all.length >= 12) { return; }
      const next = last.cloneNode();
      next.value = "";
      next.removeAttribute("id");
      place.append(next);
    });
    place.closest("form").addEventListener("draft", (event) => {
      const kept = event.detail[place.dataset.more] || [];
      while (place.querySelectorAll("input").length < kept.length) {
        const next = place.querySelector("input:last-of-type").cloneNode();
        next.value = "";
        next.removeAttribute("id");
        place.append(next);
      }
    });
  });

  // ---------------------------------------------------------------- sent once

  document.querySelectorAll("form[data-main]").forEach((form) => {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) { event.preventDefault(); return; }
      sent = true;
      window.setTimeout(() => { sent = false; }, 3000);
    });
  });
})();
