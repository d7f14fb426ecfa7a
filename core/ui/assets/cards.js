const LINES = ["name", "carbon", "who", "use"];

// What lies below the list: there the opened workload's fields are.
function showDetail() {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(".st-key-detail")?.scrollIntoView({ behavior: still ? "auto" : "smooth" });
}

function newCard(open) {
  const item = document.createElement("li");
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "card";
  button.onclick = () => open(button.dataset.id);
  for (const line of LINES) button.appendChild(document.createElement("span")).className = line;
  return item;
}

// Cards are changed in place, so that the focus stays where it is.
export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".cards");
  const open = (id) => {
    setTriggerValue("opened", id);
    showDetail();
  };
  while (list.children.length > data.cards.length) list.lastChild.remove();
  data.cards.forEach((card, place) => {
    const item = list.children[place] ?? list.appendChild(newCard(open));
    const button = item.firstChild;
    button.dataset.id = card.id;
    button.setAttribute("aria-current", String(card.id === data.open));
    LINES.forEach((line, nth) => {
      if (button.children[nth].textContent !== card[line]) button.children[nth].textContent = card[line];
    });
  });
}
