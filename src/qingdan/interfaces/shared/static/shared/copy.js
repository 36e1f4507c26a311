// 挂到工作群: puts the text of `data-copy` on the clipboard; where the browser forbids that (plain
// http, some in-app browsers) it selects the text instead. A form with data-fetch is then sent in
// the background, so that who hung it and when stands recorded while the text is already copied.
(function () {
  "use strict";

  const words = (document.getElementById("words") || {}).dataset || {};

  function select(element) {
    if (element.select) { element.focus(); element.select(); return; }
    const range = document.createRange();
    range.selectNodeContents(element);
    const chosen = window.getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
  }

  async function copy(element) {
    const text = element.value === undefined ? element.innerText : element.value;
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (_forbidden) {
      select(element);
      try { return document.execCommand("copy"); } catch (_never) { return false; }
    }
  }

  function say(button, text) {
    let place = button.parentElement.querySelector("[data-copy-said]");
    if (!place) {
      place = document.createElement("span");
      place.className = "note";
      place.dataset.copySaid = "";
      place.setAttribute("role", "status");
      button.after(place);
    }
    place.textContent = text;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.querySelector(button.dataset.copy);
    if (!source) { return; }
    event.preventDefault();
    const form = button.closest("form[data-fetch]");
    const done = await copy(source);
    if (form) {
      const body = new FormData(form);
      if (button.name) { body.append(button.name, button.value); }
      const answer = await fetch(form.action, { method: "POST", body: body, credentials: "same-origin" })
        .catch(() => null);
      if (!answer || !answer.ok) { form.submit(); return; }
    }
    say(button, done ? words.copied : words.select);
  });
})();
