export default function ({ data, parentElement }) {
  const said = parentElement.querySelector(".said");
  clearTimeout(said.waiting);
  said.waiting = setTimeout(() => {
    if (said.textContent !== data) said.textContent = data;
  }, 500);
}
