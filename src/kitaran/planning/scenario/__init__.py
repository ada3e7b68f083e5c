"""Scenarios: definition, run, reading back, comparison.

>>> from kitaran.planning import scenario
>>> made = scenario.run(scenario.load("asia-pacific"), Path("out"), samples=200, seed=1)    # doctest: +SKIP
>>> scenario.read_run("out").headline("THA", 2035, "retired_energy")                        # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kitaran.planning.scenario.comparison import compare
    from kitaran.planning.scenario.economy_result import QUANTITIES
    from kitaran.planning.scenario.exporting import export
    from kitaran.planning.scenario.loading import check, load, names, parse, schema
    from kitaran.planning.scenario.model import Scenario
    from kitaran.planning.scenario.provenance import ROLES
    from kitaran.planning.scenario.reading import Run, read_run
    from kitaran.planning.scenario.running import EconomyRun, RunResult, run, run_economy

# Where each public name lives. It is imported when first used: reading a run back needs no SciPy.
_HOMES = {
    "QUANTITIES": "economy_result",
    "check": "loading",
    "load": "loading",
    "names": "loading",
    "parse": "loading",
    "schema": "loading",
    "Scenario": "model",
    "ROLES": "provenance",
    "Run": "reading",
    "compare": "comparison",
    "export": "exporting",
    "read_run": "reading",
    "EconomyRun": "running",
    "RunResult": "running",
    "run": "running",
    "run_economy": "running",
}

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


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
