// The time-out loses no input. Before a form is sent the session is asked for; without one the user signs in again in a
// dialog and the form goes its way, with everything typed and chosen. A bar warns before the time is up.
// Other scripts: dispatch "session:lost" on document after a 401; "session:restored" comes back once signed in again.
// Requests a script makes by itself carry the header X-Background, so that they do not keep the session alive.
"use strict";
(function () {
  const data = document.querySelector("[data-session]");
  const dialog = document.querySelector("[data-session-dialog]");
  const bar = document.querySelector("[data-session-bar]");
  if (!data || !dialog || !dialog.showModal || !window.fetch) return;
  const settings = data.dataset;
  const cleared = new WeakSet();
  const asking = new WeakSet();
  let waiting = [];
  let deadline = Date.now() + settings.seconds * 1000;
  let timer = 0;
  let touched = 0;
  let token = "";

  function ask(headers) {
    return fetch(settings.url, { headers: headers, credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(learn);
  }

  function askQuietly() {
    return ask({ "X-Background": "1" });
  }

  function learn(state) {
    token = state.csrf;
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach(function (input) { input.value = state.csrf; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": state.csrf }));
    if (state.user === settings.user) prolong(state.seconds);
    return state;
  }

  // --- forms -------------------------------------------------------------------------------------------------------
  document.addEventListener("submit", function (event) {
    const form = event.target;
    const address = new URL(event.submitter && event.submitter.formAction || form.action, location.href);
    if (form.method !== "post" || dialog.contains(form) || address.pathname === settings.signOut) return;
    if (cleared.has(form)) {
      cleared.delete(form);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking.has(form)) return;
    asking.add(form);
    const submitter = event.submitter;
    withSession(function () {
      cleared.add(form);
      send(form, submitter);
      // A browser that finds the form invalid sends no event; it must be asked about again next time.
      window.setTimeout(function () { cleared.delete(form); }, 0);
    }).finally(function () { asking.delete(form); });
  }, true);

  function send(form, submitter) {
    if (form.requestSubmit) {
      form.requestSubmit(submitter && submitter.form === form ? submitter : undefined);
      return;
    }
    if (submitter && submitter.name) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = submitter.name;
      input.value = submitter.value;
      form.append(input);
    }
    if (submitter && submitter.hasAttribute("formaction")) form.action = submitter.formAction;
    form.submit();
  }

  function withSession(act) {
    return askQuietly().then(function (state) {
      if (state.user === settings.user) act();
      else open(act, state.user ? settings.other : "");
    }, function () { open(act, settings.unreachable); });
  }

  // --- htmx --------------------------------------------------------------------------------------------------------
  document.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status !== 401) return;
    const sent = event.detail.requestConfig;
    withSession(function () {
      // Signing in has changed the token that was sent with the form.
      if (sent.verb !== "get") sent.unfilteredParameters.csrfmiddlewaretoken = token;
      window.htmx.ajax(sent.verb, sent.path, { source: sent.elt, target: sent.target, values: sent.unfilteredParameters });
    });
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful && !event.detail.requestConfig.headers["X-Background"]) prolong(settings.seconds);
  });
  document.addEventListener("session:lost", function () {
    withSession(function () { document.dispatchEvent(new CustomEvent("session:restored")); });
  });

  // --- dialog ------------------------------------------------------------------------------------------------------
  const form = dialog.querySelector("form");
  const problem = dialog.querySelector("[data-session-problem]");

  function open(act, text) {
    if (act) waiting.push(act);
    tell(text);
    if (!dialog.open) dialog.showModal();
    form.elements.password.focus();
  }

  function tell(text) {
    problem.textContent = text || "";
    problem.hidden = !text;
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    event.stopPropagation();
    fetch(settings.url, { method: "POST", body: new FormData(form), credentials: "same-origin" }).then(function (answer) {
      const isJson = (answer.headers.get("Content-Type") || "").includes("json");
      return isJson ? answer.json() : askQuietly().then(function () { return { error: settings.unreachable }; });
    }).then(function (state) {
      form.elements.password.value = "";
      if (state.error) {
        tell(state.error);
        form.elements.password.focus();
        return;
      }
      learn(state);
      const acts = waiting;
      waiting = [];
      dialog.close();
      acts.forEach(function (act) { act(); });
    }).catch(function () { tell(settings.unreachable); });
  });
  dialog.addEventListener("close", function () { waiting = []; });

  // --- warning -----------------------------------------------------------------------------------------------------
  function prolong(seconds) {
    deadline = Date.now() + seconds * 1000;
    bar.hidden = true;
    plan();
  }

  function plan() {
    window.clearTimeout(timer);
    const left = deadline - Date.now();
    const wait = left > settings.warn * 1000 ? left - settings.warn * 1000 : Math.max(left, 1000);
    timer = window.setTimeout(look, Math.min(wait, 2147483647));
  }

  ["keydown", "pointerdown"].forEach(function (name) {
    document.addEventListener(name, function () { touched = Date.now(); }, { capture: true, passive: true });
  });

  // Another window may have prolonged the session since; and who has been typing until now is not idle.
  function look() {
    const isAtWork = Date.now() - touched < settings.atWork * 1000;
    (isAtWork ? ask({}) : askQuietly()).then(function (state) {
      if (state.user !== settings.user) show(true);
      else if (state.seconds <= settings.warn) show(false);
    }, function () { timer = window.setTimeout(look, 30000); });
  }

  function show(over) {
    bar.querySelector("[data-session-soon]").hidden = over;
    bar.querySelector("[data-session-over]").hidden = !over;
    bar.hidden = false;
  }

  bar.querySelector("[data-session-stay]").addEventListener("click", function () {
    ask({}).then(function (state) {
      if (state.user !== settings.user) open(null, "");
    }, function () { open(null, settings.unreachable); });
  });
  bar.querySelector("[data-session-sign-in]").addEventListener("click", function () { open(null, ""); });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && Date.now() > deadline - settings.warn * 1000) look();
  });
  plan();
})();
