"""Scenarios: definition, run, reading back, comparison.

>>> from kitaran.planning import scenario
>>> made = scenario.run(scenario.load("asia-pacific"), Path("out"), samples=200, seed=1)    # doctest: +SKIP
>>> scenario.read_run("out").headline("THA", 2035, "retired_energy")                        # doctest: +SKIP
"""

from __future__ import annotations

from kitaran.planning.scenario.flows import QUANTITIES
from kitaran.planning.scenario.loading import check, load, names, parse, schema
from kitaran.planning.scenario.model import Scenario
from kitaran.planning.scenario.provenance import ROLES
from kitaran.planning.scenario.reading import Run, compare, export, read_run
from kitaran.planning.scenario.running import EconomyRun, RunResult, run, run_economy

__all__ = [
    "QUANTITIES",
    "ROLES",
    "EconomyRun",
    "Run",
    "RunResult",
    "Scenario",
    "check",
    "compare",
    "export",
    "load",
    "names",
    "parse",
    "read_run",
    "run",
    "run_economy",
    "schema",
]
