// Streamlit's page waits for the reader when its socket is back. The server it then speaks to may be another one that
// knows nothing of the page: run it at once, by what stands in the address and in the fields.
const APP = "[data-testid=stApp]";
const STATE = "data-test-connection-state";

export default function ({ setTriggerValue }) {
  window.glidepathAsk = () => setTriggerValue("again", true);
  if (window.glidepathBack) return;
  window.glidepathBack = true;
  const app = document.querySelector(APP);
  if (!app) return;
  let before = app.getAttribute(STATE);
  new MutationObserver(() => {
    const now = app.getAttribute(STATE);
    if (now === "CONNECTED" && before !== now) window.glidepathAsk();
    before = now;
  }).observe(app, { attributes: true, attributeFilter: [STATE] });
}
