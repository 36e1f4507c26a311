// 列清单: one more line without asking the server; a unit that stands there twice keeps its part.
// Not deferred: drafts.js fills the fields as soon as the page is read, and the lines of a draft
// must stand there by then.
(function () {
  "use strict";

  const most = 40;

  function lines(form) { return form.querySelectorAll(".task-line"); }

  function add(form) {
    const blank = form.querySelector("template[data-blank]");
    const number = lines(form).length;
    if (number >= most) { return null; }
    const holder = document.createElement("div");
    holder.innerHTML = blank.innerHTML.replace(/__n__/g, String(number)).replace(/__nth__/g, String(number + 1));
    const line = holder.firstElementChild;
    blank.parentElement.insertBefore(line, blank);
    return line;
  }

  document.addEventListener("draft", (event) => {
    const form = event.target;
    if (!form.matches("form[data-lists]")) { return; }
    const numbers = Object.keys(event.detail)
      .map((name) => /^tasks\.(\d+)\.title$/.exec(name))
      .filter(Boolean)
      .map((found) => Number(found[1]) + 1);
    const wanted = Math.min(most, Math.max(0, ...numbers));
    while (lines(form).length < wanted) { add(form); }
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("form[data-lists] [data-add]");
    if (!button) { return; }
    event.preventDefault();
    const form = button.closest("form");
    const line = add(form);
    if (!line) { return; }
    line.querySelector("input:not([type=hidden])").focus();
    form.dispatchEvent(new Event("input", { bubbles: true })); // the draft keeps the line too
  });

  document.addEventListener("change", (event) => {
    const cell = event.target;
    const form = cell.closest("form[data-lists]");
    if (!form || !/\.unit$/.test(cell.name || "") || !cell.value) { return; }
    const same = Array.from(form.querySelectorAll("select[name$='.unit']"))
      .find((one) => one !== cell && one.value === cell.value);
    if (!same) { return; }
    form.elements[cell.name.replace(/unit$/, "part")].value =
      form.elements[same.name.replace(/unit$/, "part")].value;
  });
})();
