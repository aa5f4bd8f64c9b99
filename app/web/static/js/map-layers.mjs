// What the map page draws beside the sites and lines that every map has: parks, rounds, flows.

import { MOST_GLYPHS } from "./map-data.mjs";
import { slotOffsets } from "./map-glyphs.mjs";
import { colours, overlayLayers, overlaySources } from "./map-style.mjs";

const FONT = ["system-ui"];
// From here on a park fills the screen: signs that have room are drawn, and three steps nearer all of them.
export const PARK_ZOOM = 13;

/** Every source over the background, empty at first. */
export function pageSources() {
  const empty = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return { ...overlaySources(), sites: { ...empty, promoteId: "n" }, parks: empty, routes: empty, flows: empty };
}

/** Every layer over the background, from the lowest to the highest. */
export function pageLayers(withNames) {
  const c = colours();
  const shade = ["match", ["get", "shade"], 0, c.ink, 1, c.loop, 2, c.mutualisation, c.substitution];
  const below = [
    { id: "park-areas", type: "fill", source: "parks", filter: ["!=", ["geometry-type"], "Point"], paint: { "fill-color": c.accent, "fill-opacity": 0.08 } },
    { id: "park-edges", type: "line", source: "parks", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": c.accent, "line-width": 1.4, "line-dasharray": [2, 2] } },
  ];
  const routes = [
    { id: "routes", type: "line", source: "routes", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": shade, "line-width": 3, "line-opacity": 0.8 } },
    { id: "route-arrows", type: "symbol", source: "routes", layout: { "symbol-placement": "line", "symbol-spacing": 90, "icon-image": "arrow", "icon-allow-overlap": true, "icon-size": 0.5 }, paint: { "icon-color": shade } },
  ];
  const above = [
    { id: "park-names", type: "symbol", source: "parks", minzoom: 9.5, filter: ["==", ["geometry-type"], "Point"], layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-max-width": 12 }, paint: { "text-color": c.accent, "text-halo-color": c.land, "text-halo-width": 1.6 } },
    { id: "glyphs", type: "symbol", source: "flows", minzoom: PARK_ZOOM, layout: { "icon-image": ["get", "glyph"], "icon-offset": slotOffsets(MOST_GLYPHS), "icon-allow-overlap": ["step", ["zoom"], false, PARK_ZOOM + 3, true], "icon-padding": 0, "symbol-sort-key": ["get", "slot"] } },
  ];
  const shared = overlayLayers(withNames).map((layer) => (layer.id === "site-names" ? named(layer) : layer));
  const lines = shared.findIndex((layer) => layer.id === "touch");
  return [...below, ...shared.slice(0, lines), ...routes, ...shared.slice(lines), ...above];
}

/** Names stand above their sites where signs stand below. */
function named(layer) {
  const layout = { ...layer.layout, "text-anchor": ["step", ["zoom"], "top", PARK_ZOOM, "bottom"], "text-offset": ["step", ["zoom"], ["literal", [0, 0.9]], PARK_ZOOM, ["literal", [0, -1.1]]] };
  return { ...layer, layout };
}

/** What keeps these numbers alone; everything for null. */
export function only(numbers) {
  if (numbers === null) return null;
  return numbers.length ? ["match", ["get", "n"], numbers, true, false] : ["==", 1, 0];
}
