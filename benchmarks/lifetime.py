"""Ageing engine against BLAST-Lite 1.1.1 in the same run: speed per life, agreement, the fleet method, memory.

    python benchmarks/lifetime.py [--peer /path/to/python-with-blast-lite] [--cells 1000] [--years 20]

The peer needs numpy below 2 and so an interpreter of its own, also taken from KITARAN_BLAST_PYTHON. Without it
the ratios are left out and that is said. Each number is printed beside what it should reach.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from kitaran.planning import lifetime

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
    start = time.perf_counter()
    cell = life(model, given["time_s"], given["soc"], given["temperature_c"], days)
    found[model] = [time.perf_counter() - start, [float(q) for q in cell.outputs["q"]]]
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
    print(f"{'model':24}{'method':14}{'ms/life':>9}{'peer ms':>10}{'ratio':>8}{'reach':>7}  max |dSOH| to peer")
    peer = peer_lives(interpreter, 365 * years) if interpreter else {}
    series = profile(cells)
    for model in lifetime.catalogue().values():
        for method in ("euler_daily", "closed_form"):
            start = time.perf_counter()
            life = lifetime.simulate(model, *series, years=years, method=method)
            each = (time.perf_counter() - start) / cells
            seconds, soh = peer.get(model.id, (float("nan"), np.full(365 * years + 1, np.nan)))
            difference = np.abs(life.soh[-1] - soh)
            apart = f"{np.nanmax(difference):.1e}" if np.isfinite(difference).any() else "peer not run"
            reach = 1000 if model.separates else 200
            print(
                f"{model.id:24}{method:14}{each * 1e3:9.2f}{seconds * 1e3:10.0f}{seconds / each:8.0f}"
                f"{reach:7d}  {apart}",
                flush=True,
            )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", default=os.environ.get("KITARAN_BLAST_PYTHON"))
    options.add_argument("--cells", type=int, default=1000)
    options.add_argument("--years", type=int, default=20)
    chosen = options.parse_args()
    if not chosen.peer:
        print("blast-lite is not here: ratios are left out (name its interpreter by --peer).")
    daily(chosen.cells, chosen.years, chosen.peer)


if __name__ == "__main__":
    main()
