// @ts-check
/** @typedef {import("./types.js").Language} Language */

// Android has long called Indonesian "in"; browsers pass both on.
const TAGS = { id: ["id", "in"], en: ["en"] };

/** Reads a screen aloud, where the device has a voice for its language. */
export class Speech {
  /** @param {() => void} changed called when voices arrive or reading begins or ends */
  constructor(changed) {
    this.changed = changed;
    this.synthesis = "speechSynthesis" in window ? window.speechSynthesis : null;
    this.reading = false;
    /** @type {SpeechSynthesisUtterance | null} */
    this.utterance = null; // a reference, or Chromium forgets the utterance and never says it ended
    // Voices arrive late, and again when the device downloads one.
    if (this.synthesis) this.synthesis.onvoiceschanged = changed;
  }

  /** @param {Language} language @returns {SpeechSynthesisVoice | null} */
  voice(language) {
    if (!this.synthesis) return null;
    const fitting = this.synthesis
      .getVoices()
      .filter((voice) => TAGS[language].includes(voice.lang.toLowerCase().split(/[-_]/)[0]));
    // A voice on the device also speaks without network.
    return fitting.find((voice) => voice.localService) || fitting[0] || null;
  }

  /** @param {string} text @param {Language} language */
  read(text, language) {
    const voice = this.voice(language);
    if (!this.synthesis || !voice) return;
    this.stop();
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = 0.95;
    // A cancelled utterance ends late, when the next one may already be speaking.
    utterance.onend = utterance.onerror = () => this.utterance === utterance && this._now(false);
    this.utterance = utterance;
    this.synthesis.speak(utterance);
    this._now(true);
  }

  stop() {
    if (this.synthesis && this.reading) this.synthesis.cancel();
    this._now(false);
  }

  /** @param {boolean} reading */
  _now(reading) {
    if (this.reading === reading) return;
    this.reading = reading;
    this.changed();
  }
}
