// @ts-check
// The list of what is kept here, on paper: when, for whom and why it is still here; never what was answered or written.
import { byId, el, filled, replace } from "./dom.js";
import { moment, number } from "./figures.js";

/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Language} Language */
/** @typedef {import("./export.js").Found} Found */

const MOST = 300; // a dozen pages; the whole of it is in the file

/**
 * @param {Found[]} found @param {import("./types.js").Config | null} config @param {number} now
 * @param {Words} words @param {Language} language
 */
export function print(found, config, now, words, language) {
  const names = new Map((config ? config.officers : []).map(({ code, name }) => [code, name]));
  const rows = found.slice(0, MOST).map(({ rating, state }, place) =>
    el("tr", {},
      el("td", { class: "figure" }, number(place + 1, language)),
      el("td", {}, moment(Date.parse(rating.given_at), config, language)),
      el("td", {}, names.get(rating.officer) || rating.officer),
      el("td", {}, words[`tech_state_${state}`])));
  const place = config ? `${config.kiosk.name}, ${config.office.name} (${config.office.code})` : location.host;
  const headings = [words.tech_number, words.tech_time, words.tech_officer, words.tech_state];
  const paper = byId("paper");
  replace(paper,
    el("h2", {}, words.tech_list),
    el("p", {}, place),
    el("p", {}, filled(words.tech_printed, {
      count: number(found.length, language), moment: moment(now, config, language),
    })),
    el("table", {},
      el("thead", {}, el("tr", {}, ...headings.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...rows)),
    found.length > MOST && el("p", {}, filled(words.tech_list_more, { count: number(found.length - MOST, language) })));
  window.print();
}

/** Leave nothing of it on the page. */
export function forgetPaper() {
  replace(byId("paper"));
}
