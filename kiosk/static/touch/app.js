// @ts-check
// Puts the parts together and keeps the quiet work going: sending, heartbeat, configuration, new versions.
import { Clock } from "./clock.js";
import { keepOnPage } from "./back.js";
import { byId } from "./dom.js";
import { Configuration } from "./config.js";
import { Device } from "./device.js";
import { memoryOnly } from "./export.js";
import { Frame } from "./frame.js";
import { Heartbeat } from "./heartbeat.js";
import { Idle } from "./idle.js";
import { Kiosk } from "./kiosk.js";
import { Outbox } from "./outbox.js";
import { Sender } from "./sender.js";
import { Speech } from "./speech.js";
import { Storage } from "./storage.js";
import { Tab } from "./tab.js";
import { Technician } from "./technician.js";

const FIRST_CONFIG_SECONDS = 5;
const LOOK_AGAIN = 10000;

/** @typedef {{
 *   storage: Storage, clock: Clock, device: Device, configuration: Configuration, outbox: Outbox, sender: Sender,
 *   heartbeat: Heartbeat, speech: Speech, version: string
 * }} Quiet what works without being seen */
/** @typedef {Quiet & {frame: Frame, idle: Idle, technician: Technician, enrolled: () => void}} Parts */

boot();

async function boot() {
  const { wording, version = "" } = byId("screen").dataset;
  const storage = new Storage();
  const clock = new Clock(storage);
  const device = new Device(storage, clock);
  const tab = new Tab();
  const outbox = new Outbox(storage, tab, () => configuration.office);
  const configuration = new Configuration(storage, device, JSON.parse(wording || "{}"));
  const sender = new Sender(outbox, device);
  const speech = new Speech(() => frame.showSpeech(configuration.words(frame.language)));
  const heartbeat = new Heartbeat(storage, device, outbox, speech, version);
  const frame = new Frame(speech, {
    language: (language) => kiosk.send({ type: "language", language }),
    contrast: () => kiosk.send({ type: "contrast" }),
  });
  const idle = new Idle(() => kiosk.send({ type: "timed_out" }), () => kiosk.guard());
  const enrolled = () => refresh().then(() => Promise.all([sender.hurry(), heartbeat.beat()])).catch(() => {});
  const quiet = { storage, clock, device, configuration, outbox, sender, heartbeat, speech, version };
  const technician = new Technician(quiet, {
    show: () => kiosk.show(),
    mayOpen: () => kiosk.visit.screen === "attract", // nobody's visit is disturbed
    enrol: (asking) => kiosk.again(asking),
  });
  const kiosk = new Kiosk({ ...quiet, frame, idle, technician, enrolled });

  const refresh = async () => {
    if (await configuration.refresh()) kiosk.visit.screen === "attract" && kiosk.show();
    if (configuration.config) await outbox.reconsider(configuration.config.version);
  };
  const release = async () => {
    const left = await outbox.releaseLeftovers().catch(() => 0);
    if (left) heartbeat.ended("timed_out", left);
  };
  device.renewed = () => {
    configuration.forget();
    outbox.version = "";
  };
  device.changed = () => {
    kiosk.show();
    kiosk.showStaff();
  };
  sender.changed = () => kiosk.showStaff();
  sender.refused = seldom(LOOK_AGAIN, () => refresh().catch(() => {}));
  speaksWhileAlive(speech, idle);

  await Promise.all([tab.open(), clock.load(), device.load(), configuration.load(), technician.load()]);
  kiosk.turn = await firstTurn(storage);
  kiosk.code = broughtCode();
  kiosk.show();

  // Where pages cannot be told apart this is done only once, before the first press of this page.
  await release();
  every(() => configuration.timers.send_seconds, () => Promise.all([tab.locks && release(), sender.nudge()]));
  every(() => configuration.timers.heartbeat_seconds, async () => {
    await heartbeat.beat();
    if (sender.failures) sender.hurry(); // the server is back, and need not be waited for any longer
    await device.renew();
  });
  every(() => (configuration.config ? configuration.timers.config_seconds : FIRST_CONFIG_SECONDS), refresh);
  window.addEventListener("online", () => sender.hurry());
  every(() => 1, () => kiosk.tick());
  keepOnPage(() => kiosk.send({ type: "back" }));
  document.addEventListener("contextmenu", (event) => event.preventDefault()); // a long press is not a menu
  keepAwake();
  keepStorage();
  const stale = keepShell(() => kiosk.resting());
  heartbeat.wished = kiosk.resting = () => {
    if (document.body.dataset.screen !== "attract") return;
    if (!stale()) heartbeat.obey(() => document.body.dataset.screen === "attract" && location.reload()).catch(() => {});
    else if (!memoryOnly(outbox)) location.reload();
  };
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

/** Do `work` when asked, but not more often than this. @param {number} milliseconds @param {() => unknown} work */
function seldom(milliseconds, work) {
  let notBefore = 0;
  return () => {
    if (performance.now() < notBefore) return;
    notBefore = performance.now() + milliseconds;
    work();
  };
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

/**
 * Work without network, and take up a new version when nobody stands before the screen.
 * @param {() => void} renewed called when there is a new version @returns {() => boolean} whether there is one
 */
function keepShell(renewed) {
  const workers = navigator.serviceWorker;
  let stale = false;
  if (!workers) return () => stale; // no secure context: the screen works as long as the page is open
  let controlled = Boolean(workers.controller);
  workers.addEventListener("controllerchange", () => {
    stale = controlled; // the first worker of all serves what the page already is
    controlled = true;
    renewed();
  });
  workers
    .register("/touch/sw.js", { scope: "/touch", updateViaCache: "none" })
    .then((registration) => setInterval(() => registration.update().catch(() => {}), 300000))
    .catch(() => {});
  return () => stale;
}
