// A message goes when it is closed by hand; it never leaves by itself.
"use strict";
document.addEventListener("click", function (event) {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  button.closest("[data-dismissable]").remove();
  document.getElementById("main").focus();
});
