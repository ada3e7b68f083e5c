"""The ageing engine beside BLAST-Lite 1.1.1 in one run: speed, agreement, the fleet method, memory.

    python benchmarks/lifetime.py [--peer /path/to/python-with-blast-lite] [--weather YEAR.epw ...]

The peer needs numpy below 2 and so an interpreter of its own, also taken from KITARAN_BLAST_PYTHON. Without
it the ratios are left out and that is said. Each number is printed beside what it should reach. Both sides of
a ratio are processor time, so that a busy machine does not tilt it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
from dataclasses import fields
from pathlib import Path

import numpy as np

import lifetime_years
from kitaran.planning import lifetime
from kitaran.planning.lifetime import duty

PLACES = ("Bangkok", "Delhi", "Thimphu", "Ulaanbaatar", "Tokyo", "Jakarta")
PEER_SCRIPT = Path(__file__).parents[1] / "tests" / "oracles" / "lifetime"
HOURS = np.arange(8761)
DUTY = [(0, 1.0), (6, 1.0), (14, 0.2), (18, 0.2), (22, 1.0), (24, 1.0)]

PEER_TIMING = """
import json, sys, time, warnings
sys.path.insert(0, sys.argv[3])
import numpy as np
from blast_lite_lives import CLASSES, life
warnings.simplefilter("ignore"); np.seterr(all="ignore")
given, days = np.load(sys.argv[1]), int(sys.argv[2])
found = {}
for model in CLASSES:
    start = time.process_time()
    cell = life(model, given["time_s"], given["soc"], given["temperature_c"], days)
    found[model] = [time.process_time() - start, [float(q) for q in cell.outputs["q"]]]
print(json.dumps(found))
"""


def profile(cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An hourly year of a three-wheeler and one temperature series for each cell."""
    hours, values = zip(*DUTY, strict=True)
    day = np.interp(np.arange(25), hours, values)
    soc = np.append(np.tile(day[:24], 365), day[0])
    share = np.linspace(0, 1, cells)[:, None]
    waves = np.cos(2 * np.pi * (HOURS / 24 - 15) / 365), np.cos(2 * np.pi * (HOURS % 24 - 3) / 24)
    temperature = 16 + 12 * share - (11 - 8 * share) * waves[0] - (4 + share) * waves[1]
    return 3600.0 * HOURS, soc, temperature


