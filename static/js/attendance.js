// Attendance: a tap on a name turns present → on leave → absent; one button sets the rest; reasons are typed right away.
"use strict";
(function () {
  const form = document.getElementById("record");
  const people = document.getElementById("people");
  if (!form || !people) return;
  // Somebody nobody expects is named by a tap, and after "absent" not named again.
  const NEXT_OPEN = { unrecorded: "present", present: "leave", leave: "absent", absent: "unrecorded" };
  const NEXT = { unrecorded: "present", present: "leave", leave: "absent", absent: "present" };
  let setByRest = [];

  function valueOf(tile) { return tile.nextElementSibling; }
  function tiles() { return Array.from(people.querySelectorAll("[data-tile]")); }
  function exceptionOf(id) { return people.querySelector("[data-exception='" + id + "']"); }

  function mark(place, presence) {
    const template = people.querySelector("[data-mark-of='" + presence + "']");
    place.replaceChildren(template.content.cloneNode(true));
  }

  function set(tile, presence) {
    valueOf(tile).value = presence;
    tile.className = "tile is-" + presence;
    if ("open" in tile.dataset && presence === "unrecorded") tile.querySelector("[data-mark]").replaceChildren();
    else mark(tile.querySelector("[data-mark]"), presence);
    const row = exceptionOf(tile.dataset.tile);
    const isException = presence === "leave" || presence === "absent";
    row.hidden = !isException;
    if (!isException) return null;
    mark(row.querySelector("[data-mark]"), presence);
    const chips = row.querySelector("[data-chips]");
    if (!chips.children.length) chips.append(people.querySelector("[data-reason-chips]").content.cloneNode(true));
    press(row);
    return row.querySelector("input");
  }

  function press(row) {
    const typed = row.querySelector("input").value;
    row.querySelectorAll("[data-reason]").forEach(function (chip) {
      chip.setAttribute("aria-pressed", String(chip.textContent === typed));
    });
  }

  function count() {
    const numbers = { expected: 0, present: 0, leave: 0, absent: 0, unrecorded: 0 };
    let voters = 0;
    const pairs = form.querySelectorAll("[data-block=talks]:not([hidden]) [data-row-list] select");
    const talked = Array.from(pairs).map(function (select) { return select.value; });
    tiles().forEach(function (tile) {
      if ("visits" in tile.dataset) return;
      let presence = valueOf(tile).value;
      if ("open" in tile.dataset && presence === "unrecorded") {
        if (!talked.includes(tile.dataset.tile)) return;
        presence = "present";  // whoever talked took part, without a tap
      }
      numbers.expected += 1;
      numbers[presence] += 1;
      if (presence === "present" && "votes" in tile.dataset) voters += 1;
    });
    const recorded = numbers.expected - numbers.unrecorded;
    numbers.rate = recorded ? String(Math.round(numbers.present / recorded * 1000) / 10) + "%" : "—";
    numbers.guests = Array.from(form.querySelectorAll("[data-rows=guests] [data-row-list] input[name$=-name]"))
      .filter(function (input) { return input.value.trim(); }).length;
    Object.keys(numbers).forEach(function (name) {
      const cell = people.querySelector("[data-count=" + name + "]");
      if (cell) cell.textContent = numbers[name];
    });
    form.dataset.votersPresent = voters;
    people.querySelectorAll("details.open-seats").forEach(function (branch) {
      const seats = Array.from(branch.querySelectorAll("[data-tile]"));
      const named = seats.filter(function (tile) { return valueOf(tile).value !== "unrecorded"; });
      branch.querySelector("[data-named-of]").textContent = named.length + "/" + seats.length;
    });
  }

  function changed() {
    count();
    form.dispatchEvent(new CustomEvent("record:changed", { bubbles: true }));
  }

  people.addEventListener("click", function (event) {
    const tile = event.target.closest("[data-tile]");
    const chip = event.target.closest("[data-reason]");
    if (tile) {
      const next = "open" in tile.dataset ? NEXT_OPEN : NEXT;
      const reason = set(tile, next[valueOf(tile).value]);
      if (reason) reason.focus();
      changed();
    } else if (chip) {
      const row = chip.closest("[data-exception]");
      row.querySelector("input").value = chip.textContent;
      press(row);
      changed();
    } else if (event.target.closest("[data-all-of]")) {
      const seats = Array.from(event.target.closest("details").querySelectorAll("[data-tile]"));
      const missing = seats.filter(function (one) { return valueOf(one).value === "unrecorded"; });
      if (missing.length) missing.forEach(function (one) { set(one, "present"); });
      else seats.forEach(function (one) { if (valueOf(one).value === "present") set(one, "unrecorded"); });
      changed();
    } else if (event.target.closest("[data-rest]")) {
      setByRest = tiles().filter(function (one) {
        return valueOf(one).value === "unrecorded" && !("visits" in one.dataset) && !("open" in one.dataset);
      });
      setByRest.forEach(function (one) { set(one, "present"); });
      people.querySelector("[data-rest-undo]").hidden = !setByRest.length;
      changed();
    } else if (event.target.closest("[data-rest-undo]")) {
      setByRest.forEach(function (one) { if (valueOf(one).value === "present") set(one, "unrecorded"); });
      people.querySelector("[data-rest-undo]").hidden = true;
      people.querySelector("[data-rest]").focus();
      changed();
    }
  });

  people.addEventListener("input", function (event) {
    const row = event.target.closest("[data-exception]");
    if (row) press(row);
  });

  // Enter and Escape lead from the reason back to the name it belongs to.
  people.addEventListener("keydown", function (event) {
    const row = event.target.closest("[data-exception]");
    if (!row || !event.target.matches("input") || (event.key !== "Enter" && event.key !== "Escape")) return;
    people.querySelector("[data-tile='" + row.dataset.exception + "']").focus();
  });

  // When the people are listed anew, what was tapped while the answer was on its way is not lost.
  let kept = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target !== people) return;
    kept = tiles().map(function (tile) {
      const row = exceptionOf(tile.dataset.tile);
      return [tile.dataset.tile, valueOf(tile).value, row ? row.querySelector("input").value : ""];
    });
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target !== people) return;
    kept.forEach(function (entry) {
      const tile = people.querySelector("[data-tile='" + entry[0] + "']");
      if (!tile || entry[1] === "unrecorded") return;
      exceptionOf(entry[0]).querySelector("input").value = entry[2];
      set(tile, entry[1]);
    });
    start();
  });

  function start() {
    tiles().forEach(function (tile) { if (!exceptionOf(tile.dataset.tile).hidden) set(tile, valueOf(tile).value); });
    count();
  }
  form.addEventListener("input", function (event) { if (event.target.name && event.target.name.startsWith("guests-")) count(); });
  form.addEventListener("change", function (event) { if (event.target.closest("#talks, #kinds")) count(); });
  form.addEventListener("rows:removed", count);
  start();
})();
