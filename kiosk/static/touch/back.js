// @ts-check
// The browser's own way back, by a button or a swipe: it leads to the screen before, and never off the page.

const HERE = "suara-loket";

/** @param {() => void} back called when it was taken */
export function keepOnPage(back) {
  // A browser lets its way back pass over what a page adds before anybody has touched it.
  const stay = () => history.state === HERE || history.pushState(HERE, "");
  ["pointerdown", "keydown"].forEach((sign) => document.addEventListener(sign, stay, { passive: true, capture: true }));
  window.addEventListener("popstate", () => {
    stay();
    back();
  });
  // A page that was left and kept aside would come back with somebody's visit on it.
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}
