// Scores typed on a sheet are not left behind by accident, and a reason field grows with its text.
"use strict";
(function () {
  const form = document.querySelector("form[data-unsaved]");
  if (!form) return;
  let changed = Boolean(document.querySelector(".error-summary"));

  function grow(field) {
    field.style.height = "auto";
    field.style.height = field.scrollHeight + 2 + "px";
  }

  form.querySelectorAll("textarea").forEach(grow);
  form.addEventListener("input", function (event) {
    changed = true;
    if (event.target.matches("textarea")) grow(event.target);
  });
  form.addEventListener("submit", function () { changed = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!changed) return;
    event.preventDefault();
    event.returnValue = form.dataset.unsaved;
  });
})();
