// What every map begins with: its background, its controls, colours that follow the page.

import { easeMoves } from "./map-ease.mjs";
import { arrow, backgroundStyle } from "./map-style.mjs";

export const WHERE_ALL_BEGINS = { center: [2.5, 46.6], zoom: 4.6 };

export async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** A map in its place; `dress` puts on what lies over the background, again after each change of style. */
export function newMap(library, place, options, dress) {
  const { tiles = "", credit = "", background } = place.dataset;
  const ownStyle = () => (tiles && !tiles.includes("{z}") ? tiles : backgroundStyle(background, tiles, credit));
  library.setWorkerUrl(place.dataset.worker);
  const map = new library.Map({ container: place, style: ownStyle(), ...options, attributionControl: { compact: true }, dragRotate: false, pitchWithRotate: false, fadeDuration: 0 });
  map.touchZoomRotate.disableRotation();
  map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new library.ScaleControl({ unit: "metric" }), "bottom-right");
  map.getCanvas().setAttribute("aria-label", place.dataset.label);
  place.mapOfSites = map;
  map.on("style.load", () => dress(map, !tiles));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => map.setStyle(ownStyle(), { diff: false }));
  easeMoves(map);
  return map;
}

/** Put sources, layers and the arrow head on a map that lacks them; what is known fills its source at once. */
export function put(map, sources, layers, known) {
  if (!map.hasImage("arrow")) map.addImage("arrow", arrow(), { sdf: true });
  for (const [id, source] of Object.entries(sources)) if (!map.getSource(id)) map.addSource(id, known[id] ? { ...source, data: known[id] } : source);
  for (const layer of layers) if (!map.getLayer(layer.id)) map.addLayer(layer);
}

/** Say in the place of a map that there is none, and why to whoever looks. */
export function sayAbsent(place, error) {
  console.error(error);
  place.replaceChildren(Object.assign(document.createElement("p"), { className: "map-absent", textContent: place.dataset.absent }));
}
