// From the columns the server sends to what the map draws; numbers are places in those columns.

import { radiusOf } from "./map-style.mjs";

// Glyphs of a site beyond these would reach its neighbours; its panel holds all of them.
export const MOST_GLYPHS = 24;

const collection = (features) => ({ type: "FeatureCollection", features });
const point = (coordinates, properties) => ({ type: "Feature", geometry: { type: "Point", coordinates }, properties });

/** Sites as points, those worth most last so that they lie on top. */
export function siteFeatures({ sites }) {
  const largest = Math.max(1, ...sites.worth);
  const placed = sites.name.map((_, n) => n).filter((n) => sites.lon[n] !== null);
  placed.sort((a, b) => sites.worth[a] - sites.worth[b]);
  return collection(placed.map((n) => point([sites.lon[n], sites.lat[n]], { n, name: sites.name[n], worth: sites.worth[n], radius: radiusOf(sites.worth[n], largest) })));
}

/** Parks as areas where an outline is known, and their names. */
export function parkFeatures({ parks }) {
  const areas = parks.filter((park) => park.outline).map((park) => ({ type: "Feature", geometry: park.outline, properties: { id: park.id, name: park.name } }));
  const names = parks.filter((park) => park.at).map((park) => point(park.at, { id: park.id, name: park.name }));
  return collection([...areas, ...names]);
}

/** Flows as glyphs, each in its own slot around its site. */
export function glyphFeatures(flows, { sites }, kinds) {
  const used = new Map();
  const features = [];
  for (const [n, site] of flows.site.entries()) {
    const slot = used.get(site) ?? 0;
    if (sites.lon[site] === null || slot === MOST_GLYPHS) continue;
    used.set(site, slot + 1);
    features.push(point([sites.lon[site], sites.lat[site]], { n, name: flows.label[n], site: sites.name[site], slot, input: flows.input[n], glyph: `${kinds[flows.kind[n]]}-${flows.input[n] ? "input" : "output"}` }));
  }
  return collection(features);
}

/** Synergies as lines, closed for a loop, and as hulls for a pool. */
export function lineFeatures(lines, { sites }) {
  const features = [];
  for (const [id, kind, members, name] of lines) {
    const places = members.filter((n) => sites.lon[n] !== null).map((n) => [sites.lon[n], sites.lat[n]]);
    const apart = places.filter((place, n) => n === 0 || place[0] !== places[n - 1][0] || place[1] !== places[n - 1][1]);
    const geometry = kind === "mutualisation" ? hull(apart) : path(kind === "loop" && apart.length > 1 ? [...apart, apart[0]] : apart);
    if (geometry) features.push({ type: "Feature", geometry, properties: { id, kind, name } });
  }
  return collection(features);
}

/** Rounds as routes from stop to stop. */
export function routeFeatures(routes) {
  return collection(routes.map(([name, points], number) => ({ type: "Feature", geometry: { type: "LineString", coordinates: points }, properties: { name, number: number + 1, shade: number % 4 } })));
}

/** The numbers that a text of bits holds; null when it says nothing, which stands for all. */
export function numbersOf(text) {
  if (!text) return null;
  const found = [];
  for (const [place, letter] of [...atob(text)].entries()) {
    const byte = letter.charCodeAt(0);
    for (let bit = 0; bit < 8; bit += 1) if (byte & (1 << bit)) found.push(8 * place + bit);
  }
  return found;
}

function path(points) {
  return points.length > 1 ? { type: "LineString", coordinates: points } : null;
}

/** The area around points (Andrew's monotone chain); a line for two of them. */
function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const side = (list) => {
    const kept = [];
    for (const one of list) {
      while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), one) <= 0) kept.pop();
      kept.push(one);
    }
    return kept.slice(0, -1);
  };
  const ring = [...side(sorted), ...side(sorted.reverse())];
  return ring.length > 2 ? { type: "Polygon", coordinates: [[...ring, ring[0]]] } : path(ring);
}
