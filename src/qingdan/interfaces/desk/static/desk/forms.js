// What a form shows while it is filled in. Each form works without it: the server says the same.
// data-reckon="/address" data-from="name name": asks the address with these fields, shows the answer.
// data-when="name" data-is="value value": there only while the field has one of these values.
// Not deferred: drafts.js fills the fields as soon as the page is read, and the fields of a draft
// must stand there by then.
(function () {
  "use strict";

  function value(form, name) {
    const field = form.elements[name];
    if (!field) { return ""; }
    if (field.type === "checkbox") { return field.checked ? field.value : ""; }
    return field.value || "";
  }

  // ---------------------------------------------------------------- one more field when the last is filled

  document.addEventListener("input", (event) => {
    const place = event.target.closest("[data-more]");
    const all = place ? place.querySelectorAll("input") : [];
    if (place && all[all.length - 1].value && all.length < 12) { another(place); }
  });

  function another(place) {
    const next = place.querySelector("input:last-of-type").cloneNode();
    next.value = "";
    next.removeAttribute("id");
    next.removeAttribute("value");
    place.append(next);
  }

  document.addEventListener("draft", (event) => {
    event.target.dataset.again = "1";
    event.target.querySelectorAll("[data-more]").forEach((place) => {
      const kept = event.detail[place.dataset.more] || [];
      while (place.querySelectorAll("input").length < Math.min(kept.length, 12)) { another(place); }
    });
  });

  document.addEventListener("DOMContentLoaded", () => {
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
      // a draft brings another date than the server reckoned with
      let asked = form.dataset.again ? null : names.map((name) => value(form, name)).join("\n");
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
      look();
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
  });
})();
