// Prices stay out of the address: the tab keeps them, so that a reload brings them back.
const KEPT = "glidepath_draft";
// Asked once a load of the page: a component that is mounted anew must not bring back what was just taken out.

export default function ({ data, setTriggerValue }) {
  try {
    if (data.plan) {
      sessionStorage.setItem(KEPT, JSON.stringify(data));
    } else if (window.glidepathDraftAsked) {
      sessionStorage.removeItem(KEPT);
    } else {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
      if (kept.plan && kept.address === data.address) setTriggerValue("found", kept.plan);
    }
  } catch {
    // a browser that lets no page keep anything: prices last as long as the visit
  }
  window.glidepathDraftAsked = true;
}
