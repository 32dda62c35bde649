// @ts-check
// Brings the phone what arrived since the page was loaded: asks for the page again and puts in what has changed.
// Without it, loading the page again does the same.
const EVERY = 2500;
const PARTS = ["thread", "standing", "chips"];
const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("text"));

async function refresh() {
  if (document.hidden) return;
  const response = await fetch(address());
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // Who signs in or out meanwhile begins a new session: the forms here stay good.
  const token = /** @type {HTMLInputElement | null} */ (page.querySelector("[name=csrf_token]"));
  for (const own of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[name=csrf_token]"))) {
    own.value = token?.value ?? own.value;
  }
  for (const part of PARTS) {
    const shown = document.getElementById(part);
    const now = page.getElementById(part);
    if (shown && now && shown.innerHTML !== now.innerHTML) shown.replaceChildren(...now.childNodes);
  }
}

/** A message that could not be delivered has left no phone and channel in the page's own. @returns {string} */
function address() {
  const current = document.querySelector(".channels [aria-current]");
  return current instanceof HTMLAnchorElement ? current.href : location.href;
}

async function goOn() {
  await refresh().catch(() => {});
  setTimeout(goOn, EVERY);
}

field?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  field.form?.requestSubmit();
});
// Whoever has a keyboard goes on writing; on a telephone one would be pushed up over what arrived.
if (location.hash === "#phone" && matchMedia("(pointer: fine)").matches) field?.focus({ preventScroll: true });
setTimeout(goOn, EVERY);
