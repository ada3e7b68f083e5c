"""The stock model against its reach: flodym 1.1.0 in the same run, and vehicle age by battery age.

    python benchmarks/fleet.py [--peer PYTHON]

The peer has an interpreter of its own, also taken from KITARAN_FLODYM_PYTHON; without one only our own times
are shown. Both sides take the same Weibull lives, sold in the middle of the year: 50 economies x 5 classes x
6 chemistries x 61 years, each cohort with a life of its own. Times are of the processor; memory is what is
allocated beyond the input.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from math import gamma, sqrt

import numpy as np

from kitaran import fleet

SHAPE = (61, 50, 5, 6)

PEER = """
import json, logging, sys, time, tracemalloc
import numpy as np, flodym as fd
logging.disable(logging.CRITICAL)
rng = np.random.default_rng(1)
shape = (61, 50, 5, 6)
sizes = dict(zip("tecm", shape))
dims = fd.DimensionSet(dim_list=[
    fd.Dimension(letter=k, name="D" + k, dtype=int, items=list(range(1990, 1990 + n)))
    for k, n in sizes.items()])
sales, scale = rng.random(shape), 8 + 8 * rng.random(shape)
def prepared():
    lives = fd.WeibullLifetime(dims=dims, time_letter="t", weibull_scale=scale, weibull_shape=3.0)
    model = fd.InflowDrivenDSM(dims=dims, lifetime_model=lives)
    model.inflow.values[...] = sales
    return model
def seconds(work):
    start = time.process_time(); work(); return time.process_time() - start
whole = min(seconds(lambda: prepared().compute()) for _ in range(5))
model = prepared(); model.compute()
cached = min(seconds(model.compute) for _ in range(5))
tracemalloc.start(); model = prepared(); model.compute(); peak = tracemalloc.get_traced_memory()[1] / 1e6
print(json.dumps({"whole": whole, "cached": cached, "peak": peak, "stock": float(model.stock.values.sum())}))
"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--peer", default=os.environ.get("KITARAN_FLODYM_PYTHON"))
    peer_python = given.parse_args().peer
    print(f"load {os.getloadavg()[0]:.1f}")
    peer = None
    if peer_python:
        done = subprocess.run([peer_python, "-c", PEER], check=True, capture_output=True, text=True)
        peer = json.loads(done.stdout.splitlines()[-1])
        report("flodym 1.1.0", peer["whole"], f"{peer['peak']:.0f} MB")
        report("  with its survival kept", peer["cached"], "")
    else:
        print("no peer: KITARAN_FLODYM_PYTHON names no interpreter that has flodym 1.1.0")
    stock_and_flow(peer)
    vehicles_and_batteries()


def stock_and_flow(peer: dict[str, float] | None) -> None:
    """50 economies x 5 classes x 6 chemistries x 61 years, cohort-specific survival."""
    random = np.random.default_rng(1)
    sales, scale = random.random(SHAPE), 8 + 8 * random.random(SHAPE)
    shape = 3.0
    mean, cv = weibull(scale, shape)
    life = fleet.Life(fleet.Family.WEIBULL, mean, cv)
    table = survival_table(scale, shape)

    def from_lives() -> fleet.Projection:
        return fleet.project(sales, life, timing="middle")

    def from_table() -> fleet.Projection:
        return fleet.project(sales, fleet.Tabulated(table))

    if peer is not None:
        assert np.isclose(from_lives().vehicles_in_use.sum(), peer["stock"], rtol=1e-9)
        assert np.isclose(from_table().vehicles_in_use.sum(), peer["stock"], rtol=1e-9)
    for name, work, reach in (
        ("cohort-specific lives", from_lives, "10 times"),
        ("survival kept", from_table, "100 times"),
    ):
        own = fastest(work)
        faster = f"{peer['whole'] / own:.0f} times faster, " if peer else ""
        report(name, own, f"{faster}{extra_mb(work):.0f} MB more", f"{reach}, 50 MB")
        if peer and name == "survival kept":
            print(f"{'  over flodym with survival kept':38} {peer['cached'] / own:.0f} times faster")


def vehicles_and_batteries() -> None:
    """Vehicle age by battery age, 420 systems x 36 years, with reuse."""
    random = np.random.default_rng(2)
    sales, age = random.random((36, 420)), np.arange(31.0)
    vehicle = np.exp(-((age[:, None] / random.uniform(12, 20, 420)) ** 3))
    battery = np.exp(-((age[:, None] / random.uniform(8, 15, 420)) ** 4))
    for name, settings in (
        ("vehicle and battery age", {"reuse_share": 0.3}),
        ("  paired reuse", {"reuse_share": fleet.Reuse(0.5, 0.5, fleet.Paired(8))}),
        ("  retired by age of battery", {"reuse_share": 0.3, "retired_by_age": True}),
        ("  without reuse: convolution", {}),
    ):
        own = fastest(
            lambda s=settings: fleet.project(sales, vehicle, battery, timing="start", ends="at_once", **s)
        )
        report(name, own, "", "0.3 s" if name[0] != " " else "")


def weibull(scale: np.ndarray, shape: float) -> tuple[np.ndarray, float]:
    first, second = gamma(1 + 1 / shape), gamma(1 + 2 / shape)
    return scale * first, sqrt(second / first**2 - 1)


def survival_table(scale: np.ndarray, shape: float) -> np.ndarray:
    """Share in use at each year's end by cohort, sold in the middle of its year."""
    table = np.zeros((SHAPE[0], *SHAPE))
    for cohort in range(SHAPE[0]):
        age = (np.arange(SHAPE[0] - cohort) + 0.5)[:, None, None, None]
        table[cohort, cohort:] = np.exp(-((age / scale[cohort]) ** shape))
    return table


def fastest(work: Callable[[], object], times: int = 9) -> float:
    """Shortest of several tries, in seconds of the processor."""
    tries = []
    for _ in range(times):
        start = time.process_time()
        work()
        tries.append(time.process_time() - start)
    return min(tries)


def extra_mb(work: Callable[[], object]) -> float:
    """Most memory allocated while working, result included."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def report(what: str, seconds: float, found: str, reach: str = "") -> None:
    tail = f"   reach {reach}" if reach else ""
    print(f"{what:38} {1e3 * seconds:8.1f} ms   {found}{tail}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
