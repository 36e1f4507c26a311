// A refusal speaks of the value that was sent: once the field says something else it goes, and it is
// there again if the old value comes back. Whether the new one is right the server says.
(function () {
  "use strict";

  function value(form, name) {
    return Array.from(form.elements).filter((one) => one.name === name).map((one) =>
      (/^(radio|checkbox)$/.test(one.type) ? one.checked : one.value)).join("\n");
  }

  function refusals(field) {
    const named = (field.getAttribute("aria-describedby") || "").split(" ")
      .map((id) => document.getElementById(id))
      .filter((one) => one && one.classList.contains("refusal"));
    const around = field.closest(".form-field, fieldset");
    const beside = around && !around.querySelector(".form-field, fieldset")
      ? Array.from(around.querySelectorAll(".refusal")) : [];
    return new Set(named.concat(beside));
  }

  document.querySelectorAll("form").forEach((form) => {
    if (!form.querySelector(".refusal")) { return; }
    const refused = new Map();
    Array.from(form.elements).forEach((field) => {
      if (!field.name || /^(hidden|submit|button)$/.test(field.type)) { return; }
      const said = refusals(field);
      if (!said.size) { return; }
      const known = refused.get(field.name) || { sent: value(form, field.name), fields: [], said: new Set() };
      known.fields.push(field);
      said.forEach((one) => known.said.add(one));
      refused.set(field.name, known);
    });

    function look(event) {
      const known = refused.get(event.target.name);
      if (!known) { return; }
      const cured = value(form, event.target.name) !== known.sent;
      known.said.forEach((one) => { one.hidden = cured; });
      known.fields.forEach((field) => {
        if (cured) { field.removeAttribute("aria-invalid"); } else { field.setAttribute("aria-invalid", "true"); }
      });
    }
    form.addEventListener("input", look);
    form.addEventListener("change", look);
  });
})();
