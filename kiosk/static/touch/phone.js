// @ts-check
// The same questions on the person's own phone: a link of this visit as a square that the phone's camera reads.
import { el, filled, heading, SVG } from "./dom.js";
import { actions, dots, quiet } from "./parts.js";

/** @typedef {import("./screens.js").View} View */
/** @typedef {import("./types.js").Link} Link */

const PATIENCE = 3000;
const BORDER = 4; // squares of white that a camera needs around the code

/**
 * A link for one visit; the counter's own when the server does not give one soon enough.
 * @param {import("./device.js").Device} device @param {string} officer
 * @param {import("./types.js").Language} language @param {Link} fallback @returns {Promise<Link>}
 */
export async function visitLink(device, officer, language, fallback) {
  if (!device.online) return fallback;
  const late = new Promise((resolve) => setTimeout(() => resolve(fallback), PATIENCE));
  return /** @type {Promise<Link>} */ (Promise.race([asked(device, officer, language), late])).catch(() => fallback);
}

/** @param {View} view @returns {HTMLElement} */
export function phone({ visit: { link }, words, config, send }) {
  const host = link ? new URL(link.address).host : "";
  return el("section", { class: "phone" },
    link ? code(link, filled(words.phone_code, { host })) : el("div", { class: "code" }),
    el("div", { class: "phone-words" },
      heading(words.phone_title),
      el("p", { class: "phone-text", role: "status" }, link ? filled(words.phone_text, { host }) : words.phone_waiting),
      isOnce(link, config.link) && el("p", { class: "aside" }, words.phone_once)),
    actions(
      quiet(words.back, "back", () => send({ type: "back" }), "back"),
      dots(filled(words.step, { step: 1 }), 1, 2),
      el("button", {
        class: "button primary", type: "button", "data-action": "done", onClick: () => send({ type: "left" }),
      }, words.phone_done)));
}

/** @param {import("./device.js").Device} device @param {string} officer @param {string} language @returns {Promise<Link>} */
async function asked(device, officer, language) {
  const body = JSON.stringify({ officer, language });
  const link = await (await device.call("/api/kiosk/link", { method: "POST", body })).json();
  new URL(link.address); // what is no link throws here, and the counter's stands in
  return { address: link.address, picture: { size: Number(link.picture.size), path: String(link.picture.path) } };
}

/** @param {Link | null} link @param {Link | null | undefined} counters @returns {boolean} */
function isOnce(link, counters) {
  return Boolean(link) && link !== counters;
}

/** @param {Link} link @param {string} label */
function code({ picture: { size, path } }, label) {
  const svg = document.createElementNS(SVG, "svg");
  const drawn = document.createElementNS(SVG, "path");
  const whole = size + 2 * BORDER;
  svg.setAttribute("viewBox", `${-BORDER} ${-BORDER} ${whole} ${whole}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("shape-rendering", "crispEdges");
  drawn.setAttribute("d", path);
  svg.appendChild(drawn);
  return el("div", { class: "code" }, svg);
}
