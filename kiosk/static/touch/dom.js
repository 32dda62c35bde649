// @ts-check
// Elements by createElement only: what people or the server wrote is set as text and can never become markup.

export const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | false} Child */

/**
 * Make an element. `onClick` is the one listener screens need; every other key is an attribute, left out when
 * null or false.
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>} [attributes]
 * @param {...Child} children @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  Object.keys(attributes).forEach((name) => {
    const value = attributes[name];
    if (typeof value === "function") element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  });
  append(element, children);
  return element;
}

/** @param {string} text @param {string} [className] @returns {HTMLElement} the screen's heading, which takes focus */
export function heading(text, className = "") {
  return el("h1", { class: className, tabindex: -1 }, text);
}

/** @param {string} name of a symbol in the page's sprite @param {string} className @returns {SVGElement} */
export function icon(name, className) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${name}`);
  svg.appendChild(use);
  return svg;
}

/** @param {Element} parent @param {Child[]} children */
export function replace(parent, ...children) {
  parent.textContent = "";
  append(parent, children);
}

/** @param {string} text @param {Record<string, string | number>} facts @returns {string} `text` with {facts} filled in */
export function filled(text, facts) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {Element} parent @param {Child[]} children */
function append(parent, children) {
  children.forEach((child) => {
    if (child) parent.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  });
}
