// One tick chooses all: of a group ([data-all] in its tbody) or of a form ([data-all-of="its id"]).
"use strict";
(function () {
  function boxes(scope) { return Array.from(scope.querySelectorAll("input[type=checkbox]:not([data-all])")); }
  function reflect() {
    document.querySelectorAll("[data-select-all] tbody").forEach(function (group) {
      const all = group.querySelector("[data-all]");
      if (all) all.checked = boxes(group).every(function (box) { return box.checked; });
    });
    document.querySelectorAll("[data-all-of]").forEach(function (all) {
      all.checked = boxes(document.getElementById(all.dataset.allOf)).every(function (box) { return box.checked; });
    });
  }
  document.addEventListener("change", function (event) {
    const all = event.target.closest("[data-all], [data-all-of]");
    if (all) {
      const scope = all.dataset.allOf ? document.getElementById(all.dataset.allOf) : all.closest("tbody");
      boxes(scope).forEach(function (box) { box.checked = all.checked; });
    }
    reflect();
  });
})();
