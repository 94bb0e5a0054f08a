// "/" focuses the search box; on phones a button unfolds it.
"use strict";
(function () {
  const search = document.querySelector(".search");
  const toggle = document.querySelector("[data-search-toggle]");
  if (!search) return;
  const input = search.querySelector("input");

  function unfold(open) {
    search.classList.toggle("is-open", open);
    if (toggle) toggle.setAttribute("aria-expanded", String(open));
  }

  if (toggle) {
    toggle.addEventListener("click", function () {
      const open = !search.classList.contains("is-open");
      unfold(open);
      if (open) input.focus();
    });
  }

  document.addEventListener("keydown", function (event) {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    unfold(true);
    input.focus();
  });
})();
