"""Pulse tests of a made-up cell, for tests that need no measured one: a resistance, and a voltage that rises
with charge."""

from __future__ import annotations

import numpy as np

from kitaran.registry.triage.columns import VOLTAGE_COLUMNS

RATES = (0.5, 1.0, 1.5, 2.0, 2.5)


def voltages(soh: float, charge: float, noise: np.random.Generator | None = None) -> list[float]:
    """21 voltages of a cell whose resistance doubles by the time it has lost a third."""
    resistance = 0.04 * (1 + 3 * (1 - soh))
    rest = 3.2 + 0.9 * charge / soh
    steps = [rest]
    for rate in RATES:
        for sign in (1, -1):
            steps += [rest + sign * rate * resistance, rest + sign * 0.2 * rate * resistance]
    shaken = np.array(steps) + (noise.normal(0, 2e-4, len(steps)) if noise else 0.0)
    return [float(each) for each in shaken]


def rows(cells: int = 16, seed: int = 5, name: str = "made", nominal: str = "10") -> list[dict[str, str]]:
    """Labelled tests: each cell at six charges."""
    noise = np.random.default_rng(seed)
    told = []
    for cell in range(cells):
        soh = 0.6 + 0.38 * cell / (cells - 1)
        for charge in (0.1, 0.2, 0.3, 0.4, 0.5):
            told.append(
                {
                    "chemistry": "NMC",
                    "q_nominal_ah": nominal,
                    "soh": f"{soh:.5f}",
                    "physical_cell": f"{name}-{cell:02d}",
                    "pulse_s": "5",
                    "soc_pct": f"{100 * charge:g}",
                }
                | dict(zip(VOLTAGE_COLUMNS, map(str, voltages(soh, charge, noise)), strict=True))
            )
    return told
