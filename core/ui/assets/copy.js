export default function ({ data, parentElement }) {
  const button = parentElement.querySelector(".copy");
  const done = parentElement.querySelector(".done");
  const address = parentElement.querySelector(".address");
  const url = new URL(window.location.href);
  const asked = data.asked ?? data;
  if (data.path) url.pathname = data.path; // of a data link; without it, this page
  url.search = asked ? "?" + asked : "";
  url.hash = "";
  address.value = url.href;
  if (button.link !== url.href) done.textContent = "";
  button.link = url.href;
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(url.href);
      done.textContent = "Link copied";
    } catch {
      address.select();
      done.textContent = document.execCommand("copy") ? "Link copied" : "Press Ctrl+C to copy";
    }
  };
}
