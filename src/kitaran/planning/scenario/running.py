"""Run a scenario for the region, or for one economy at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kitaran.foundation.disk import filled_folder
from kitaran.foundation.errors import InputError
from kitaran.foundation.progress import NO_PROGRESS, Progress
from kitaran.planning.scenario.assumptions import TABLE, Assumptions
from kitaran.planning.scenario.chain_rules import TABLES as TABLES_AFTER_FIRST_LIFE
from kitaran.planning.scenario.chain_run import Whole
from kitaran.planning.scenario.chosen import chosen_economies
from kitaran.planning.scenario.claims import USED_TABLES as TABLES_OF_CLAIMS
from kitaran.planning.scenario.claims import as_table, set_beside
from kitaran.planning.scenario.claims_outcome import Gathering
from kitaran.planning.scenario.economy_result import YEARS
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.grades import parts_of
from kitaran.planning.scenario.manifest import NAME, encoded, manifest
from kitaran.planning.scenario.model import Scenario
from kitaran.planning.scenario.needs import USED_TABLES as TABLES_OF_NEEDS
from kitaran.planning.scenario.observed_tables import by_cohort
from kitaran.planning.scenario.provenance import Input
from kitaran.planning.scenario.region import Region
from kitaran.planning.scenario.results import Results, headline_arrays, headline_grades
from kitaran.planning.scenario.tables import write_parquet
from kitaran.planning.scenario.verdict import Verdict, verdict

SAMPLES = 200
SEED = 1
FEWEST_SAMPLES = 10
MOST_SAMPLES = 10_000
_TABLES_ALWAYS_USED = (
    TABLE,
    "economies",
    "vehicle_market",
    "macro",
    "ev_sales",
    "ev_stock",
    "ev_sales_share",
    "class_split",
)
_TABLES_OF_THE_ENGINE = (
    *("ageing_models", "ageing_equations", "ageing_voltages", "climate_normals", "climate_places"),
    *("chemistry_models", "duty_of_use", "duties", "duty_profiles", "duty_hours", "first_life_end"),
    *("lifetime_assumptions", "thermal"),
)


@dataclass(frozen=True)
class RunResult:
    """Where a run stands, and its headline."""

    manifest_path: Path
    headline: list[dict[str, object]]

    def as_json(self) -> str:
        """One JSON object: `manifest` (path) and `headline`."""
        return json.dumps(
            {"manifest": str(self.manifest_path), "headline": self.headline}, separators=(",", ":")
        )


def run(
    scenario: Scenario,
    out: Path,
    samples: int = SAMPLES,
    seed: int = SEED,
    progress: Progress | None = None,
    overrides: Path | None = None,
) -> RunResult:
    """Forecast every economy of a scenario and write the tables of the run and its manifest into `out`.

    Economies are done one after the other, so that memory does not grow with their number. `out` holds
    the whole run or nothing of it. InputError if samples or seed are out of range; WorkspaceError if
    `out` cannot be written.
    """
    _check(samples, seed)
    reporter = progress or NO_PROGRESS
    forecast = Forecast.of(scenario, Region(Assumptions(scenario, samples, seed, overrides), overrides))
    chosen, whole = chosen_economies(scenario), Whole(forecast)
    results, used = Results(samples, forecast.assume.draws.scores), set(_TABLES_ALWAYS_USED)
    used |= {*TABLES_AFTER_FIRST_LIFE, *TABLES_OF_NEEDS}
    used |= set(_TABLES_OF_THE_ENGINE) if scenario.by_engine else set()
    reporter.stage("Reading the region", len(chosen))
    for place in chosen:
        forecast.region.prepare(place.code)
        reporter.advance()
    gathering = Gathering(samples) if scenario.claims == "published" else None
    reporter.stage("Forecasting economies", len(chosen))
    for place in chosen:
        result, found = whole.economy(place.code)
        used |= {entry.table for entry in result.trail.inputs}
        results.add(result, place.in_region, found)
        if gathering is not None and place.in_region:
            gathering.add(result)
        reporter.advance()
    forecast.kernels.forget()
    reporter.stage("Writing the tables", 2)
    results.close()
    if gathering is not None:
        results.tables["claims"] = as_table(set_beside(gathering.outcome(overrides), overrides))
        used |= set(TABLES_OF_CLAIMS)
    with filled_folder(Path(out), NAME) as folder:
        write_parquet(results.tables, folder)
        reporter.advance()
        codes = (place.code for place in chosen)
        content = manifest(scenario, samples, seed, codes, used, overrides, folder, results.retired_by())
        (folder / NAME).write_bytes(encoded(content))
        reporter.advance()
    return RunResult(Path(out) / NAME, results.headline)


@dataclass(frozen=True)
class EconomyRun:
    """One economy, not written anywhere.

    headline : by quantity (unit in `units`), lists p10, p50 and p90 over `years`
    grades   : by quantity, one letter a year
    initial_stock : of each class that starts from an observed stock, by cohort: vehicles in use as modelled
               and as counted, medians
    """

    economy: str
    years: list[int]
    units: Mapping[str, str]
    headline: Mapping[str, dict[str, list[float]]]
    grades: Mapping[str, list[str]]
    verdict: Verdict
    inputs: list[Input]
    initial_stock: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {
            "economy": self.economy,
            "years": self.years,
            "units": dict(self.units),
            "headline": dict(self.headline),
        }


def run_economy(
    scenario: Scenario, economy: str, samples: int = SAMPLES, seed: int = SEED, overrides: Path | None = None
) -> EconomyRun:
    """Forecast one economy: the same samples that it has in a run of the region, without writing."""
    _check(samples, seed)
    if economy not in {place.code for place in chosen_economies(scenario)}:
        raise InputError(
            f"{economy} is not part of the scenario {scenario.name}.", "economy", "Choose another economy."
        )
    forecast = Forecast.of(
        scenario, Region(Assumptions(scenario, samples, seed, overrides), overrides), compared=False
    )
    result, _ = Whole(forecast).economy(economy)
    parts = parts_of(result)
    letters = headline_grades(result, parts)
    measures = result.headline
    return EconomyRun(
        economy,
        [int(year) for year in YEARS],
        {name: measure.unit for name, measure in measures.items()},
        headline_arrays(measures),
        {name: [str(letter) for letter in by_year] for name, by_year in letters.items()},
        verdict(result, parts, forecast.assume.draws.scores),
        sorted(result.trail.inputs),
        [row for part in result.classes if part.start for row in by_cohort(part.start)],
    )


def _check(samples: int, seed: int) -> None:
    if not FEWEST_SAMPLES <= samples <= MOST_SAMPLES:
        raise InputError(
            f"{samples} samples are out of range.", "--samples", f"Give {FEWEST_SAMPLES} to {MOST_SAMPLES}."
        )
    if not 0 <= seed < 2**63:
        raise InputError(
            f"The seed {seed} is out of range.", "--seed", "Give a whole number of zero or more."
        )
