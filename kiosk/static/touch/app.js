// @ts-check
// Puts the parts together and keeps the quiet work going: sending, heartbeat, configuration, new versions.
import { byId } from "./dom.js";
import { Configuration } from "./config.js";
import { Device } from "./device.js";
import { Frame } from "./frame.js";
import { Heartbeat } from "./heartbeat.js";
import { Idle } from "./idle.js";
import { Kiosk } from "./kiosk.js";
import { Outbox } from "./outbox.js";
import { Sender } from "./sender.js";
import { Speech } from "./speech.js";
import { Storage } from "./storage.js";

const FIRST_CONFIG_SECONDS = 5;

/** @typedef {{
 *   storage: Storage, device: Device, configuration: Configuration, outbox: Outbox, sender: Sender,
 *   heartbeat: Heartbeat, frame: Frame, idle: Idle, speech: Speech, enrolled: () => void
 * }} Parts */

boot();

async function boot() {
  const { wording, version } = byId("screen").dataset;
  const storage = new Storage();
  const device = new Device(storage);
  const outbox = new Outbox(storage);
  const configuration = new Configuration(storage, device, JSON.parse(wording || "{}"));
  const sender = new Sender(outbox, device);
  const heartbeat = new Heartbeat(storage, device, outbox, version || "");
  const speech = new Speech(() => frame.showSpeech(configuration.words(frame.language)));
  const frame = new Frame(speech, { language: (language) => kiosk.send({ type: "language", language }) });
  const idle = new Idle(() => kiosk.send({ type: "timed_out" }));
  const enrolled = () => refresh().then(() => Promise.all([sender.hurry(), heartbeat.beat()])).catch(() => {});
  const kiosk = new Kiosk({
    storage, device, configuration, outbox, sender, heartbeat, frame, idle, speech, enrolled,
  });

  const refresh = async () => {
    if (await configuration.refresh()) kiosk.visit.screen === "attract" && kiosk.show();
  };
  device.changed = () => {
    kiosk.show();
    kiosk.showStaff();
  };
  sender.changed = () => kiosk.showStaff();
  speaksWhileAlive(speech, idle);

  await Promise.all([device.load(), configuration.load()]);
  kiosk.turn = await firstTurn(storage);
  kiosk.code = broughtCode();
  kiosk.show();

  // Before the first press of this page: whatever an earlier page held is complete as it is.
  const left = await outbox.releaseLeftovers().catch(() => 0);
  if (left) heartbeat.ended("timed_out", left);
  every(() => configuration.timers.send_seconds, () => sender.nudge());
  every(() => configuration.timers.heartbeat_seconds, () => heartbeat.beat());
  every(() => (configuration.config ? configuration.timers.config_seconds : FIRST_CONFIG_SECONDS), refresh);
  window.addEventListener("online", () => sender.hurry());
  document.addEventListener("contextmenu", (event) => event.preventDefault()); // a long press is not a menu
  keepAwake();
  keepStorage();
  keepShell(kiosk);
}

/** Do `work` now and again and again, whatever it comes to. @param {() => number} seconds @param {() => unknown} work */
async function every(seconds, work) {
  try {
    await work();
  } catch (error) {
    // No network, or not enrolled: the screen already shows what staff need to know.
  }
  setTimeout(() => every(seconds, work), seconds() * 1000);
}

/** Where the rotation of elements goes on; a new device begins anywhere. @param {Storage} storage @returns {Promise<number>} */
async function firstTurn(storage) {
  const kept = await storage.kept("turn").catch(() => undefined);
  return kept === undefined ? Math.floor(Math.random() * 9) : kept;
}

/** The code an enrolment link brings, taken out of the address so that it is not seen or kept. @returns {string} */
function broughtCode() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) history.replaceState(null, "", location.pathname);
  return (code || "").toUpperCase();
}

/** Listening takes longer than reading. @param {Speech} speech @param {Idle} idle */
function speaksWhileAlive(speech, idle) {
  setInterval(() => speech.reading && idle.alive(), 1000);
}

function keepAwake() {
  const { wakeLock } = /** @type {any} */ (navigator);
  if (!wakeLock) return;
  const request = () => document.hidden || wakeLock.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", request);
  request();
}

/** Ask the browser not to clear the outbox when the disk fills. */
function keepStorage() {
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
}

/** Work without network, and take up a new version when nobody stands before the screen. @param {Kiosk} kiosk */
function keepShell(kiosk) {
  const workers = navigator.serviceWorker;
  if (!workers) return; // no secure context: the screen works as long as the page is open
  let controlled = Boolean(workers.controller);
  let stale = false;
  const renew = () => stale && document.body.dataset.screen === "attract" && location.reload();
  workers.addEventListener("controllerchange", () => {
    stale = controlled; // the first worker of all serves what the page already is
    controlled = true;
    renew();
  });
  kiosk.resting = renew;
  workers
    .register("/touch/sw.js", { scope: "/touch", updateViaCache: "none" })
    .then((registration) => setInterval(() => registration.update().catch(() => {}), 300000))
    .catch(() => {});
}
