// The button says to whom; the units that are often given work are one tap.
(function () {
  "use strict";

  const unit = document.getElementById("unit");
  const given = document.getElementById("given");
  if (!unit || !given) { return; }
  const chips = Array.from(document.querySelectorAll("[data-unit]"));

  function say() {
    given.textContent = unit.value ? unit.options[unit.selectedIndex].text : "";
    chips.forEach((chip) => chip.setAttribute("aria-pressed", String(chip.dataset.unit === unit.value)));
  }

  chips.forEach((chip) => {
    chip.parentElement.hidden = false;
    chip.addEventListener("click", () => {
      unit.value = chip.dataset.unit;
      unit.dispatchEvent(new Event("input", { bubbles: true }));
      say();
    });
  });
  unit.addEventListener("change", say);
  say();
})();
