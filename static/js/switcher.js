// The organisation switcher: filters the list it was given and takes the arrow keys.
"use strict";
(function () {
  const panel = document.querySelector("[data-switcher]");
  if (!panel) return;

  function focusInput() {
    const input = panel.querySelector("[data-switcher-input]");
    if (input && panel.classList.contains("show")) input.focus();
  }

  panel.parentElement.addEventListener("shown.bs.dropdown", focusInput);
  panel.addEventListener("htmx:afterSwap", focusInput);

  panel.addEventListener("input", function (event) {
    if (!event.target.matches("[data-switcher-input]") || event.target.dataset.switcherInput === "remote") return;
    const wanted = event.target.value.trim().toLowerCase();
    let shown = 0;
    panel.querySelectorAll("[data-switcher-item]").forEach(function (item) {
      const hit = item.dataset.switcherItem.toLowerCase().includes(wanted);
      item.hidden = !hit;
      if (hit) shown += 1;
    });
    panel.querySelector("[data-switcher-none]").hidden = shown > 0;
  });

  // Bootstrap's own arrow keys know nothing of a search box inside the menu.
  panel.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = Array.from(panel.querySelectorAll("[data-switcher-input], [data-switcher-item]:not([hidden]) a"));
    const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (stops[next]) stops[next].focus();
    event.preventDefault();
    event.stopPropagation();
  });
})();
