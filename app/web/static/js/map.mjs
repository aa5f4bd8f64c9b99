// The small map of the first page and of a plan: sites sized by worth, and the synergies between them.

import { arrow, backgroundStyle, overlayLayers, overlaySources, radiusOf } from "./map-style.mjs";

const WHERE_ALL_BEGINS = { center: [2.5, 46.6], zoom: 4.6 };

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
  let library;
  try {
    library = await import(place.dataset.library);
    library.setWorkerUrl(place.dataset.worker);
    await draw(place, library);
  } catch (error) {
    console.error(error);
    place.replaceChildren(Object.assign(document.createElement("p"), { className: "map-absent", textContent: place.dataset.absent }));
  }
}

async function draw(place, library) {
  const { tiles = "", credit = "" } = place.dataset;
  const ownStyle = () => (tiles && !tiles.includes("{z}") ? tiles : backgroundStyle(place.dataset.background, tiles, credit));
  const map = new library.Map({
    container: place,
    style: ownStyle(),
    ...WHERE_ALL_BEGINS,
    attributionControl: { compact: true },
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new library.ScaleControl({ unit: "metric" }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", place.dataset.label);
  place.mapOfSites = map;

  const state = { data: null, lit: null };
  const dress = () => {
    if (!map.hasImage("arrow")) map.addImage("arrow", arrow(), { sdf: true });
    for (const [id, source] of Object.entries(overlaySources())) if (!map.getSource(id)) map.addSource(id, source);
    for (const layer of overlayLayers(!tiles)) if (!map.getLayer(layer.id)) map.addLayer(layer);
    fill(map, state.data);
  };
  map.on("style.load", dress);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setStyle(ownStyle(), { diff: false }));

  const answer = await fetch(place.dataset.source, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  state.data = prepared(await answer.json());
  fill(map, state.data);
  // Nothing moves that the reader did not move: the view is chosen once.
  whenSeen(place, () => fit(map, library, state.data.sites.features));
  place.dataset.ready = String(state.data.synergies.features.length);
  listen(map, library, place, state);
}

function prepared(data) {
  const largest = Math.max(1, ...data.sites.features.map((site) => site.properties.worth));
  for (const { properties } of data.sites.features) properties.radius = radiusOf(properties.worth, largest);
  return data;
}

function fill(map, data) {
  if (!data) return;
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

function listen(map, library, place, state) {
  const popup = new library.Popup({ closeButton: false, closeOnClick: false, offset: 12 });
  const money = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 2, style: "currency", currency: "EUR", maximumFractionDigits: 0 });
  const worthOf = ({ worth }) => (worth ? `${place.dataset.about.replace("{amount}", money.format(worth))} ${place.dataset.perYear}` : place.dataset.unknown);

  const tell = (event, title, detail) => {
    const box = document.createElement("div");
    box.append(Object.assign(document.createElement("strong"), { textContent: title }));
    if (detail) box.append(Object.assign(document.createElement("div"), { textContent: detail }));
    popup.setLngLat(event.lngLat).setDOMContent(box).addTo(map);
    map.getCanvas().style.cursor = "pointer";
  };
  const light = (id) => {
    if (state.lit !== null) map.setFeatureState({ source: "synergies", id: state.lit }, { lit: false });
    if (id !== null) map.setFeatureState({ source: "synergies", id }, { lit: true });
    state.lit = id;
    for (const card of document.querySelectorAll("[data-synergy]")) card.classList.toggle("lit", card.dataset.synergy === id);
  };
  map.on("mousemove", (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["sites", "touch", "hulls"].filter((id) => map.getLayer(id)) });
    if (!found) {
      popup.remove();
      light(null);
      map.getCanvas().style.cursor = "";
    } else if (found.source === "sites") {
      light(null);
      tell(event, found.properties.name, worthOf(found.properties));
    } else {
      light(found.properties.id);
      tell(event, found.properties.name);
    }
  });
  map.on("click", (event) => {
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["sites", "touch", "hulls"].filter((id) => map.getLayer(id)) });
    if (!found) return;
    popup.remove();
    const { id, href } = found.properties;
    // The map of a plan says where its features lead; an empty address leads nowhere.
    if (href !== undefined) {
      if (href) location.href = href;
    } else if (found.source === "sites") location.href = `/carte?site=${encodeURIComponent(id)}`;
    else location.href = `/synergies/${id}`;
  });
  for (const type of ["mouseover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const card = event.target.closest?.("[data-synergy]");
      if (card && card.dataset.synergy !== state.lit) light(card.dataset.synergy);
    });
  }
}
