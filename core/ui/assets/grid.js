// No key typed into the grid is lost, and the grid is drawn anew only when nobody types in it.
// By itself it loses keys: its editor comes late the first time, closes late after Enter, drops its text when it is ended
// while an answer is being drawn, and a frame after a click the grid takes the keyboard back from an editor that a key
// has opened meanwhile. Keys that come too early are held, and so is a click behind them. An editor is ended only while
// nothing is sent or drawn: the grid sends a cell 150 ms after it was typed, and who ends the next one just then loses it.
const EDITOR = "[id^=gdg-overlay-] :is(input, textarea)";
const GRID = "[data-testid=stDataFrame]";
const ENDS = ["Enter", "Tab", "Escape"];
const LATE_MS = 2000; // an editor that has not come by then will not come
const STEP_MS = 5;
const SENT_MS = 170; // from an editor's end until the grid has sent its cell; timers keep their order, however late
const ANSWER_MS = 400; // from there until the page says that its run goes on
const POINTER = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
const QUIET_MS = 1000; // nobody types who has not pressed a key for so long

const keys = {
  held: [],
  asked: 0, // when a key asked for an editor that is not there yet
  ended: null, // the editor that a key has ended and that is still there
  endedAt: 0,
  last: 0, // when the last key was pressed
  sending: 0, // the timer of a cell on its way to the server
  since: 0, // since when the first of those held waits for calm
  stepping: false,
  pressing: false,
};
const editor = () => document.querySelector(EDITOR);

function press(element, { key, shiftKey }) {
  keys.pressing = true;
  element.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true, composed: true }));
  keys.pressing = false;
}

function end(box) {
  keys.ended = box;
  keys.endedAt = performance.now();
}

function type(box, key) {
  if (document.activeElement !== box) box.focus();
  if (ENDS.includes(key.key)) {
    press(box, key);
    end(box);
  } else if (key.key.length === 1) {
    document.execCommand("insertText", false, key.key);
  } else if (key.key === "Backspace" || key.key === "Delete") {
    document.execCommand(key.key === "Delete" ? "forwardDelete" : "delete");
  }
}

const atRest = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning";

// A cell was typed: until it is sent, and the page has begun to answer, the grid is not calm.
function sends() {
  clearTimeout(keys.sending);
  const sent = (left) => {
    keys.sending = left > 0 && atRest() ? setTimeout(sent, STEP_MS, left - STEP_MS) : 0;
  };
  keys.sending = setTimeout(sent, SENT_MS, ANSWER_MS);
}

// Whether an editor can be ended without losing its text; who has waited too long goes on.
function calm(now) {
  if ((!keys.sending && atRest()) || (keys.since && now - keys.since > LATE_MS)) {
    keys.since = 0;
    return true;
  }
  keys.since ||= now;
  return false;
}

function point(event, target) {
  keys.pressing = true;
  target.dispatchEvent(new event.constructor(event.type, event));
  if (event.type === "mousedown") target.focus?.({ preventScroll: true }); // which a browser does for a real one
  keys.pressing = false;
}

// Whether the grid is still on its way to an editor, or away from one.
function unready(now) {
  const box = editor();
  if (keys.ended && (keys.ended !== box || now - keys.endedAt > LATE_MS)) {
    keys.ended = null;
    sends();
  }
  if (box || now - keys.asked > LATE_MS) keys.asked = 0;
  return keys.ended !== null || keys.asked > 0;
}

function step() {
  const now = performance.now();
  if (!unready(now) && keys.held.length) {
    const box = editor();
    const grid = document.activeElement?.closest(GRID) ? document.activeElement : null;
    const ends = keys.held[0].event || ENDS.includes(keys.held[0].key);
    if (box && ends && !calm(now)) return void setTimeout(step, STEP_MS);
    const key = keys.held.shift();
    if (key.event) {
      point(key.event, key.target);
      if (box) end(box);
    } else if (box) {
      type(box, key);
    } else if (grid) {
      press(grid, key);
      if (key.key.length === 1) keys.asked = now;
    } else {
      keys.held = []; // the reader has left the grid
    }
  }
  keys.stepping = unready(now) || keys.held.length > 0;
  if (keys.stepping) setTimeout(step, STEP_MS);
}

function watch() {
  if (!keys.stepping) setTimeout(step, STEP_MS);
  keys.stepping = true;
}

function onKey(event) {
  if (keys.pressing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = editor();
  const inBox = box !== null && event.target === box;
  if (!inBox && !event.target.closest?.(GRID)) return;
  keys.last = performance.now();
  if (["Shift", "CapsLock"].includes(event.key)) return;
  if (unready(keys.last) || keys.held.length) {
    event.preventDefault();
    event.stopImmediatePropagation();
    keys.held.push({ key: event.key, shiftKey: event.shiftKey });
    watch();
  } else if (inBox) {
    if (!ENDS.includes(event.key)) return;
    event.preventDefault(); // ended while an answer is being drawn, the editor would drop what was typed
    event.stopImmediatePropagation();
    keys.held.push({ key: event.key, shiftKey: event.shiftKey });
    keys.stepping = true;
    requestAnimationFrame(() => requestIdleCallback(step, { timeout: LATE_MS / 10 }));
  } else if (box) {
    event.preventDefault(); // the grid has the keyboard, though its editor is open
    event.stopImmediatePropagation();
    type(box, event);
    watch();
  } else if (event.key.length === 1) {
    keys.asked = keys.last;
    watch();
  }
}

// A click behind held keys waits its turn: at once, it would end the editor that they are meant for.
function onPointer(event) {
  if (keys.pressing || !event.target.closest?.(GRID)) return;
  if (!keys.held.length && !unready(performance.now())) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  keys.held.push({ event, target: event.target });
  watch();
}

let waiting = 0;

function drawAnew(trigger) {
  clearTimeout(waiting);
  const typing = editor() || keys.stepping || performance.now() - keys.last < QUIET_MS;
  if (typing) waiting = setTimeout(() => drawAnew(trigger), QUIET_MS / 4);
  else trigger("anew", true);
}

export default function ({ data, setTriggerValue }) {
  if (!window.glidepathGrid) {
    document.addEventListener("keydown", onKey, true);
    for (const name of POINTER) window.addEventListener(name, onPointer, true);
  }
  window.glidepathGrid = true;
  clearTimeout(waiting);
  if (data.refused) drawAnew(setTriggerValue);
}
