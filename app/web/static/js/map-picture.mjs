// The last picture of a map, laid over it and moved with the ground it shows.

// Nearer or further than this, what lies below is worth more.
const MOST_TIMES = 3;

export function pictureOver(map) {
  const drawn = map.getCanvas();
  const sheet = Object.assign(document.createElement("canvas"), { className: "map-picture", hidden: true });
  sheet.setAttribute("aria-hidden", "true");
  drawn.after(sheet);
  const pen = sheet.getContext("2d", { alpha: false });
  // The ground at two corners, and the size on the screen.
  let corners = null;

  return {
    /** Keep what was just drawn; later in the frame it is gone. */
    take() {
      const { clientWidth: width, clientHeight: height } = drawn;
      if (!width || map.getBearing() || map.getPitch()) {
        corners = null;
        return;
      }
      if (sheet.width !== drawn.width || sheet.height !== drawn.height) Object.assign(sheet, { width: drawn.width, height: drawn.height });
      Object.assign(sheet.style, { width: `${width}px`, height: `${height}px` });
      pen.drawImage(drawn, 0, 0);
      corners = { first: map.unproject([0, 0]), last: map.unproject([width, height]), width };
    },
    /** Lay the picture where its ground is now. */
    follow() {
      const first = corners && map.project(corners.first);
      const times = corners && (map.project(corners.last).x - first.x) / corners.width;
      sheet.hidden = !corners || map.getBearing() !== 0 || map.getPitch() !== 0 || times > MOST_TIMES || times < 1 / MOST_TIMES;
      if (!sheet.hidden) sheet.style.transform = `translate(${first.x}px, ${first.y}px) scale(${times})`;
    },
    hide() {
      sheet.hidden = true;
    },
    drop() {
      corners = null;
      sheet.hidden = true;
    },
  };
}
