// Which draft of an import is this tab's: a reload takes it up again. Only its number is kept here, nothing of a file.
const KEPT = "glidepath_import";

export default function ({ data, setTriggerValue }) {
  try {
    if (data.token) {
      sessionStorage.setItem(KEPT, data.token);
    } else if (window.glidepathImportAsked) {
      sessionStorage.removeItem(KEPT);
    } else {
      const kept = sessionStorage.getItem(KEPT);
      if (kept) setTriggerValue("found", kept);
    }
  } catch {
    // a browser that lets no page keep anything: a draft lasts as long as the visit
  }
  window.glidepathImportAsked = true;
}
