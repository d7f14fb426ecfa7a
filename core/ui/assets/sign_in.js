// The provider brings a visitor back to the first page: the tab keeps the link they opened. See core/ui/gate.py.
export default function ({ parentElement }) {
  try {
    sessionStorage.setItem("glidepath_return", location.pathname + location.search);
    const failed = sessionStorage.getItem("glidepath_sign_in") === "failed";
    sessionStorage.removeItem("glidepath_sign_in");
    if (failed) parentElement.querySelector(".failed").hidden = false;
  } catch {
    // a browser that lets no page keep anything: the visitor opens the link again
  }
}
