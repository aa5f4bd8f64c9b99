// The form of a diagnostic: what it does beside its fields and buttons, which work without it.

import { follow } from "./diagnostic-combobox.mjs";
import { openPicker } from "./diagnostic-place.mjs";

const PAUSE_MS = 800;
const AGAIN_MS = 10_000;
const form = document.getElementById("diagnostic");
const kept = document.getElementById("kept");
const said = document.getElementById("said");

// Drafts: kept after a pause, and when the page is left or put aside.
const draft = { dirty: false, timer: 0, sending: null, done: false };

function later(delay = PAUSE_MS) {
  clearTimeout(draft.timer);
  draft.timer = setTimeout(keep, delay);
}

async function keep() {
  if (draft.done || !draft.dirty) return;
  if (draft.sending) return later();
  draft.dirty = false;
  draft.sending = new AbortController();
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "HX-Request": "true" },
      signal: draft.sending.signal,
    });
    // Signed out meanwhile: the answer would lead to the sign-in page, and has kept nothing.
    if (!answer.ok || answer.headers.has("HX-Redirect")) throw new Error(String(answer.status));
    const text = (await answer.text()).trim();
    if (text) kept.textContent = text;
  } catch {
    if (draft.done) return;
    draft.dirty = true;
    kept.textContent = form.dataset.unsaved;
    later(AGAIN_MS);
  } finally {
    draft.sending = null;
  }
}

form.addEventListener("input", () => {
  draft.dirty = true;
  later();
});
addEventListener("online", () => later(0));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || draft.done || !draft.dirty) return;
  // A page that is being closed waits for no answer.
  if (navigator.sendBeacon(form.dataset.draft, new URLSearchParams(new FormData(form)))) draft.dirty = false;
});
form.addEventListener("submit", (event) => {
  if (draft.done) event.preventDefault();
  draft.done = true;
  clearTimeout(draft.timer);
  draft.sending?.abort();
});
// Back from the next page: the form is there again, as it was.
addEventListener("pageshow", (event) => {
  if (event.persisted) draft.done = false;
});

// The key Enter leads to the next field: on a phone it would send the form before it is whole.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  const question = event.target.closest(".question");
  if (event.target.id === "siret") document.getElementById("look-up")?.click();
  else if (question) question.querySelector("button").click();
  else nextField(event.target)?.focus();
});

function nextField(from) {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((one) => one.offsetParent);
  return fields[fields.indexOf(from) + 1];
}

// Flows: each that is asked for has a number of its own, also before the one before has come.
let last = Math.max(0, ...[...document.querySelectorAll(".flow-card")].map((card) => Number(card.dataset.number)));

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement.matches?.("[data-adds]")) {
    last += 1;
    ctx.request.body.set("numero", String(last));
  }
});

document.addEventListener("click", (event) => {
  const adds = event.target.closest("[data-adds]");
  const removes = event.target.closest("[data-removes]");
  if (adds) added(adds);
  if (removes) {
    event.preventDefault();
    removes.closest(".flow-card").remove();
    document.getElementById("flows-title").focus();
    changed();
  }
});

/** Say that the form has changed without a key having been pressed in it. */
function changed() {
  form.dispatchEvent(new Event("input"));
}

function added(button) {
  const question = button.closest(".question");
  if (!question) {
    document.addEventListener("htmx:after:swap", () => {
      const card = document.querySelector("#flows > :last-child");
      card?.querySelector("[role=combobox]")?.focus();
    }, { once: true });
    return;
  }
  said.textContent = button.dataset.said;
  const list = [...document.querySelectorAll(".question")];
  const place = list.indexOf(question);
  const next = list[place + 1] ?? list[place - 1];
  (next?.querySelector("input") ?? document.getElementById("flows-title")).focus({ preventScroll: true });
}

document.addEventListener("htmx:after:swap", (event) => {
  const { sourceElement } = event.detail.ctx;
  if (sourceElement.matches?.("[data-adds], #look-up, [name=action]") || sourceElement.id === "site") changed();
  if (sourceElement.id === "site") document.querySelector("#site input:not([type=hidden])")?.focus({ preventScroll: true });
});

follow(form);
openPicker(form);
