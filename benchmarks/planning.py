"""The forecast against its reach: time and memory of the baseline, one economy, and the balance kernel.

    python benchmarks/planning.py [--samples 200]

Each number is printed beside what it should reach. The floor of the convolution is the same sum as one matrix
product for each sample, timed in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kitaran.planning import scenario
from kitaran.planning.fleet import Family, Life, Replacement, outflow, vehicle_kernel

RUN = """
import json, resource, sys, time
from pathlib import Path
from kitaran.planning import scenario
chosen = scenario.load("asia-pacific").model_copy(update={"battery_lifetimes": sys.argv[3]})
start, worked = time.perf_counter(), time.process_time()
scenario.run(chosen, Path(sys.argv[1]), samples=int(sys.argv[2]), seed=1)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([time.perf_counter() - start, time.process_time() - worked, peak]))
"""
FEW_SAMPLES = 200  # up to here 45 s and 2 GB are the reach; 60 s for 1,000 samples


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--samples", type=int, default=200)
    samples = given.parse_args().samples
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"{cores} cores, load {os.getloadavg()[0]:.1f}, {samples} samples")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "engine"
        seconds, worked, peak_mb = whole_region(out, samples, "engine")
        _, by_tables, _ = whole_region(Path(folder) / "tables", samples, "tables")
        written = sum(file.stat().st_size for file in out.iterdir()) / 1e6
        report("whole region", f"{seconds:.1f} s", "60 s" if samples > FEW_SAMPLES else "45 s")
        report("  processor time", f"{worked:.1f} s", "")
        report("  over that by lifetime tables", f"{worked / by_tables:.1f}", "")
        report("  peak memory", f"{peak_mb:.0f} MB", "2,000 MB" if samples <= FEW_SAMPLES else "")
        report("  written", f"{written:.0f} MB", "")
        read = scenario.read_run(out)
        read.headline("THA", 2035, "retired_energy")
        report("query of one figure", f"{1e3 * fastest(lambda: read.headline('THA', 2035)):.0f} ms", "")
    chosen = scenario.load("asia-pacific")
    first = fastest(lambda: scenario.run_economy(chosen, "THA", samples), 1)
    report("one economy, first", f"{first:.2f} s", "")
    report("one economy", f"{fastest(lambda: scenario.run_economy(chosen, 'THA', samples)):.2f} s", "2 s")
    kernels(samples)


def whole_region(out: Path, samples: int, lifetimes: str) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, and peak memory [MB], of the baseline in a process of its
    own."""
    command = [sys.executable, "-c", RUN, str(out), str(samples), lifetimes]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, worked, peak_mb = json.loads(done.stdout)
    return seconds, worked, peak_mb


def kernels(samples: int) -> None:
    """A kernel, and the convolution of 51 cohorts with 12 chemistries."""
    random = np.random.default_rng(1)
    vehicle = Life(Family.WEIBULL, 14 + random.random(samples), 0.3)
    battery = Life(Family.LOGISTIC, 12 + random.random(samples), 0.3)
    rule = Replacement(np.full(samples, 0.5), np.full(samples, 0.9))
    report(
        "one kernel of 51 years",
        f"{1e3 * fastest(lambda: vehicle_kernel(vehicle, battery, rule, 51)):.0f} ms",
        "",
    )
    sold, kernel = random.random((51, 12, samples)), random.random((51, samples))
    lag = np.subtract.outer(np.arange(51), np.arange(51))
    shifted = np.where(lag[..., None] >= 0, kernel[np.maximum(lag, 0)], 0.0).transpose(2, 0, 1).copy()
    turned = sold.transpose(2, 0, 1).copy()
    ours, floor = fastest(lambda: outflow(sold, kernel)), fastest(lambda: shifted @ turned)
    assert np.allclose(outflow(sold, kernel), (shifted @ turned).transpose(1, 2, 0))
    report("convolution over its floor", f"{ours / floor:.1f} ({1e3 * ours:.1f} ms)", "")


def fastest(work: Callable[[], object], times: int = 5) -> float:
    """Shortest of several tries, in seconds."""
    tries = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        tries.append(time.perf_counter() - start)
    return min(tries)


def report(what: str, found: str, reach: str) -> None:
    print(f"{what:30} {found:>18}   {'reach ' + reach if reach else ''}".rstrip())


if __name__ == "__main__":
    main()
