// The page of the map: data fetched once, narrowed by what the list says it shows.

import { followAddress, open as ask } from "./map-address.mjs";
import { fetched, newMap, put, sayAbsent, WHERE_ALL_BEGINS } from "./map-common.mjs";
import { glyphFeatures, lineFeatures, numbersOf, parkFeatures, routeFeatures, siteFeatures } from "./map-data.mjs";
import { glyphImages, PIXEL_RATIO } from "./map-glyphs.mjs";
import { only, pageLayers, pageSources, PARK_ZOOM } from "./map-layers.mjs";
import { followPointer } from "./map-pointer.mjs";

// The legend lies over the left of the map.
const LEGEND_PX = 330;
const place = document.querySelector("[data-map]");
const phone = matchMedia("(max-width: 50rem)");
const results = () => document.getElementById("results");

followAddress(place);
if (phone.matches) document.getElementById("legend").open = false;
open().catch((error) => sayAbsent(place, error));

async function open() {
  // Both are on their way before the library is read.
  const [library, first] = await Promise.all([import(place.dataset.library), fetched(place.dataset.points)]);
  const state = { data: first, flows: null, lit: null, chosen: null };
  const options = { ...view(library, first), refreshExpiredTiles: false };
  const map = newMap(library, place, options, (fresh, withNames) => dress(fresh, state, withNames));
  document.addEventListener("htmx:after:swap", () => renew(map, state));
  map.on("zoomend", () => near(map, state));
  followPointer(map, library, place, state, (found) => pick(found, state));
  // Behind the list of a phone the map has no size at first.
  new ResizeObserver(() => map.resize()).observe(place);
}

/** Open in the panel what was pressed. */
function pick({ source, properties: { id, n } }, { data }) {
  const number = `~${data.digest}.${n}`;
  if (source === "sites") ask({ site: number, flow: "", synergy: "" });
  else if (source === "flows") ask({ site: "", flow: number, synergy: "" });
  else ask({ synergy: id });
}

/** Where the map opens: around what the address selects, else around all sites. */
function view(library, { sites }) {
  const of = results().dataset;
  const chosen = new Set(JSON.parse(of.lines || "[]").flatMap(([, , members]) => members));
  const alone = of.site || of.synergyChosen;
  const bounds = new library.LngLatBounds();
  for (const [n, lon] of sites.lon.entries()) {
    if (lon !== null && (!alone || chosen.has(n) || String(n) === of.number)) bounds.extend([lon, sites.lat[n]]);
  }
  return bounds.isEmpty() ? WHERE_ALL_BEGINS : { bounds, fitBoundsOptions: { padding: phone.matches ? 40 : { top: 60, right: 60, bottom: 60, left: LEGEND_PX }, maxZoom: PARK_ZOOM + 0.5 } };
}

function dress(map, state, withNames) {
  put(map, pageSources(), pageLayers(withNames), known(state));
  show(map, state);
  glyphImages(place.dataset.icons, place.dataset.kinds.split(" ")).then((images) => {
    for (const [name, image] of Object.entries(images)) {
      if (map.hasImage(name)) map.removeImage(name);
      map.addImage(name, image, { pixelRatio: PIXEL_RATIO });
    }
    near(map, state);
  });
}

/** What each source holds, as far as it was fetched. */
function known({ data, flows }) {
  const found = { sites: siteFeatures(data), parks: parkFeatures(data), communes: { type: "FeatureCollection", features: data.communes } };
  return flows ? { ...found, flows: glyphFeatures(flows, data, place.dataset.kinds.split(" ")) } : found;
}

/** Fetch the flows the first time somebody comes near enough to see them. */
async function near(map, state) {
  if (state.flows || state.fetching || map.getZoom() < PARK_ZOOM - 1) return;
  state.fetching = true;
  try {
    state.flows = await fetched(place.dataset.flows);
    map.getSource("flows").setData(known(state).flows);
    place.dataset.near = String(state.flows.site.length);
  } finally {
    state.fetching = false;
  }
}

/** Follow the list: fetch again only when something was stored meanwhile, since numbers then mean others. */
async function renew(map, state) {
  if (!map.getSource("sites")) return;
  if (results().dataset.digest !== state.data.digest) {
    state.data = await fetched(place.dataset.points);
    state.flows = null;
    for (const [id, content] of Object.entries(known(state))) map.getSource(id).setData(content);
    near(map, state);
  }
  show(map, state);
}

/** Show what the list shows: filters over what is there, lines of the list, the site selected. */
function show(map, state) {
  const of = results().dataset;
  const sites = numbersOf(of.sites);
  map.setFilter("sites", only(sites));
  map.setFilter("site-names", only(sites));
  map.setFilter("glyphs", only(numbersOf(of.flows)));
  const lines = lineFeatures(JSON.parse(of.lines), state.data);
  map.getSource("synergies").setData(lines);
  map.getSource("routes").setData(routeFeatures(JSON.parse(of.routes)));
  if (state.chosen !== null) map.removeFeatureState({ source: "sites", id: state.chosen });
  state.chosen = of.number === "" ? null : Number(of.number);
  if (state.chosen !== null) map.setFeatureState({ source: "sites", id: state.chosen }, { chosen: true });
  place.dataset.ready = String(lines.features.length);
  place.dataset.sites = String(sites === null ? state.data.sites.name.length : sites.length);
}
