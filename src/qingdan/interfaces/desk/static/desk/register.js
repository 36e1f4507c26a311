// 登记问题: the firm by one tap, the code only for a firm that is new, one button that says what it does.
(function () {
  "use strict";

  const form = document.getElementById("register");
  if (!form) { return; }
  const firm = form.elements.firm;
  const known = new Set();
  document.querySelectorAll("#firms option").forEach((option) => {
    known.add(option.value);
    known.add(option.textContent);
  });

  document.querySelectorAll("[data-says]").forEach((chip) => {
    chip.addEventListener("click", (event) => {
      event.preventDefault();
      firm.value = chip.dataset.says;
      firm.dispatchEvent(new Event("input", { bubbles: true }));
      firm.dispatchEvent(new Event("change", { bubbles: true }));
      form.elements.body.focus();
    });
  });

  const code = form.querySelector("[data-unless-known]");
  function lookForFirm() {
    const said = firm.value.trim();
    document.querySelectorAll("[data-says]").forEach((chip) => {
      chip.classList.toggle("chip-pick", chip.dataset.says === said);
    });
    if (code) { code.hidden = !form.elements.uscc.value && (!said || known.has(said) || /^[0-9A-Za-z]+$/.test(said)); }
  }
  firm.addEventListener("change", lookForFirm);
  firm.addEventListener("input", () => { if (!code || !code.hidden) { lookForFirm(); } });
  form.elements.uscc.addEventListener("input", lookForFirm);

  const main = form.querySelector("button[data-give]");
  const only = form.querySelector("button[value=only]");
  function lookForUnit() {
    const unit = form.elements.unit;
    const normal = form.elements.handling.value === "normal" || form.elements.handling.value === "";
    const gives = normal && (unit.value !== "" || form.elements.due_on.value !== "");
    const name = unit.value ? unit.options[unit.selectedIndex].text : "";
    main.value = gives ? "give" : "only";
    main.firstElementChild.textContent = !gives ? main.dataset.wait
      : main.dataset.give.replace("{unit}", name);
    only.hidden = !gives;
    only.disabled = !gives;
  }
  form.addEventListener("change", lookForUnit);
  form.addEventListener("input", lookForUnit);
  lookForFirm();
  lookForUnit();
})();
