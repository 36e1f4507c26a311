// 报办结: says what is lacking before it is sent. The server decides.
(function () {
  "use strict";

  const place = document.querySelector("[data-lacking]");
  const form = place && place.closest("form");
  if (!form) { return; }

  function label(name) {
    const field = form.querySelector("[name=" + name + "]");
    const about = field && field.closest(".form-field");
    const words = about && about.querySelector(".label");
    return words ? words.firstChild.textContent.trim() : name;
  }

  function filled(name) {
    const field = form.elements[name];
    return !!field && field.value.trim() !== "";
  }

  function look() {
    const kind = form.elements.kind.value;
    const lacking = [];
    if (!kind) { lacking.push(label("kind")); }
    if (!filled("text")) { lacking.push(label("text")); }
    if (kind !== "explained" && !filled("evidence")) { lacking.push(label("evidence")); }
    if ((kind === "partly" || kind === "explained") && !filled("basis")) { lacking.push(label("basis")); }
    if (Array.from(form.querySelectorAll("[name=finish]")).some((one) => !one.checked)) {
      lacking.push(label("finish"));
    }
    place.hidden = !lacking.length;
    place.textContent = place.dataset.says.replace("{things}", lacking.join(place.dataset.comma));
  }
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  look();
})();