def peer_lives(interpreter: str, days: int) -> dict[str, tuple[float, np.ndarray]]:
    """Seconds for one life by the peer and its state of health day by day, for each model."""
    time_s, soc, temperature = profile(2)
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "profile.npz"
        np.savez(given, time_s=time_s, soc=soc, temperature_c=temperature[-1])
        command = [interpreter, "-c", PEER_TIMING, str(given), str(days), str(PEER_SCRIPT)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {model: (s, np.array(soh)) for model, (s, soh) in json.loads(done.stdout).items()}


def daily(cells: int, years: int, interpreter: str | None) -> None:
    """Many cells with as many temperature series, day by day, one row for each model and method."""
    print(f"\n{cells} cells, {cells} temperature series, {years} years, daily")
    print(
        f"{'model':24}{'method':14}{'ms/life':>9}{'peer ms':>10}{'ratio':>8}{'reach':>7}  max |dSOH| to peer"
    )
    peer = peer_lives(interpreter, 365 * years) if interpreter else {}
    series = profile(cells)
    for model in lifetime.catalogue().values():
        for method in ("euler_daily", "closed_form"):
            start = time.process_time()
            life = lifetime.simulate(model, *series, years=years, method=method)
            each = (time.process_time() - start) / cells
            seconds, soh = peer.get(model.id, (float("nan"), np.full(365 * years + 1, np.nan)))
            difference = np.abs(life.soh[-1] - soh)
            apart = f"{np.nanmax(difference):.1e}" if np.isfinite(difference).any() else "peer not run"
            reach = 1000 if model.separates else 200
            print(
                f"{model.id:24}{method:14}{each * 1e3:9.2f}{seconds * 1e3:10.0f}{seconds / each:8.0f}"
                f"{reach:7d}  {apart}",
                flush=True,
            )


def fleet(lives: int, years: int) -> None:
    """The fleet method: a million scattered lives, and how far it is from closed_form in each setting.

    Seconds of processor time for a year's rates and for the lives, beside a floor: one power of each life and
    year.
    """
    print(f"\nfleet method: {lives:,} lives, {years} years, {len(PLACES)} places; processor seconds")
    print(
        f"{'model':24}{'rates':>7}{'lives':>7}{'both':>7}{'wall':>7}{'reach':>7}{'floors':>8}"
        f"  {'max |dSOH|':>10}{'reach':>8}  furthest in"
    )
    use = lifetime.setting(PLACES, "private_two_wheeler").windows
    draw = np.random.default_rng(1)
    scale, more = draw.lognormal(0, 0.1, lives), draw.lognormal(0, 0.2, lives)
    bins = np.sort(draw.integers(0, len(PLACES), lives))
    settings = {name: lifetime.setting(PLACES, name).windows for name in duty.duties()}
    for model in lifetime.catalogue().values():
        floor = floor_seconds(lives, years)
        start, wall = time.process_time(), time.perf_counter()
        rates = lifetime.annual_rates(model, use, years)
        made = time.process_time()
        lifetime.simulate_fleet(rates, bins, {state.name: scale for state in model.states}, more)
        done, elapsed = time.process_time(), time.perf_counter() - wall
        furthest, where = furthest_from_daily(model, settings, years)
        power = all(state.kernel != "sigmoid" for state in model.states)
        print(
            f"{model.id:24}{made - start:7.2f}{done - made:7.2f}{done - start:7.2f}{elapsed:7.2f}"
            f"{'2' if power else '-':>7}{(done - start) / floor:8.0f}"
            f"  {furthest:10.1e}{1e-3 if power else 5e-3:8.0e}  {where}",
            flush=True,
        )
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"peak memory of this process: {peak_gb:.2f} GB (reach 2)")


def floor_seconds(lives: int, years: int) -> float:
    """Processor time of one power of each life and year, in blocks that stay in the cache."""
    block = np.full(50_000, 0.7)
    start = time.process_time()
    for _ in range(years * lives // block.size):
        np.power(block, 0.5123)
    return time.process_time() - start


def furthest_from_daily(
    model: lifetime.AgeingModel, settings: dict[str, lifetime.Windows], years: int
) -> tuple[float, str]:
    """Largest difference of state of health to closed_form at year ends, and the duty and place it is in."""
    together = side_by_side(settings)
    bins = np.arange(together.lives)
    by_year = lifetime.simulate_fleet(lifetime.annual_rates(model, together, years), bins)
    daily = lifetime.simulate_windows(model, together, years).soh[:, ::365].T
    apart = np.abs(by_year - daily).max(axis=0)
    use, place = divmod(int(apart.argmax()), len(PLACES))
    return float(apart.max()), f"{list(settings)[use]}, {PLACES[place]}"


def side_by_side(settings: dict[str, lifetime.Windows]) -> lifetime.Windows:
    """Settings of the same places as the lives of one, duty by duty."""

    def of(name: str) -> np.ndarray:
        arrays = [getattr(item, name) for item in settings.values()]
        whole = [np.broadcast_to(a, (a.shape[0], len(PLACES), *a.shape[2:])) for a in arrays]
        return np.concatenate(whole, axis=1)

    return lifetime.Windows(**{item.name: of(item.name) for item in fields(lifetime.Windows)})


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", default=os.environ.get("KITARAN_BLAST_PYTHON"))
    options.add_argument("--cells", type=int, default=1000)
    options.add_argument("--years", type=int, default=20)
    options.add_argument("--lives", type=int, default=1_000_000)
    options.add_argument(
        "--weather", nargs="*", default=[], help="hourly years to rebuild, EPW; as lifetime_years.py"
    )
    chosen = options.parse_args()
    if not chosen.peer:
        print("blast-lite is not here: ratios are left out (name its interpreter by --peer).")
    daily(chosen.cells, chosen.years, chosen.peer)
    fleet(chosen.lives, chosen.years)
    if chosen.weather:
        lifetime_years.compare(chosen.weather)


if __name__ == "__main__":
    main()
