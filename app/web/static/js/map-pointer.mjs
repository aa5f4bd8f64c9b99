// What the pointer finds on a map: told beside it, lit in the list, opened where it is pressed.

const HIT = ["glyphs", "sites", "touch", "hulls"];

export function followPointer(map, library, place, state, pick) {
  const popup = new library.Popup({ closeButton: false, closeOnClick: false, offset: 12 });
  const money = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 2, style: "currency", currency: "EUR", maximumFractionDigits: 0 });
  const worthOf = ({ worth }) => (worth ? `${place.dataset.about.replace("{amount}", money.format(worth))} ${place.dataset.perYear}` : place.dataset.unknown);
  const foundAt = (point) => map.queryRenderedFeatures(point, { layers: HIT.filter((id) => map.getLayer(id)) })[0];

  const tell = (lngLat, title, detail) => {
    const box = document.createElement("div");
    box.append(Object.assign(document.createElement("strong"), { textContent: title }));
    if (detail) box.append(Object.assign(document.createElement("div"), { textContent: detail }));
    popup.setLngLat(lngLat).setDOMContent(box).addTo(map);
  };
  const light = (id) => {
    if (id === state.lit) return;
    if (state.lit !== null) map.setFeatureState({ source: "synergies", id: state.lit }, { lit: false });
    if (id !== null) map.setFeatureState({ source: "synergies", id }, { lit: true });
    state.lit = id;
    for (const card of document.querySelectorAll("[data-synergy]")) card.classList.toggle("lit", card.dataset.synergy === id);
  };

  // One look a frame: a mouse moves more often than the map is drawn.
  let waiting = null;
  map.on("mousemove", (event) => {
    if (waiting === null) requestAnimationFrame(look);
    waiting = event;
  });
  function look() {
    const event = waiting;
    waiting = null;
    if (map.isMoving()) return;
    const found = foundAt(event.point);
    map.getCanvas().style.cursor = found ? "pointer" : "";
    light(found?.source === "synergies" ? found.properties.id : null);
    if (!found) popup.remove();
    else if (found.source === "sites") tell(event.lngLat, found.properties.name, worthOf(found.properties));
    else if (found.source === "flows") tell(event.lngLat, found.properties.name, `${found.properties.site} · ${found.properties.input ? place.dataset.needs : place.dataset.gives}`);
    else tell(event.lngLat, found.properties.name);
  }
  map.on("movestart", () => popup.remove());
  map.on("click", (event) => {
    const found = foundAt(event.point);
    if (!found) return;
    popup.remove();
    pick(found);
  });
  for (const type of ["mouseover", "focusin"]) {
    document.addEventListener(type, (event) => {
      const card = event.target.closest?.("[data-synergy]");
      if (card && map.getSource("synergies")) light(card.dataset.synergy);
    });
  }
}
