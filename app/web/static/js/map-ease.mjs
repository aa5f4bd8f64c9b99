// A map that its machine draws slowly moves as a picture of itself, over a coarse drawing that fills the edges.

import { pictureOver } from "./map-picture.mjs";

// Between frames: what is slow, also once eased, what is wanted, and after how many drawings that is judged.
const SLOW_MS = 45;
const SLOW_EASED_MS = 28;
const WANTED_MS = 16;
const JUDGED = 4;
// Drawings at rest, once all is there, so that a slow machine is known before a hand moves the map.
const TRIALS = 6;
// A pause this long ends a movement.
const STILL_MS = 150;
// Pixels drawn for each pixel of the screen, on a side; below this nothing could be recognised.
const COARSEST = 0.2;
// Names, signs and dashes are in the picture; areas, sites and plain lines are drawn anew.
const DASHED = ["coast", "departments", "borders", "park-edges", "hull-edges"];

/** Ease the movements of a map once drawing it was slow, for as long as the page is open. */
export function easeMoves(map) {
  const picture = pictureOver(map);
  const state = { share: 1, slow: false, coarse: false, movedAt: null, rested: 0, trials: 0, resizing: false, hidden: [] };
  const late = lateFrames();

  map.on("move", () => {
    if (state.resizing) return;
    stir();
    if (state.slow && !state.coarse) {
      coarsen(map, state);
      // The change itself takes time, which tells nothing.
      late.begin();
    }
    if (state.coarse) picture.follow();
  });
  map.on("render", late.drawn);
  map.once("idle", () => {
    state.trials = TRIALS;
    stir();
  });
  // Here alone is what was drawn still to be had.
  map.on("idle", () => {
    if (state.coarse || !state.slow) return;
    picture.hide();
    picture.take();
  });
  map.on("style.load", () => {
    state.hidden = [];
    picture.drop();
  });

  function stir() {
    if (state.movedAt === null) {
      late.begin();
      requestAnimationFrame(watch);
    }
    state.movedAt = performance.now();
    state.rested = 0;
  }

  function watch(now) {
    const typical = late.seen(now, state.coarse ? SLOW_EASED_MS : SLOW_MS);
    if (typical) learn(typical);
    state.rested += 1;
    if (state.trials) {
      state.trials -= 1;
      map.triggerRepaint();
    }
    // One slow frame alone may last longer than a pause.
    if (state.trials || performance.now() - state.movedAt < STILL_MS || state.rested < 3) {
      requestAnimationFrame(watch);
      return;
    }
    state.movedAt = null;
    if (state.coarse) refine(map, state);
  }

  function begin() {
    picture.take();
    state.slow = true;
    state.trials = 0;
  }

  function learn(typical) {
    state.share = Math.max(COARSEST, state.share * Math.sqrt(WANTED_MS / typical));
    map.getContainer().dataset.eased = state.share.toFixed(2);
    if (state.coarse) size(map, state, state.share);
    else if (!state.slow) map.once("render", begin);
  }
}

/** Tell how long frames take, once most of a few drawings came late; frames that draw nothing tell nothing. */
function lateFrames() {
  let last = null;
  let draws = 0;
  let slow = [];
  const begin = () => {
    last = null;
    draws = 0;
    slow = [];
  };
  return {
    begin,
    drawn() {
      draws += 1;
    },
    seen(now, limit) {
      if (last !== null && now - last > limit) slow.push(now - last);
      last = now;
      if (draws < JUDGED) return null;
      const typical = slow.length >= JUDGED - 1 ? Math.min(...slow) : null;
      draws = 0;
      slow = [];
      return typical;
    },
  };
}

function coarsen(map, state) {
  state.coarse = true;
  for (const id of map.getLayersOrder()) {
    const names = map.getLayer(id).type === "symbol" ? ["text-opacity", "icon-opacity"] : DASHED.includes(id) ? ["line-opacity"] : [];
    for (const name of names) {
      state.hidden.push([id, name, map.getPaintProperty(id, name)]);
      map.setPaintProperty(id, name, 0);
    }
  }
  size(map, state, state.share);
}

function refine(map, state) {
  state.coarse = false;
  for (const [id, name, value] of state.hidden) if (map.getLayer(id)) map.setPaintProperty(id, name, value);
  state.hidden = [];
  size(map, state, null);
}

/** Draw a share of the pixels, all for null. The library would end a drag here: the map keeps its size, so nothing ends. */
function size(map, state, share) {
  state.resizing = true;
  map.stop = () => map;
  map.setPixelRatio(share && share * devicePixelRatio);
  delete map.stop;
  state.resizing = false;
}
