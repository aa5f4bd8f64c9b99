// The point of a site: picked on the map, or where one stands.

import { backgroundStyle, colours } from "./map-style.mjs";

const FRANCE = { center: [2.5, 46.6], zoom: 4.6 };
const NEAR = 13;
const DECIMALS = 6;

/** Open the map when its part of the form is opened, also after that part has been renewed. */
export function openPicker(form) {
  const look = () => {
    for (const box of form.querySelectorAll("#where[open] [data-pick]:not([data-opened])")) {
      box.dataset.opened = "";
      box.hidden = false;
      draw(box, form);
    }
  };
  form.addEventListener("toggle", look, true);
  form.addEventListener("click", (event) => {
    if (event.target.closest("#here")) locate(event.target.closest("#here"), form);
  });
  look();
}

function setPoint(form, lon, lat) {
  form.querySelector("#lon").value = lon.toFixed(DECIMALS);
  form.querySelector("#lat").value = lat.toFixed(DECIMALS);
  form.querySelector("#lat").dispatchEvent(new Event("input", { bubbles: true }));
}

function pointOf(form) {
  const [lon, lat] = ["lon", "lat"].map((name) => parseFloat(form.querySelector(`#${name}`).value.replace(",", ".")));
  return Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
}

function locate(button, form) {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => setPoint(form, coords.longitude, coords.latitude),
    () => {
      document.getElementById("said").textContent = button.dataset.refused;
      button.textContent = button.dataset.refused;
      button.disabled = true;
    },
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

async function draw(box, form) {
  try {
    const library = await import(box.dataset.library);
    library.setWorkerUrl(box.dataset.worker);
    const { tiles = "", credit = "" } = box.dataset;
    const start = pointOf(form);
    const map = new library.Map({
      container: box,
      style: tiles && !tiles.includes("{z}") ? tiles : backgroundStyle(box.dataset.background, tiles, credit),
      ...(start ? { center: start, zoom: NEAR } : FRANCE),
      attributionControl: { compact: true },
      dragRotate: false,
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    map.getCanvas().setAttribute("aria-label", box.dataset.label);
    const pin = new library.Marker({ color: colours().accent });
    const show = () => {
      const point = pointOf(form);
      if (point) pin.setLngLat(point).addTo(map);
      else pin.remove();
    };
    map.on("click", ({ lngLat }) => setPoint(form, lngLat.lng, lngLat.lat));
    form.addEventListener("input", ({ target }) => {
      if (target.id === "lon" || target.id === "lat") show();
    });
    show();
    box.dataset.ready = "";
  } catch (error) {
    console.error(error);
    box.replaceChildren(Object.assign(document.createElement("p"), { className: "map-absent", textContent: box.dataset.absent }));
  }
}
