"""A cost curve in one call against one call a scale, in the same run.

python benchmarks/plant_curves.py
"""

from __future__ import annotations

import time

import numpy as np

from kitaran import processes

SCALES, SINGLES = 10_000, 200


def seconds_of(route: str, tonnes: object) -> float:
    started = time.process_time()
    processes.cost(route, "NMC622", "eol_cell", tonnes, "THA")  # type: ignore[arg-type]
    return time.process_time() - started


def main() -> None:
    scales = np.geomspace(500, 200_000, SCALES)
    for route in processes.ROUTES:
        seconds_of(route, scales)
        together = min(seconds_of(route, scales) for _ in range(3)) / SCALES
        alone = sum(seconds_of(route, float(scale)) for scale in scales[:SINGLES]) / SINGLES
        print(
            f"{route:20} {1e6 * together:6.1f} us a scale in one call, {1e6 * alone:8.0f} us alone:"
            f" {alone / together:6.0f} times"
        )


if __name__ == "__main__":
    main()
