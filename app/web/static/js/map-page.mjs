// The page of the map: data fetched once, narrowed by what the list says it shows.

import { followAddress } from "./map-address.mjs";
import { glyphFeatures, lineFeatures, numbersOf, parkFeatures, routeFeatures, siteFeatures } from "./map-data.mjs";
import { glyphImages, PIXEL_RATIO } from "./map-glyphs.mjs";
import { only, pageLayers, pageSources, PARK_ZOOM } from "./map-layers.mjs";
import { followPointer } from "./map-pointer.mjs";
import { arrow, backgroundStyle } from "./map-style.mjs";

const WHERE_ALL_BEGINS = { center: [2.5, 46.6], zoom: 4.6 };
// The legend lies over the left of the map.
const LEGEND_PX = 330;
const place = document.querySelector("[data-map]");
const phone = matchMedia("(max-width: 50rem)");
const results = () => document.getElementById("results");

followAddress(place);
if (phone.matches) document.getElementById("legend").open = false;
open().catch((error) => {
  console.error(error);
  place.replaceChildren(Object.assign(document.createElement("p"), { className: "map-absent", textContent: place.dataset.absent }));
});

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function open() {
  const { tiles, credit, background, points } = place.dataset;
  const ownStyle = () => (tiles && !tiles.includes("{z}") ? tiles : backgroundStyle(background, tiles, credit));
  // Both are on their way before the library is read.
  const [library, first] = await Promise.all([import(place.dataset.library), fetched(points)]);
  library.setWorkerUrl(place.dataset.worker);
  const map = new library.Map({ container: place, style: ownStyle(), ...view(library, first), attributionControl: { compact: true }, dragRotate: false, pitchWithRotate: false, fadeDuration: 0, refreshExpiredTiles: false });
  map.touchZoomRotate.disableRotation();
  map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new library.ScaleControl({ unit: "metric" }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", place.dataset.label);
  place.mapOfSites = map;
  const state = { data: first, flows: null, lit: null, chosen: null };
  map.on("style.load", () => dress(map, state, !tiles));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setStyle(ownStyle(), { diff: false }));
  document.addEventListener("htmx:after:swap", () => renew(map, state));
  map.on("zoomend", () => near(map, state));
  followPointer(map, library, place, state);
  // Behind the list of a phone the map has no size at first.
  new ResizeObserver(() => map.resize()).observe(place);
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
  if (!map.hasImage("arrow")) map.addImage("arrow", arrow(), { sdf: true });
  for (const [id, source] of Object.entries(pageSources())) if (!map.getSource(id)) map.addSource(id, source);
  for (const layer of pageLayers(withNames)) if (!map.getLayer(layer.id)) map.addLayer(layer);
  fill(map, state);
  show(map, state);
  glyphImages(place.dataset.icons, place.dataset.kinds.split(" ")).then((images) => {
    for (const [name, image] of Object.entries(images)) {
      if (map.hasImage(name)) map.removeImage(name);
      map.addImage(name, image, { pixelRatio: PIXEL_RATIO });
    }
    near(map, state);
  });
}

function fill(map, state) {
  map.getSource("sites").setData(siteFeatures(state.data));
  map.getSource("parks").setData(parkFeatures(state.data));
  map.getSource("communes").setData({ type: "FeatureCollection", features: state.data.communes });
  if (state.flows) fillFlows(map, state);
}

function fillFlows(map, state) {
  map.getSource("flows").setData(glyphFeatures(state.flows, state.data, place.dataset.kinds.split(" ")));
  place.dataset.near = String(state.flows.site.length);
}

/** Fetch the flows the first time somebody comes near enough to see them. */
async function near(map, state) {
  if (state.flows || state.fetching || map.getZoom() < PARK_ZOOM - 1) return;
  state.fetching = true;
  try {
    state.flows = await fetched(place.dataset.flows);
    fillFlows(map, state);
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
    fill(map, state);
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
