// @ts-check
// What stays in place around the screens: the two corners, the officer, and the quiet signs for staff.
import { byId, el, icon, replace } from "./dom.js";
import { disc } from "./parts.js";

/** @typedef {import("./types.js").Language} Language */
/** @typedef {import("./types.js").Words} Words */

// Each language is named in itself, for those who read only that one.
const NAMES = { id: "Indonesia", en: "English" };

/** @param {Language} language @returns {Language} */
const other = (language) => (language === "id" ? "en" : "id");

export class Frame {
  /**
   * @param {import("./speech.js").Speech} speech
   * @param {{language: (language: Language) => void, contrast: () => void}} does
   */
  constructor(speech, does) {
    this.speech = speech;
    /** @type {Language} */
    this.language = "id";
    this.shown = "";
    byId("language").addEventListener("click", () => does.language(other(this.language)));
    byId("contrast").addEventListener("click", () => does.contrast());
    byId("speak").addEventListener("click", () => this._speak());
  }

  /** @param {import("./state.js").Visit} visit @param {Words} words @param {boolean} demo */
  show({ language, contrast }, words, demo) {
    this.language = language;
    this._showContrast(contrast, words);
    document.documentElement.lang = language;
    const button = byId("language");
    button.lang = other(language);
    replace(button, NAMES[other(language)]);
    byId("demo").textContent = words.demo;
    byId("demo").hidden = !demo;
    this.showSpeech(words);
  }

  /** @param {boolean} high @param {Words} words */
  _showContrast(high, words) {
    document.documentElement.dataset.contrast = high ? "high" : "usual";
    const button = byId("contrast");
    button.hidden = false;
    button.setAttribute("aria-label", words.contrast);
    button.setAttribute("aria-pressed", String(high));
    replace(button, icon("half", "button-icon"));
  }

  /** @param {Words} words */
  showSpeech(words) {
    const button = byId("speak");
    button.hidden = !this.speech.voice(this.language);
    const label = this.speech.reading ? words.stop_reading : words.read_aloud;
    button.setAttribute("aria-label", label);
    button.setAttribute("aria-pressed", String(this.speech.reading));
    replace(button, icon("speaker", "button-icon"), el("span", { class: "wide" }, words.read_aloud));
  }

  /**
   * Show who is being rated, or nobody. The same officer is never drawn twice, so nothing moves or flickers
   * between the question and the thanks.
   * @param {import("./types.js").Officer | null} officer @param {string} counter @param {Words} words
   */
  showOfficer(officer, counter, words) {
    const key = officer ? [officer.code, counter, words.served_by].join("|") : "";
    if (key === this.shown) return;
    this.shown = key;
    const place = byId("served");
    place.hidden = !officer;
    if (!officer) return replace(place);
    replace(place, disc(officer),
      el("p", {},
        el("span", { class: "served-by" }, words.served_by),
        " ",
        el("strong", {}, officer.name),
        " ",
        el("span", { class: "served-at" }, counter)));
  }

  /**
   * A small sign that residents need not notice.
   * @param {string} text what it says to staff; nothing hides it @param {string} drawing
   */
  showStaff(text, drawing) {
    const sign = byId("staff");
    sign.hidden = !text;
    sign.setAttribute("aria-label", text);
    sign.title = text;
    /** @type {Element} */ (sign.querySelector("use")).setAttribute("href", `#${drawing}`);
  }

  _speak() {
    if (this.speech.reading) return this.speech.stop();
    this.speech.read(spoken(), this.language);
  }
}

/** @returns {string} what a person who does not read needs to hear of this screen */
function spoken() {
  const parts = document.querySelectorAll("#served p, main h1, main h2, main p, main label, main button, main strong");
  const texts = Array.from(parts, (part) => (part.textContent || "").trim()).filter(Boolean);
  return Array.from(new Set(texts)).join(". ");
}
