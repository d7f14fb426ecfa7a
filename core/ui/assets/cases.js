function put(parent, kind, text = "", name = "") {
  const made = parent.appendChild(document.createElement(kind));
  if (text) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function figure(parent, name, text, struck) {
  const cell = put(parent, "span", "", "figure");
  put(cell, "span", name, "name");
  put(cell, struck ? "s" : "span", text);
}

function line(parent, name, text) {
  if (!text) return;
  const paragraph = put(parent, "p");
  put(paragraph, "span", name + " ", "label");
  paragraph.append(text);
}

function summary(parent, one) {
  const head = put(parent, "summary");
  const title = put(head, "span", one.title, "title");
  put(title, "span", (one.claim ? one.claim + " · " : "") + one.article, "name");
  put(head, "span", one.verdict, "verdict " + one.tone);
  figure(head, "As printed", one.printed, one.struck);
  figure(head, "Recomputed", one.checked, false);
  figure(head, "This app", one.ours, false);
  figure(head, "Corrected", one.corrected, false);
}

function inside(parent, one, open) {
  const box = put(parent, "div", "", "inside");
  line(box, "The article says:", one.item);
  line(box, "Check:", one.found);
  line(box, "Carry instead:", one.carry);
  line(box, "Status:", one.status);
  line(box, "This app's figure:", one.of);
  line(box, "Its expected error:", one.error);
  for (const [name, sum] of one.arithmetic) line(box, name + ":", sum);
  line(box, "In the app:", one.about);
  put(box, "p", "Sources:", "label");
  const list = put(box, "ul");
  for (const source of one.sources) {
    const item = put(list, "li");
    if (!source.url) item.textContent = source.text;
    else Object.assign(put(item, "a", source.text), { href: source.url, target: "_blank", rel: "noopener" });
  }
  if (!one.open) {
    put(box, "p", one.nothing);
    return;
  }
  put(box, "p", one.shows);
  const button = put(box, "button", one.open, "open");
  button.type = "button";
  button.setAttribute("aria-label", one.open + ": " + one.title);
  button.onclick = () => open(one.id);
}

// A case is written out when it is first unfolded; those that stay in the list stay as they are.
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".cases");
  const open = (id) => setTriggerValue("opened", id);
  const text = JSON.stringify(data.cases);
  if (list.shown === text) return;
  list.shown = text;
  const unfolded = new Set([...list.querySelectorAll("details[open]")].map((each) => each.dataset.id));
  list.replaceChildren();
  for (const one of data.cases) {
    const details = put(put(list, "li", "", "case"), "details");
    details.dataset.id = one.id;
    summary(details, one);
    details.addEventListener("toggle", () => details.children.length < 2 && inside(details, one, open));
    details.open = unfolded.has(one.id);
  }
}
