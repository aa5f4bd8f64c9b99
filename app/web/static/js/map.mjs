// The small map of the first page and of a plan: sites sized by worth, and the synergies between them.

import { fetched, newMap, put, sayAbsent, WHERE_ALL_BEGINS } from "./map-common.mjs";
import { followPointer } from "./map-pointer.mjs";
import { overlayLayers, overlaySources, radiusOf } from "./map-style.mjs";

openAll();
// A plan brings its map with it, once it is ready.
document.addEventListener("htmx:after:swap", openAll);

function openAll() {
  for (const place of document.querySelectorAll("[data-map]:not([data-opened])")) {
    place.dataset.opened = "";
    open(place);
  }
}

async function open(place) {
  try {
    await draw(place, await import(place.dataset.library));
  } catch (error) {
    sayAbsent(place, error);
  }
}

async function draw(place, library) {
  const state = { data: null, lit: null };
  const map = newMap(library, place, WHERE_ALL_BEGINS, (fresh, withNames) => {
    put(fresh, overlaySources(), overlayLayers(withNames), state.data ?? {});
  });
  state.data = prepared(await fetched(place.dataset.source));
  fill(map, state.data);
  // Nothing moves that the reader did not move: the view is chosen once.
  whenSeen(place, () => fit(map, library, state.data.sites.features));
  place.dataset.ready = String(state.data.synergies.features.length);
  followPointer(map, library, place, state, pick);
}

/** Go where what was pressed leads. */
function pick({ source, properties: { id, href } }) {
  // The map of a plan says where its features lead; an empty address leads nowhere.
  if (href !== undefined) {
    if (href) location.href = href;
  } else if (source === "sites") location.href = `/carte?site=${encodeURIComponent(id)}`;
  else location.href = `/synergies/${id}`;
}

function prepared(data) {
  const largest = Math.max(1, ...data.sites.features.map((site) => site.properties.worth));
  for (const { properties } of data.sites.features) properties.radius = radiusOf(properties.worth, largest);
  return data;
}

function fill(map, data) {
  for (const id of ["communes", "synergies", "sites"]) map.getSource(id)?.setData(data[id]);
}

/** Do something once the map has a size: on a phone it starts behind the list. */
function whenSeen(place, act) {
  if (place.offsetWidth) {
    act();
    return;
  }
  const watch = new ResizeObserver(() => {
    if (!place.offsetWidth) return;
    watch.disconnect();
    // The library follows the size in its own observer, at the same moment or just after.
    requestAnimationFrame(act);
  });
  watch.observe(place);
}

function fit(map, library, sites) {
  if (!sites.length) return;
  map.resize();
  const bounds = new library.LngLatBounds();
  for (const site of sites) bounds.extend(site.geometry.coordinates);
  map.fitBounds(bounds, { padding: 60, maxZoom: 13, animate: false });
}
