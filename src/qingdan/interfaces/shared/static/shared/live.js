// Asks every five seconds whether what the page shows has changed (D14), never in a hidden tab. On
// news the page is fetched again under the reader's own permissions and the part is put in place,
// unless somebody is typing in it: then a line offers it. Whoever may not see the page any more is
// shown nothing more of it: it is emptied, and says so in a sentence.
(function () {
  "use strict";

  const words = (document.getElementById("words") || {}).dataset || {};
  const EVERY = 5000;
  const SLOWEST = 60000;

  function part(host) {
    return document.getElementById(host.dataset.livePart || host.id);
  }

  function busy(element) {
    const at = document.activeElement;
    const typing = at && element.contains(at) && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
    return typing || element.querySelector("details.float[open], .is-typed") !== null;
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (form) { form.classList.add("is-typed"); }
  });

  function line(text, label, act) {
    const old = document.querySelector(".said[data-live-line]");
    if (old) { old.remove(); }
    const said = document.createElement("p");
    said.className = "said no-print";
    said.dataset.liveLine = "";
    said.setAttribute("role", "status");
    said.append(text + " ");
    const button = document.createElement(typeof act === "string" ? "a" : "button");
    button.className = "as-link";
    button.textContent = label;
    if (typeof act === "string") {
      button.href = act;
    } else {
      button.type = "button";
      button.addEventListener("click", () => { said.remove(); act(); });
    }
    said.append(button);
    document.getElementById("main").before(said);
  }

  let over = false;

  function lost(text, label, address) {
    over = true;
    const calm = document.createElement("div");
    calm.className = "calm";
    calm.setAttribute("role", "alert");
    const head = document.createElement("h1");
    head.textContent = text;
    const way = document.createElement("p");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = label;
    way.append(link);
    calm.append(head, way);
    document.getElementById("main").replaceChildren(calm);
    document.querySelectorAll(".said, .keybar").forEach((one) => one.remove());
    document.title = text;
  }

  function signedOut() {
    const next = encodeURIComponent(location.pathname + location.search);
    lost(words.signedOut, words.signIn, "/accounts/login/?next=" + next);
  }

  function keys(element) {
    return new Set(Array.from(element.querySelectorAll("[data-row]"), (row) => row.dataset.row));
  }

  function put(old, fresh) {
    const known = keys(old);
    const here = old.querySelector(".is-here");
    fresh.querySelectorAll("[data-row]").forEach((row) => {
      if (known.has(row.dataset.row)) { return; }
      row.classList.add("is-new");
      const title = row.querySelector(".title, .entry-title");
      if (title) {
        const tag = document.createElement("span");
        tag.className = "tag";
        tag.textContent = words.new;
        title.append(tag);
      }
    });
    old.replaceWith(fresh);
    if (here && here.dataset.row) {
      const again = fresh.querySelector('[data-row="' + CSS.escape(here.dataset.row) + '"]');
      if (again) { again.classList.add("is-here"); }
    }
    document.dispatchEvent(new CustomEvent("fresh", { detail: fresh }));
  }

  // here: the address of a page without a part that changes; it only hears that access has ended
  function watch(host, here) {
    const id = here ? "" : host.dataset.livePart || host.id;
    let address = here || host.dataset.live;
    let tag = host.dataset.liveEtag || null;
    let wait = EVERY;
    let timer = null;

    function later() {
      clearTimeout(timer);
      if (over || document.hidden) { return; }
      timer = setTimeout(ask, wait * (0.8 + Math.random() * 0.4));
    }

    async function ask() {
      try {
        const answer = await fetch(address, {
          headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", credentials: "same-origin",
        });
        if (answer.ok) {
          const now = answer.headers.get("ETag");
          const changed = tag !== null && now !== tag;
          tag = now;
          wait = EVERY;
          if (changed) { await refresh(); }
        } else if (answer.status === 304) {
          wait = EVERY;
        } else if (answer.status === 404 || answer.status === 410) {
          // too old, or not ours any more: the page has a new address, or is refused
          wait = Math.min(wait * 2, SLOWEST);
          await refresh();
        } else {
          wait = Math.min(wait * 2, SLOWEST);
        }
      } catch (_offline) {
        wait = Math.min(wait * 2, SLOWEST);
      }
      later();
    }

    async function refresh() {
      const answer = await fetch(location.href, {
        // by itself: it keeps nobody signed in
        headers: { "X-Qingdan-Part": id || "here", "X-Qingdan-Live": "1" }, cache: "no-store", credentials: "same-origin",
      });
      if (answer.status === 401 || /\/accounts\/login\//.test(answer.url)) {
        signedOut();
        return;
      }
      if (answer.status === 403 || answer.status === 404) {
        lost(words.notYours, words.begin, "/");
        return;
      }
      if (!answer.ok) { return; }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (here) {
        address = page.body.dataset.liveHere || address;
        return;
      }
      document.dispatchEvent(new CustomEvent("fresh-page", { detail: page }));
      const fresh = page.getElementById(id);
      const old = document.getElementById(id);
      if (!fresh || !old) { return; }
      const next = fresh.matches("[data-live]") ? fresh : page.querySelector("[data-live]");
      if (next) { address = next.dataset.live; }
      if (fresh.dataset.live && old.dataset.live) { old.dataset.live = fresh.dataset.live; }
      if (fresh.isEqualNode(old)) { return; }
      const node = document.adoptNode(fresh);
      if (busy(old)) {
        line(words.fresh, words.load, () => put(document.getElementById(id), node));
      } else {
        put(old, node);
      }
    }

    document.addEventListener("visibilitychange", () => {
      if (document.hidden) { clearTimeout(timer); } else if (!over) { wait = EVERY; ask(); }
    });
    // a page that came back by the browser's own way back may be long over
    window.addEventListener("pageshow", (event) => {
      if (event.persisted && !over) { wait = EVERY; ask(); }
    });
    if (tag === null) { ask(); } else { later(); }
  }

  const seen = new Set();
  document.querySelectorAll("[data-live]").forEach((host) => {
    const id = host.dataset.livePart || host.id;
    if (!host.dataset.live || seen.has(id) || !part(host)) { return; }
    seen.add(id);
    watch(host);
  });
  const here = document.body.dataset.liveHere;
  if (here && !seen.size) { watch(document.body, here); }
})();
