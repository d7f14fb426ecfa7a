// On a phone the list of pages covers the page: shut it once a page was picked, and let no visit begin with it open.
// A number that may be blank is a line of text: it brings the keys for numbers all the same.
const NUMBER = "[data-testid=stTextInputField][autocomplete=off]";

export default function () {
  if (window.glidepathPages) return;
  window.glidepathPages = true;
  document.addEventListener("pointerdown", ({ target }) => {
    if (target.matches(NUMBER)) target.inputMode = "decimal";
  });
  document.addEventListener("click", ({ target }) => {
    if (!matchMedia("(max-width: 768px)").matches) return;
    const list = document.querySelector("[data-testid=stSidebar]");
    if (target.closest("a") && list?.contains(target)) list.querySelector("button[aria-expanded=true]")?.click();
    const kept = Object.keys(localStorage).filter((name) => name.startsWith("stSidebarCollapsed-"));
    kept.forEach((name) => localStorage.removeItem(name));
  });
}
