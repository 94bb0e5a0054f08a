// Saves the form by itself a while after a change; the first time that makes the draft. Says when, and when it could not.
"use strict";
(function () {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const state = document.getElementById("autosave-state");
  const pause = Number(form.dataset.every) * 1000;
  let dirty = form.hasAttribute("data-conflict");
  let stopped = form.hasAttribute("data-conflict");
  let timer = null;
  let running = null;
  let leaving = false;

  function say(text, sign) {
    state.textContent = text;
    state.className = sign || "";
  }

  function touched(event) {
    if (event.target.type === "file") return;
    dirty = true;
    if (stopped) return;
    if (!timer) timer = window.setTimeout(save, pause);
  }

  function save() {
    window.clearTimeout(timer);
    timer = null;
    if (running) return running;
    if (!dirty || stopped) return Promise.resolve();
    const data = new FormData(form);
    Array.from(data.keys()).forEach(function (name) { if (name.startsWith("files-")) data.delete(name); });
    data.set("intent", "autosave");
    dirty = false;
    say(form.dataset.saving);
    running = fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true", "X-Background": "1", Accept: "application/json" } })
      .then(answered)
      .catch(function () {
        dirty = true;
        say(form.dataset.offline, "sign-warn");
        timer = window.setTimeout(save, pause);
      })
      .finally(function () { running = null; });
    return running;
  }

  function answered(response) {
    const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
    if (response.status === 401 || response.redirected || !isJson) {
      dirty = true;
      say(form.dataset.signedOut, "sign-warn");
      document.dispatchEvent(new CustomEvent("session:lost"));
      return null;
    }
    return response.json().then(function (answer) {
      if (answer.saved) {
        form.elements.version.value = answer.version;
        form.action = answer.url;
        form.dataset.attach = answer.attach;
        form.elements.activity.value = answer.pk;
        if (window.location.pathname !== answer.url) window.history.replaceState(null, "", answer.url);
        say(answer.saved, "sign-ok");
        return;
      }
      dirty = true;
      stopped = Boolean(answer.conflict);
      say(answer.conflict || answer.error, "sign-warn");
    });
  }

  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("record:changed", touched);
  document.addEventListener("session:restored", save);
  form.addEventListener("record:save", function (event) {
    dirty = true;
    event.detail.saved = save();
  });
  // Sent by hand while it is being saved by itself: wait for the answer, else the same form would be written twice.
  form.addEventListener("submit", function (event) {
    if (running) {
      const button = event.submitter;
      event.preventDefault();
      running.finally(function () { form.requestSubmit(button); });
      return;
    }
    window.clearTimeout(timer);
    leaving = true;
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty && !leaving) event.preventDefault();
  });
  window.addEventListener("pageshow", function () { leaving = false; });
})();
