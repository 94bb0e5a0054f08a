// Rows that can be added and taken away (agenda items, lectures, attendees), and the votes of an item.
"use strict";
(function () {
  const form = document.getElementById("record");
  if (!form) return;

  function renumber(block) {
    block.querySelectorAll("[data-row-list] [data-number]").forEach(function (number, index) { number.textContent = index + 1; });
  }

  function add(block) {
    const total = block.querySelector("input[name$=-TOTAL_FORMS]");
    const most = Number(block.querySelector("input[name$=-MAX_NUM_FORMS]").value);
    if (Number(total.value) >= most) return;
    const holder = document.createElement("template");
    holder.innerHTML = block.querySelector("[data-row-template]").innerHTML.replaceAll("__prefix__", total.value);
    const row = holder.content.firstElementChild;
    block.querySelector("[data-row-list]").append(row);
    total.value = Number(total.value) + 1;
    renumber(block);
    form.dispatchEvent(new CustomEvent("rows:added"));
    row.querySelector("input:not([type=hidden]):not([type=checkbox]), select, textarea").focus();
  }

  function remove(button) {
    const block = button.closest("[data-rows]");
    const row = button.closest("[data-row]");
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove();
    renumber(block);
    (next ? next.querySelector("input:not([type=hidden])") : block.querySelector("[data-add-row]")).focus();
    form.dispatchEvent(new CustomEvent("rows:removed"));
    form.dispatchEvent(new CustomEvent("record:changed", { bubbles: true }));
  }

  form.addEventListener("click", function (event) {
    const adder = event.target.closest("[data-add-row]");
    const remover = event.target.closest("[data-remove-row]");
    if (adder) add(adder.closest("[data-rows]"));
    else if (remover) remove(remover);
  });

  // Only one item is the first one. A vote begins with everybody present who has one.
  form.addEventListener("change", function (event) {
    const field = event.target;
    if (field.name && field.name.endsWith("-is_first_item") && field.checked) {
      form.querySelectorAll("input[name$=-is_first_item]").forEach(function (other) { if (other !== field) other.checked = false; });
    }
    if (field.name && field.name.endsWith("-vote_rule") && field.value !== "none") {
      const votes = field.closest("[data-votes-of]");
      const given = { votes_for: form.dataset.votersPresent || "", votes_against: "0", abstentions: "0" };
      Object.keys(given).forEach(function (name) {
        const input = votes.querySelector("input[name$=-" + name + "]");
        if (!input.value) input.value = given[name];
      });
    }
    showVotes();
  });

  function showVotes() {
    form.querySelectorAll("[data-votes-of]").forEach(function (votes) {
      const voted = votes.querySelector("select").value !== "none";
      votes.querySelectorAll(".field:not(:first-child)").forEach(function (field) { field.hidden = !voted; });
    });
  }
  form.addEventListener("rows:added", showVotes);
  showVotes();
})();
