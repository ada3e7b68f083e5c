"""Made profiles: an hourly year with a yearly and a daily wave, and two duties."""

from __future__ import annotations

import numpy as np

HOURS = np.arange(8761)
TIME_S = 3600.0 * HOURS
COMMUTER = [(0, 0.8), (7, 0.8), (8, 0.7), (17, 0.7), (18, 0.6), (22, 0.6), (24, 0.8)]
THREE_WHEELER = [(0, 1.0), (6, 1.0), (14, 0.2), (18, 0.2), (22, 1.0), (24, 1.0)]


def temperature_c(mean: float, yearly: float, daily: float) -> np.ndarray:
    """Waves with their minima on 15 January and at three in the morning [degC]."""
    day = HOURS / 24.0
    return (
        mean
        - yearly * np.cos(2 * np.pi * (day - 15) / 365)
        - daily * np.cos(2 * np.pi * (HOURS % 24 - 3) / 24)
    )


def soc(knots: list[tuple[float, float]]) -> np.ndarray:
    """A daily course through (hour, state of charge), over a year."""
    hours, values = zip(*knots, strict=True)
    day = np.interp(np.arange(25), hours, values)
    return np.append(np.tile(day[:24], 365), day[0])
