"""What a proposal does to the forecast of its economy, worked out before anybody accepts it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kitaran import __version__
from kitaran.reference import library
from kitaran.reference.own_data import Upload, on_trial

if TYPE_CHECKING:
    from kitaran.planning.scenario.model import Scenario
    from kitaran.planning.scenario.running import EconomyRun

YEARS: Final = (2030, 2035, 2040)
QUANTITIES: Final = ("retired_batteries", "retired_energy")
SAMPLES: Final = 200
SEED: Final = 1
_SCENARIO: Final = "asia-pacific"


def effect_of(upload: Upload, economy: str, overrides: Path, samples: int = SAMPLES) -> dict[str, Any]:
    """Headline of an economy without and with an upload, by quantity and year, and its stock by cohort.

    `figures` names the state of the facts with which it was worked out.
    """
    from kitaran.planning import scenario

    plan = scenario.load(_SCENARIO)
    before = _headline(plan, economy, overrides, samples)
    with on_trial(upload, library(overrides)) as folder:
        after = _headline(plan, economy, folder, samples)
    return {
        "scenario": _SCENARIO,
        "samples": samples,
        "figures": state_of(overrides),
        "headline": [
            {
                "quantity": name,
                "unit": after.units[name],
                "year": year,
                "before": _band(before.headline[name], after.years.index(year)),
                "after": _band(after.headline[name], after.years.index(year)),
            }
            for name in QUANTITIES
            for year in YEARS
        ],
        "stock": after.initial_stock,
    }


def _headline(plan: Scenario, economy: str, overrides: Path, samples: int) -> EconomyRun:
    from kitaran.planning import scenario

    return scenario.run_economy(plan, economy, samples=samples, seed=SEED, overrides=overrides)


def _band(series: Mapping[str, list[float]], at: int) -> dict[str, float]:
    return {name: series[name][at] for name in ("p10", "p50", "p90")}


def state_of(overrides: Path) -> str:
    """Digest of the version and of the workspace's own figures; equal as long as nothing else would come
    out."""
    digest = hashlib.sha256(__version__.encode())
    for file in sorted(overrides.glob("*.csv")):
        digest.update(f"{file.name}:".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
