// Small signs for flows: the shape and colour of their kind, and an arrow in or out, drawn from the page's icons.

const RATIO = 2;
const WIDTH = 34;
const HEIGHT = 20;
const SHAPE = 14;
const ARROW = 13;

/** Images by name, `water-input`; the colours are those of the page as it is now. */
export async function glyphImages(icons, kinds) {
  const text = await (await fetch(icons)).text();
  const symbols = new DOMParser().parseFromString(text, "image/svg+xml");
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const found = {};
  for (const kind of kinds) {
    const shape = await picture(symbols.getElementById(kind), colour(kind));
    for (const direction of ["input", "output"]) found[`${kind}-${direction}`] = glyph(shape, direction === "input", colour);
  }
  return found;
}

async function picture(symbol, colour) {
  const inside = new XMLSerializer().serializeToString(symbol).replace(/^<symbol/, "<svg").replace(/<\/symbol>$/, "</svg>");
  const image = new Image();
  const size = SHAPE * RATIO;
  image.src = `data:image/svg+xml,${encodeURIComponent(inside.replace("<svg", `<svg width="${size}" height="${size}" color="${colour}"`))}`;
  await image.decode();
  return image;
}

function glyph(shape, enters, colour) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH * RATIO, height: HEIGHT * RATIO });
  const pen = canvas.getContext("2d");
  pen.scale(RATIO, RATIO);
  pen.fillStyle = colour("paper");
  pen.strokeStyle = colour("control");
  pen.beginPath();
  pen.roundRect(0.5, 0.5, WIDTH - 1, HEIGHT - 1, 6);
  pen.fill();
  pen.stroke();
  // Left to right: an input goes into the shape, an output comes out of it.
  pen.drawImage(shape, enters ? 17 : 3, 3, SHAPE, SHAPE);
  const from = enters ? 3.5 : 18;
  pen.strokeStyle = colour("ink");
  pen.lineWidth = 1.6;
  pen.lineCap = pen.lineJoin = "round";
  pen.beginPath();
  pen.moveTo(from, HEIGHT / 2);
  pen.lineTo(from + ARROW - 1, HEIGHT / 2);
  pen.moveTo(from + ARROW - 5, HEIGHT / 2 - 3.5);
  pen.lineTo(from + ARROW - 1, HEIGHT / 2);
  pen.lineTo(from + ARROW - 5, HEIGHT / 2 + 3.5);
  pen.stroke();
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** Where a slot lies below its site, in pixels, four a row. */
export function slotOffsets(most) {
  const cases = [];
  for (let slot = 0; slot < most; slot += 1) cases.push(slot, ["literal", [((slot % 4) - 1.5) * (WIDTH + 2), 28 + Math.floor(slot / 4) * (HEIGHT + 2)]]);
  return ["match", ["get", "slot"], ...cases, ["literal", [0, 28]]];
}

export const PIXEL_RATIO = RATIO;
