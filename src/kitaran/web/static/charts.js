// Redraws each chart with Vega where scripts run: it then fits its column and tells a figure under the pointer.
// The picture drawn by the server stays until then, and stays for good if anything fails or data is to be saved.
const STEP = 20;
const bundle = document.querySelector("meta[name='vega']")?.content;
const pictures = [...document.querySelectorAll("[data-chart]")];

function width(picture) {
  return Math.floor(picture.clientWidth / STEP) * STEP;
}

async function draw(picture) {
  const wanted = width(picture);
  if (!wanted || picture.dataset.width === String(wanted)) return;
  const address = new URL(picture.dataset.chart, location.href);
  address.searchParams.set("width", wanted);
  const answer = await fetch(address);
  if (!answer.ok) return;
  const stage = document.createElement("div");
  stage.hidden = true;
  stage.ariaHidden = "true"; // the figure speaks for it, and its table has every number
  picture.append(stage);
  await window.vegaEmbed(stage, await answer.json(), {
    actions: false,
    ast: true,
    defaultStyle: false,
    renderer: "svg",
    tooltip: { theme: "kitaran", disableDefaultStyle: true },
    formatLocale: { decimal: ".", thousands: "\u202f", grouping: [3], currency: ["", ""] },
  });
  stage.hidden = false;
  picture.replaceChildren(stage);
  picture.dataset.width = wanted;
}

async function start() {
  await import(bundle);
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => draw(entry.target)));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      seen.unobserve(entry.target);
      draw(entry.target).then(() => observer.observe(entry.target));
    }
  }, { rootMargin: "200px" });
  pictures.forEach((picture) => seen.observe(picture));
}

if (bundle && pictures.length && !navigator.connection?.saveData) start();
