"""What an upload does to the forecast of an economy: the energy that retires, without it and with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kitaran.api.runs import Request as RunRequest
from kitaran.reference import library, own_data
from kitaran.reference.overrides import fingerprint
from kitaran.reference.own_data import Compared, Upload

EFFECT_YEARS = (2030, 2035, 2040)
MOVING_TABLES = frozenset({"ev_sales", "ev_stock", "ev_targets"})
KEPT = 64

Band = tuple[float, float, float]
State = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Effect:
    """Energy of the batteries that retire in a year, without and with the upload: p10, p50, p90 [GWh]."""

    economy: str
    year: int
    before: Band
    after: Band
    unit: str = "GWh"

    def as_dict(self) -> dict[str, Any]:
        return {
            "economy": self.economy,
            "year": self.year,
            "quantity": "retired_energy",
            "unit": self.unit,
            "before": dict(zip(("p10", "p50", "p90"), self.before, strict=True)),
            "after": dict(zip(("p10", "p50", "p90"), self.after, strict=True)),
        }


def effect_of(upload: Upload, economy: str, overrides: Path) -> tuple[Effect, ...]:
    """The energy that retires in 2030, 2035 and 2040 as things are, and with the upload accepted."""
    state = fingerprint(overrides)
    before = retired_energy(economy, overrides, state)
    with own_data.on_trial(upload, library(overrides)) as folder:
        after = retired_energy(economy, folder, state, upload.id)
    return tuple(Effect(economy, year, before[year], after[year]) for year in EFFECT_YEARS if year in before)


def most_changed(rows: Iterable[Compared]) -> list[str]:
    """Economies whose figures move the forecast, the one with the largest change in vehicles first."""
    change: dict[str, float] = {}
    for row in rows:
        if row.own.table in MOVING_TABLES:
            vehicles = row.own.cells.get("unit") == "vehicle"
            size = abs(row.figure - (row.present or 0.0)) if vehicles else 0.0
            code = str(row.own.cells["economy"])
            change[code] = change.get(code, 0.0) + size
    return sorted(change, key=lambda code: (-change[code], code))


def retired_energy(economy: str, overrides: Path, state: State, upload_id: str = "") -> dict[int, Band]:
    """Forecast of one economy with the packaged scenario: p10, p50, p90 by year [GWh]; kept by `state`."""
    key = (economy, state, upload_id)
    if key not in _forecasts:
        while len(_forecasts) >= KEPT:
            _forecasts.pop(next(iter(_forecasts)))
        _forecasts[key] = _run(economy, overrides)
    return _forecasts[key]


_forecasts: dict[tuple[str, State, str], dict[int, Band]] = {}


def _run(economy: str, overrides: Path) -> dict[int, Band]:
    from kitaran.planning import scenario

    asked = RunRequest()
    found = scenario.run_economy(
        scenario.load(asked.scenario), economy, samples=asked.samples, seed=asked.seed, overrides=overrides
    )
    energy = found.headline["retired_energy"]
    bands = zip(energy["p10"], energy["p50"], energy["p90"], strict=True)
    return dict(zip(found.years, bands, strict=True))
