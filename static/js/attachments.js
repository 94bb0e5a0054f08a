// Files are sent as soon as they are chosen or dropped; a record not saved yet is saved first.
"use strict";
(function () {
  const form = document.getElementById("record");
  const uploads = document.querySelector("[data-uploads]");
  if (!form || !uploads) return;
  const list = document.getElementById("attachment-list");
  const state = document.querySelector("[data-upload-state]");

  function send(input) {
    if (!input.files.length) return;
    const asked = { saved: Promise.resolve() };
    state.textContent = uploads.dataset.sending;
    if (!form.dataset.attach) form.dispatchEvent(new CustomEvent("record:save", { detail: asked }));
    asked.saved.then(function () {
      // Not saved, for want of a day or a line: the files stay chosen and go with the form.
      if (!form.dataset.attach) { state.textContent = ""; return null; }
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      Array.from(input.files).forEach(function (file) { data.append(input.name, file); });
      return fetch(form.dataset.attach, { method: "POST", body: data, headers: { "HX-Request": "true" } })
        .then(function (response) {
          if (response.status === 401) document.dispatchEvent(new CustomEvent("session:lost"));
          if (!response.ok || response.redirected) throw new Error(String(response.status));
          return response.text();
        })
        .then(function (html) {
          list.innerHTML = html;
          if (window.htmx) window.htmx.process(list);
          input.value = "";
          state.textContent = "";
          form.dispatchEvent(new CustomEvent("record:checked", { bubbles: true }));
        });
    }).catch(function () { state.textContent = uploads.dataset.failed; });
  }

  uploads.addEventListener("change", function (event) { if (event.target.type === "file") send(event.target); });
  ["dragover", "dragleave", "drop"].forEach(function (name) {
    uploads.addEventListener(name, function (event) {
      const zone = event.target.closest("[data-drop]");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("is-over", name === "dragover");
      if (name !== "drop" || !event.dataTransfer.files.length) return;
      const input = zone.querySelector("input");
      input.files = event.dataTransfer.files;
      send(input);
    });
  });
})();
