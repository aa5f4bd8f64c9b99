// The look of the map: colours of the page, its own background, what is drawn over it.

const EMPTY = { type: "FeatureCollection", features: [] };
const FONT = ["system-ui"];
const NAMES = [
  "ink", "muted", "paper", "sea", "land", "border", "line", "accent",
  "substitution", "mutualisation", "loop",
];

const LARGEST_RADIUS = 17;
const SMALLEST_RADIUS = 5;

/** The radius of a site in pixels: the area of a point, not its width, tells its worth. */
export function radiusOf(worth, largest) {
  return Math.max(SMALLEST_RADIUS, LARGEST_RADIUS * Math.sqrt(worth / largest));
}

/** The page's colours, as they are now: they follow the system's dark mode. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** The style of the background: our own drawing, or raster tiles laid over it. */
export function backgroundStyle(background, tiles, credit) {
  const c = colours();
  const of = (layer) => ["==", ["get", "layer"], layer];
  const style = {
    version: 8,
    transition: { duration: 0 },
    sources: {
      background: {
        type: "geojson",
        data: background,
        attribution: "Natural Earth · INSEE · GeoNames",
      },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": c.sea } },
      { id: "land", type: "fill", source: "background", filter: of("land"), paint: { "fill-color": c.land } },
      { id: "coast", type: "line", source: "background", filter: of("land"), paint: { "line-color": c.border, "line-width": 0.6 } },
      { id: "departments", type: "line", source: "background", filter: of("department"), paint: { "line-color": c.border, "line-width": 0.8, "line-dasharray": [4, 3], "line-opacity": ["interpolate", ["linear"], ["zoom"], 4, 0.4, 7, 1, 10, 0.5] } },
      { id: "borders", type: "line", source: "background", filter: of("border"), paint: { "line-color": c.muted, "line-width": 1.2 } },
    ],
  };
  if (tiles.includes("{z}")) {
    style.sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256, attribution: credit };
    style.layers.push({ id: "tiles", type: "raster", source: "tiles" });
    return style;
  }
  style.layers.push({
    id: "towns",
    type: "symbol",
    source: "background",
    filter: ["all", of("town"), ["<", ["get", "rank"], ["step", ["zoom"], 12, 5, 40, 6, 120, 7, 300, 8, 600]]],
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": 12,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": c.muted, "text-halo-color": c.land, "text-halo-width": 1.2 },
  });
  return style;
}

/** The sources that the data fills, empty at first. */
export function overlaySources() {
  return Object.fromEntries(["communes", "synergies", "sites"].map((id) => [id, { type: "geojson", data: EMPTY, promoteId: "id" }]));
}

/** What is drawn over the background, from the lowest to the highest. */
export function overlayLayers(withNames) {
  const c = colours();
  const kind = (code) => ["==", ["get", "kind"], code];
  const colour = ["match", ["get", "kind"], "substitution", c.substitution, "mutualisation", c.mutualisation, c.loop];
  const chosen = ["boolean", ["feature-state", "chosen"], false];
  const line = ["!=", ["geometry-type"], "Polygon"];
  const width = ["case", ["boolean", ["feature-state", "lit"], false], 5, 2.2];
  const rounded = { "line-cap": "round", "line-join": "round" };
  const layers = [
    { id: "hulls", type: "fill", source: "synergies", filter: ["all", kind("mutualisation"), ["==", ["geometry-type"], "Polygon"]], paint: { "fill-color": c.mutualisation, "fill-opacity": ["case", ["boolean", ["feature-state", "lit"], false], 0.3, 0.12] } },
    { id: "hull-edges", type: "line", source: "synergies", filter: kind("mutualisation"), layout: rounded, paint: { "line-color": c.mutualisation, "line-width": width, "line-dasharray": [0.2, 2.2] } },
    { id: "loops", type: "line", source: "synergies", filter: kind("loop"), paint: { "line-color": c.loop, "line-width": width, "line-dasharray": [3, 1.5] } },
    { id: "lines", type: "line", source: "synergies", filter: kind("substitution"), layout: rounded, paint: { "line-color": c.substitution, "line-width": width, "line-opacity": 0.85 } },
    { id: "arrows", type: "symbol", source: "synergies", filter: ["all", line, ["!", kind("mutualisation")]], layout: { "symbol-placement": "line", "symbol-spacing": 110, "icon-image": "arrow", "icon-allow-overlap": true, "icon-size": 0.55 }, paint: { "icon-color": colour } },
    { id: "touch", type: "line", source: "synergies", paint: { "line-color": c.ink, "line-opacity": 0, "line-width": 16 } },
    { id: "sites", type: "circle", source: "sites", paint: { "circle-radius": ["get", "radius"], "circle-color": ["case", chosen, c.paper, c.accent], "circle-opacity": 0.92, "circle-stroke-color": ["case", chosen, c.accent, c.paper], "circle-stroke-width": ["case", chosen, 4, 1.5] } },
    { id: "site-names", type: "symbol", source: "sites", minzoom: 10, layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12, "text-anchor": "top", "text-offset": [0, 0.9], "text-max-width": 9, "text-optional": true, "symbol-sort-key": ["-", ["get", "worth"]] }, paint: { "text-color": c.ink, "text-halo-color": c.land, "text-halo-width": 1.4 } },
  ];
  if (!withNames) return layers;
  const names = { id: "communes", type: "symbol", source: "communes", minzoom: 8.5, layout: { "text-field": ["upcase", ["get", "name"]], "text-font": FONT, "text-size": 10.5, "text-letter-spacing": 0.08, "symbol-sort-key": ["get", "rank"] }, paint: { "text-color": c.muted, "text-halo-color": c.land, "text-halo-width": 1.2, "text-opacity": 0.85 } };
  return [names, ...layers];
}

/** An arrow head pointing right, whose colour the style gives. */
export function arrow() {
  const size = 32;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.beginPath();
  pen.moveTo(6, 4);
  pen.lineTo(28, 16);
  pen.lineTo(6, 28);
  pen.lineTo(12, 16);
  pen.closePath();
  pen.fill();
  return pen.getImageData(0, 0, size, size);
}
