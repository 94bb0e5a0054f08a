// A form is sent once: the second click on a slow line must not write twice.
"use strict";
document.addEventListener("submit", function (event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "true";
  window.setTimeout(function () { delete form.dataset.sent; }, 5000);
});
window.addEventListener("pageshow", function () {
  document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
});
