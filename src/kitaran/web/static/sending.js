// Before a form is sent, ask whether the server can be reached: without a network the page stays, with all that
// was typed and every photo that was chosen. Without scripts the form is sent as ever.
const notice = document.getElementById("no-network");
const WITHIN_MS = 20000;

async function reached() {
  if (!navigator.onLine) return false;
  try {
    const asked = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(WITHIN_MS) };
    await fetch(notice.dataset.ask, asked);
    return true;
  } catch {
    return false;
  }
}

for (const form of document.querySelectorAll('form[method="post"]')) {
  let sends = false;
  let asks = false;
  form.addEventListener("submit", async (event) => {
    if (sends) return;
    event.preventDefault();
    if (asks) return;
    asks = true;
    const button = event.submitter;
    const there = await reached();
    asks = false;
    if (there) {
      sends = true;
      notice.hidden = true;
      form.requestSubmit(button);
      sends = false;
    } else {
      notice.hidden = false;
      notice.scrollIntoView({ block: "center" });
      notice.focus();
    }
  });
}
