// Looks for a code with the camera, where the browser can, and opens what it says.
const place = document.querySelector("[data-camera]");
const KNOWN = ["qr_code", "data_matrix", "code_128", "ean_13"];

async function look(detector, view) {
  const [code] = await detector.detect(view);
  if (code) return location.assign(`/scan?code=${encodeURIComponent(code.rawValue)}`);
  setTimeout(() => look(detector, view), 200);
}

async function start(button, view, state) {
  const formats = (await BarcodeDetector.getSupportedFormats()).filter((each) => KNOWN.includes(each));
  view.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  view.hidden = false;
  button.hidden = true;
  await view.play();
  state.textContent = state.dataset.looking;
  await look(new BarcodeDetector({ formats }), view);
}

if (place && "BarcodeDetector" in window && navigator.mediaDevices) {
  const [button, view, state] = ["start", "view", "state"].map((part) =>
    place.querySelector(`[data-camera-${part}]`),
  );
  place.hidden = false;
  button.addEventListener("click", () =>
    start(button, view, state).catch(() => {
      state.textContent = state.dataset.refused;
    }),
  );
}
