/* On a wide screen a row opens beside its list; without this, or narrower, it opens its own page. */
(function () {
  "use strict";
  const panes = document.querySelector("[data-panes]");
  const opened = document.getElementById("opened");
  if (!panes || !opened || !window.fetch) return;
  const wide = window.matchMedia("(min-width: 75.01em)");

  function mark(row) {
    panes.querySelectorAll("tr.is-open").forEach((one) => one.classList.remove("is-open"));
    if (row) row.classList.add("is-open");
  }

  function shut() {
    opened.hidden = true;
    opened.textContent = "";
    panes.classList.remove("has-open");
    mark(null);
    const asked = new URLSearchParams(location.search);
    asked.delete("open");
    history.replaceState(null, "", "?" + asked.toString());
  }

  async function open(row) {
    const address = location.pathname + row.dataset.beside;
    const part = row.dataset.href + "?beside=" + encodeURIComponent(address);
    const answer = await fetch(part, { headers: { "X-Qingdan-Part": "opened" } });
    if (!answer.ok) return location.assign(row.dataset.href);
    opened.innerHTML = await answer.text();
    opened.hidden = false;
    panes.classList.add("has-open");
    mark(row);
    history.replaceState(null, "", row.dataset.beside);
  }

  // the list was fetched anew (live.js): what stands beside it follows, above all if it is gone
  document.addEventListener("fresh-page", (event) => {
    const now = event.detail.getElementById("opened");
    if (opened.hidden || !now) return;
    if (now.hidden) {
      const gone = document.createElement("p");
      gone.className = "quiet";
      gone.setAttribute("role", "alert");
      gone.textContent = (document.getElementById("words") || { dataset: {} }).dataset.notYours;
      opened.replaceChildren(gone);
      mark(null);
    } else if (now.textContent !== opened.textContent) {
      opened.innerHTML = now.innerHTML;
    }
  });

  function opensBeside(row) {
    const large = document.documentElement.classList.contains("large");
    return row && row.dataset.beside && wide.matches && !large
      && !row.classList.contains("is-open");
  }

  panes.addEventListener("click", (event) => {
    if (event.target.closest("[data-shut]")) {
      event.preventDefault();
      return shut();
    }
    const row = event.target.closest("tr[data-beside]");
    const other = event.metaKey || event.ctrlKey || event.shiftKey || event.button;
    if (!row || other || event.target.closest("button, summary") || !opensBeside(row)) return;
    event.preventDefault();
    event.stopPropagation();
    open(row);
  }, true);

  // before keys.js, which would leave for the row's own page
  document.addEventListener("keydown", (event) => {
    const row = panes.querySelector("tr.is-here[data-beside]");
    const at = document.activeElement;
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !row) return;
    if (!(at === document.body || row.contains(at)) || !opensBeside(row)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open(row);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || opened.hidden || event.defaultPrevented) return;
    if (document.querySelector("details.float[open], .help-sheet:not([hidden])")) return;
    shut();
  });
})();
