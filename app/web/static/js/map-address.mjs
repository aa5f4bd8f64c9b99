// The address holds the state: the form, the legend and the panel follow it, also when one goes back.

const FIELDS = ["q", "kind", "flow_kind", "park", "status", "min_eur", "plan"];
const TARGET = { target: "#results", swap: "outerHTML" };

/** Ask for the part of an address and let the server say what the address bar shows. */
export function open(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return window.htmx.ajax("GET", `${location.pathname}?${query}`, TARGET);
}

export function followAddress() {
  const form = document.getElementById("filters");
  const panes = document.querySelector(".panes");
  let tableOpen = false;
  let before = results().dataset.query;

  // Back and forward change the list and keep the map where it is.
  document.addEventListener("htmx:before:history:restore", (event) => {
    if (!event.detail.path.split("?")[0].endsWith(location.pathname)) return;
    event.preventDefault();
    window.htmx.ajax("GET", event.detail.path, { ...TARGET, request: { headers: { "HX-Request": "true", "X-Going-Back": "1" } } });
  });
  // The table is long: it is fetched once it is opened. This event does not bubble.
  document.addEventListener("toggle", ({ target }) => {
    const link = target.id === "table-box" && target.open && document.getElementById("table-link");
    if (link) window.htmx.ajax("GET", link.href, { target: "#sites-table", swap: "outerHTML" });
  }, true);
  // What the reader has opened stays open.
  document.addEventListener("htmx:before:swap", () => {
    tableOpen = document.getElementById("table-box")?.open ?? false;
  });
  document.addEventListener("htmx:after:swap", () => {
    const { query } = results().dataset;
    if (query === before) return;
    before = query;
    const asked = new URLSearchParams(query);
    if (document.activeElement !== form.elements.q) for (const name of FIELDS) set(form, name, asked.get(name) ?? "");
    else for (const name of ["kind", "flow_kind"]) set(form, name, asked.get(name) ?? "");
    for (const key of document.querySelectorAll("[data-key]")) press(key, asked.get(key.dataset.key) ?? "");
    const box = document.getElementById("table-box");
    if (box && tableOpen) box.open = true;
    reveal(panes, asked);
  });
}

function results() {
  return document.getElementById("results");
}

function set(form, name, value) {
  const field = [...form.querySelectorAll(`[name=${name}]`)][0];
  if (field && field.value !== value) field.value = value;
}

function press(key, chosen) {
  const codes = new Set(chosen.split(",").filter(Boolean));
  key.setAttribute("aria-pressed", String(codes.has(key.dataset.code)));
  if (!codes.delete(key.dataset.code)) codes.add(key.dataset.code);
  key.value = [...codes].sort().join(",");
}

/** Bring what was opened to the reader: the sheet of a phone rises, the focus follows a link that is gone. */
function reveal(panes, asked) {
  const title = document.querySelector("#picked, #picked-flow, #picked-synergy");
  const selects = asked.has("site") || asked.has("flow") || asked.has("synergy");
  if (selects && panes.dataset.shown === "map") panes.dataset.shown = "half";
  else if (!selects && panes.dataset.shown === "half") panes.dataset.shown = "map";
  if (!title) return;
  if (document.activeElement === document.body) title.focus({ preventScroll: true });
  title.scrollIntoView({ block: "nearest" });
}
