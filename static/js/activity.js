// The form of a record: kinds open their parts, Enter never sends by accident, gaps are told to the field they belong to.
"use strict";
(function () {
  const form = document.getElementById("record");
  if (!form) return;

  function showBlocks() {
    const chosen = Array.from(form.querySelectorAll("#kinds input:checked"));
    const open = chosen.flatMap(function (kind) { return kind.dataset.blocks.split(" "); });
    form.querySelectorAll("[data-block]").forEach(function (block) {
      const wanted = open.includes(block.dataset.block);
      block.hidden = chosen.length ? !wanted : block.dataset.block !== "agenda";
    });
  }
  form.addEventListener("change", function (event) {
    if (event.target.closest("#kinds")) showBlocks();
  });

  // Ticks every branch, or when all are ticked none.
  form.addEventListener("click", function (event) {
    const button = event.target.closest("[data-choose]");
    if (!button) return;
    const boxes = Array.from(button.closest(".field").querySelectorAll("input[type=checkbox]"));
    const on = boxes.some(function (box) { return !box.checked; });
    boxes.forEach(function (box) { box.checked = on; });
    boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
  });

  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) event.preventDefault();
  });

  form.querySelectorAll("[data-gap-for]").forEach(function (gap) {
    const field = document.getElementById(gap.dataset.gapFor);
    if (!field || !field.matches("input, select, textarea")) return;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", gap.id);
  });

  // What has been mended is no longer called a gap.
  form.addEventListener("input", function (event) {
    const field = event.target;
    const gap = field.id && field.value && form.querySelector("[data-gap-for='" + field.id + "']");
    if (!gap) return;
    gap.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  });

  // A link to a field inside a closed part opens the part first, and takes the keyboard along.
  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target || !form.contains(target)) return;
    const part = target.closest("details");
    if (part) part.open = true;
    event.preventDefault();
    const stop = target.matches("legend") ? target.parentElement.querySelector("input") : target;
    stop.scrollIntoView({ block: "center" });
    stop.focus({ preventScroll: true });
  });
})();

// Lecturers: a list that takes several shows those chosen as tokens and adds one at a time.
(function () {
  const form = document.getElementById("record");
  if (!form) return;

  function enhance(select) {
    const field = select.closest("[data-token-field]");
    const tokens = document.createElement("div");
    tokens.className = "chips tokens";
    const adder = document.createElement("select");
    adder.className = "short";
    adder.setAttribute("aria-label", field.dataset.add);
    select.hidden = true;
    select.removeAttribute("data-tokens");
    select.after(tokens);

    function draw() {
      tokens.textContent = "";
      adder.textContent = "";
      adder.append(new Option(field.dataset.add, ""));
      Array.from(select.options).forEach(function (option) {
        if (!option.selected) return adder.append(new Option(option.text, option.value));
        const token = document.createElement("button");
        token.type = "button";
        token.className = "chip";
        token.textContent = option.text + " ×";
        token.setAttribute("aria-label", field.dataset.remove.replace("{name}", option.text));
        token.addEventListener("click", function () { choose(option.value, false); });
        tokens.append(token);
      });
      tokens.append(adder);
    }
    function choose(value, on) {
      Array.from(select.options).forEach(function (option) { if (option.value === value) option.selected = on; });
      draw();
      adder.focus();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    adder.addEventListener("change", function () { if (adder.value) choose(adder.value, true); });
    const label = field.querySelector("label");
    if (label) label.addEventListener("click", function (event) { event.preventDefault(); adder.focus(); });
    draw();
  }
  function enhanceAll() { form.querySelectorAll("select[data-tokens]").forEach(enhance); }
  form.addEventListener("rows:added", enhanceAll);
  enhanceAll();
})();
