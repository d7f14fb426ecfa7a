// On a phone the list of pages covers the page: shut it once a page was picked, and let no visit begin with it open.
// A number that may be blank is a line of text: it brings the keys for numbers all the same.
const NUMBER = "[data-testid=stTextInputField][autocomplete=off]";

// An open panel stands at the document's end: Tab leads from its button into it, and Escape back.
const PANEL = "[data-testid=stPopoverButton][aria-expanded=true]";
const STOPS = ":is(a[href], button, input, select, textarea, summary, [tabindex='0']):not(:disabled, [tabindex='-1'])";

function firstStop(root) {
  for (const one of root.querySelectorAll("*")) {
    const found = one.matches(STOPS) ? one : one.shadowRoot && firstStop(one.shadowRoot);
    if (found) return found;
  }
  return null;
}

// A button that goes, or has nothing left to do, leaves the keyboard nowhere: its pair has it next, or the answer.
const PAIR = ":is(.st-key-undo, .st-key-redo) button:enabled";
const LOOK_MS = 100;
const LOST_MS = 10_000;
let looking;

function afterPress({ key, target }) {
  clearInterval(looking);
  if (!["Enter", " "].includes(key) || !target.matches("[data-testid=stMain] button")) return;
  const paired = target.closest(".st-key-undo, .st-key-redo");
  const end = performance.now() + LOST_MS;
  looking = setInterval(() => {
    const lost = document.activeElement === document.body;
    if (!lost && performance.now() < end) return;
    clearInterval(looking);
    if (!lost) return;
    const next = (paired && document.querySelector(PAIR)) || document.querySelector("[data-testid=stMain] h2");
    if (next?.matches("h2")) next.tabIndex = -1;
    next?.focus({ preventScroll: true });
  }, LOOK_MS);
}

export default function () {
  if (window.glidepathPages) return;
  window.glidepathPages = true;
  document.addEventListener("pointerdown", ({ target }) => {
    if (target.matches(NUMBER)) target.inputMode = "decimal";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey || !event.target.matches(PANEL)) return;
    const panel = [...document.querySelectorAll("[data-testid=stPopoverBody]")].at(-1);
    const first = panel && firstStop(panel);
    if (!first) return;
    event.preventDefault();
    first.focus();
  });
  document.addEventListener("keydown", afterPress);
  document.addEventListener("pointerdown", () => clearInterval(looking));
  document.addEventListener("click", ({ target }) => {
    if (!matchMedia("(max-width: 768px)").matches) return;
    const list = document.querySelector("[data-testid=stSidebar]");
    if (target.closest("a") && list?.contains(target)) list.querySelector("button[aria-expanded=true]")?.click();
    const kept = Object.keys(localStorage).filter((name) => name.startsWith("stSidebarCollapsed-"));
    kept.forEach((name) => localStorage.removeItem(name));
  });
}
