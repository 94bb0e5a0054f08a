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
// An answer to what a script asks by itself, such as the end of some work, must not load the page anew under a click.
["htmx:beforeRequest", "htmx:beforeOnLoad"].forEach(function (name) {
  document.addEventListener(name, function (event) {
    const isBackground = event.detail.requestConfig && event.detail.requestConfig.headers["X-Background"];
    if (isBackground && document.querySelector("form[data-sent]")) event.preventDefault();
  });
});
