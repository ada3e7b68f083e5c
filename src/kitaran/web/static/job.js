// Follows a job: moves the bar, and loads the page anew when the job is over.
const place = document.querySelector("[data-job]");

async function look() {
  const answer = await fetch(place.dataset.job, { cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  const job = await answer.json();
  if (job.over) return location.reload();
  const state = place.querySelector("[data-state]");
  if (job.state === "running") state.textContent = state.dataset.running;
  place.querySelector("[data-stage]").textContent = job.stage || "";
  if (job.fraction !== null) {
    const percent = Math.round(100 * job.fraction);
    place.querySelector("progress").value = percent;
    place.querySelector("[data-percent]").textContent = percent;
  }
  setTimeout(follow, 500);
}

function follow() {
  look().catch(() => setTimeout(follow, 3000));
}

if (place) follow();
