// Menus and explanations are <details class="float">: they open without script. With it only one
// is open, esc and a click elsewhere close it, and it stays inside the window.
(function () {
  "use strict";

  const GAP = 8;

  function close(one, focus) {
    one.open = false;
    if (focus) { one.querySelector("summary").focus(); }
  }

  function fit(one) {
    const body = one.querySelector(".float-body");
    if (!body) { return; }
    body.style.marginLeft = "";
    one.classList.remove("to-top");
    const room = document.documentElement;
    let box = body.getBoundingClientRect();
    const above = one.getBoundingClientRect().top;
    if (box.bottom > room.clientHeight - GAP && above > box.height + GAP) {
      one.classList.add("to-top");
      box = body.getBoundingClientRect();
    }
    if (box.right > room.clientWidth - GAP) {
      body.style.marginLeft = (room.clientWidth - GAP - box.right) + "px";
      box = body.getBoundingClientRect();
    }
    if (box.left < GAP) {
      body.style.marginLeft = ((parseFloat(body.style.marginLeft) || 0) + GAP - box.left) + "px";
    }
  }

  document.addEventListener("toggle", (event) => {
    const one = event.target;
    if (!one.matches || !one.matches("details.float") || !one.open) { return; }
    document.querySelectorAll("details.float[open]").forEach((other) => {
      if (other !== one && !other.contains(one)) { close(other, false); }
    });
    one.querySelectorAll("[data-closes]").forEach((button) => { button.hidden = false; });
    fit(one);
  }, true);

  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-closes]");
    if (closer) { close(closer.closest("details"), true); return; }
    document.querySelectorAll("details.float[open]").forEach((one) => {
      if (!one.contains(event.target)) { close(one, false); }
    });
  });

  // before keys.js sees it: esc here closes what is open and nothing else
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { return; }
    const open = Array.from(document.querySelectorAll("details.float[open]"));
    if (!open.length) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    open.forEach((one) => close(one, one.contains(document.activeElement)));
  }, true);
})();
