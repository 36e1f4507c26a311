// 列清单: one more line without asking the server; a unit that stands there twice keeps its part.
(function () {
  "use strict";

  document.querySelectorAll("form[data-lists]").forEach((form) => {
    const blank = form.querySelector("template[data-blank]");
    const place = blank.parentElement;
    const most = 40;

    function lines() { return place.querySelectorAll(".task-line"); }

    function add() {
      const number = lines().length;
      if (number >= most) { return; }
      const holder = document.createElement("div");
      holder.innerHTML = blank.innerHTML.replace(/__n__/g, String(number)).replace(/__nth__/g, String(number + 1));
      const line = holder.firstElementChild;
      place.insertBefore(line, blank);
      return line;
    }

    form.querySelector("[data-add]").addEventListener("click", (event) => {
      event.preventDefault();
      const line = add();
      if (!line) { return; }
      line.querySelector("input:not([type=hidden])").focus();
      form.dispatchEvent(new Event("input", { bubbles: true })); // the draft keeps the line too
    });

    form.addEventListener("draft", (event) => {
      const numbers = Object.keys(event.detail)
        .map((name) => /^tasks\.(\d+)\.title$/.exec(name))
        .filter(Boolean)
        .map((found) => Number(found[1]) + 1);
      const wanted = Math.min(most, Math.max(0, ...numbers));
      while (lines().length < wanted) { add(); }
    });

    form.addEventListener("change", (event) => {
      const cell = event.target;
      if (!/\.unit$/.test(cell.name || "") || !cell.value) { return; }
      const mine = cell.name.replace(/unit$/, "part");
      const same = Array.from(form.querySelectorAll("select[name$='.unit']"))
        .find((one) => one !== cell && one.value === cell.value);
      if (same) { form.elements[mine].value = form.elements[same.name.replace(/unit$/, "part")].value; }
    });
  });
})();
