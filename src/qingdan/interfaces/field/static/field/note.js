// While the sentence is typed the server reads it, and what it says of its own order is proposed:
// unit, day, and what is to be done. Whatever somebody chose by hand is left as it is, and the
// button says what it will do. Without a network or a script one chooses all of it by hand.
(function () {
  "use strict";

  const form = document.getElementById("next");
  const body = document.getElementById("body");
  const unit = document.getElementById("unit");
  const given = document.getElementById("given");
  if (!form || !unit || !given) { return; }
  const other = document.getElementById("day-other");
  const otherOn = document.getElementById("other_on");
  const done = document.getElementById("done");
  const likely = document.getElementById("likely");
  const hint = document.querySelector("#from-words > span");
  const PAUSE = 350;
  const CHIPS = 3;

  const days = () => Array.from(form.querySelectorAll("input[name=due_on]"));
  const chips = () => Array.from(likely.querySelectorAll("[data-unit]"));
  const chosenDay = () => (days().find((one) => one.checked) || {}).value || "";
  const first = {
    unit: (Array.from(unit.options).find((one) => one.defaultSelected) || {}).value || "",
    day: (days().find((one) => one.defaultChecked) || {}).value || "",
    done: done.defaultValue,
  };
  const again = form.dataset.again !== undefined;
  const byHand = {};

  // what a draft brings back, or a refusal, was chosen once already
  function lookWhatIsChosen() {
    byHand.unit = unit.value !== first.unit || (again && unit.value !== "" && hint.hidden);
    byHand.day = chosenDay() !== first.day || again;
    byHand.done = done.value !== first.done || (again && done.value !== "");
  }

  function dayWords() {
    const day = days().find((one) => one.checked);
    if (!day) { return ""; }
    if (day !== other) { return day.dataset.words; }
    const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(otherOn.value);
    if (!parts) { return ""; }
    return document.documentElement.lang.startsWith("zh") ? Number(parts[2]) + "月" + Number(parts[3]) + "日" : parts[0];
  }

  function say() {
    const day = dayWords();
    const words = given.dataset[unit.value ? (day ? "toUnitBy" : "toUnit") : "to"];
    const to = unit.value ? unit.options[unit.selectedIndex].text : "";
    given.textContent = words.replace("{unit}", to).replace("{date}", day);
    chips().forEach((chip) => chip.setAttribute("aria-pressed", String(chip.dataset.unit === unit.value)));
    likely.hidden = chips().length === 0;
  }

  function choose(day) {
    const there = days().find((one) => one.value === day);
    (there || other).checked = true;
    if (!there) { otherOn.value = day; }
  }

  function offer(units) {
    const before = chips().map((chip) => chip.dataset.unit).join(" ");
    const shown = chips().filter((chip) => !units.some((one) => one.code === chip.dataset.unit));
    const fresh = units.map((one) => {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.dataset.unit = one.code;
      chip.textContent = one.words;
      return chip;
    });
    const after = fresh.concat(shown).slice(0, CHIPS);
    // a chip that stays is left alone: a thumb may be on it
    if (after.map((chip) => chip.dataset.unit).join(" ") !== before) { likely.replaceChildren(...after); }
  }

  function propose(said) {
    offer(said.units);
    if (!byHand.unit) { unit.value = said.unit || first.unit; }
    if (!byHand.day) { choose(said.due_on || first.day); }
    if (!byHand.done) { done.value = said.done || first.done; }
    hint.hidden = !((said.unit && !byHand.unit) || (said.due_on && !byHand.day));
    say();
  }

  let latest = 0;
  let soon = 0;
  let heard = "";
  function ask() {
    if (body.value === heard) { return; }
    heard = body.value;
    latest += 1;
    const mine = latest;
    const sent = new FormData();
    sent.append("body", body.value);
    sent.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    fetch(form.dataset.read, { method: "POST", body: sent, headers: { "X-Qingdan-Part": "1" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((said) => { if (said && mine === latest) { propose(said); } })
      .catch(() => { heard = ""; /* without a network one chooses by hand */ });
  }

  body.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(ask, PAUSE); });
  body.addEventListener("change", () => { clearTimeout(soon); ask(); });

  form.addEventListener("change", (event) => {
    if (!event.isTrusted) { lookWhatIsChosen(); }
    else if (event.target === unit) { byHand.unit = true; }
    else if (event.target.name === "due_on" || event.target === otherOn) { byHand.day = true; }
    say();
  });
  done.addEventListener("input", () => { byHand.done = done.value !== ""; });
  otherOn.addEventListener("input", say);
  likely.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-unit]");
    if (!chip) { return; }
    unit.value = chip.dataset.unit;
    byHand.unit = true;
    unit.dispatchEvent(new Event("input", { bubbles: true }));
    say();
  });
  lookWhatIsChosen();
  say();
  if (body.value) { ask(); }
})();
