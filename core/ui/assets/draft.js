// Prices stay out of the address: the tab keeps them, so that a reload brings them back.
const KEPT = "glidepath_draft";

export default function ({ data, parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".draft");
  try {
    if (data.plan) {
      sessionStorage.setItem(KEPT, JSON.stringify(data));
    } else if (place.asked) {
      sessionStorage.removeItem(KEPT);
    } else {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
      if (kept.plan && kept.address === data.address) setTriggerValue("found", kept.plan);
    }
  } catch {
    // a browser that lets no page keep anything: prices last as long as the visit
  }
  place.asked = true;
}
