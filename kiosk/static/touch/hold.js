// @ts-check
// The technician's way in, which nobody takes by accident: a finger that rests in the upper left corner, or F2 held
// down, for three seconds.

const SECONDS = 3;
const CORNER = 120;
const STRAY = 30;
const KEY = "F2";

/** @param {() => boolean} allowed whether a hold means anything now @param {() => void} held */
export function onHold(allowed, held) {
  let timer = 0;
  let begun = { x: 0, y: 0 };
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  const start = (/** @type {boolean} */ finger) => {
    stop();
    if (!allowed()) return;
    timer = window.setTimeout(() => {
      timer = 0;
      if (!allowed()) return;
      if (finger) swallowClick();
      held();
    }, SECONDS * 1000);
  };
  listen("pointerdown", ({ clientX: x, clientY: y, isPrimary }) => {
    begun = { x, y };
    if (isPrimary && x < CORNER && y < CORNER) start(true);
    else stop(); // a second finger is no technician
  });
  listen("pointermove", ({ clientX: x, clientY: y }) => {
    if (timer && Math.abs(x - begun.x) + Math.abs(y - begun.y) > STRAY) stop();
  });
  listen("pointerup", stop);
  listen("pointercancel", stop);
  document.addEventListener("keydown", ({ key, repeat }) => key === KEY && !repeat && start(false));
  document.addEventListener("keyup", ({ key }) => key === KEY && stop());
  window.addEventListener("blur", stop);
}

/** @param {string} name @param {(event: PointerEvent) => void} does */
function listen(name, does) {
  document.addEventListener(name, /** @type {any} */ (does), { passive: true, capture: true });
}

/** The finger is still down: lifting it must not touch whatever lies under it. */
function swallowClick() {
  const swallow = (/** @type {Event} */ event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const lifted = () => setTimeout(() => document.removeEventListener("click", swallow, true)); // the click comes in the same breath
  document.addEventListener("click", swallow, true);
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, lifted, { once: true, capture: true }));
}
