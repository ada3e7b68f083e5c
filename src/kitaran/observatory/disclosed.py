"""What of the registry may cross into planning: counts that tell nothing about one holder.

Three rules together. A cell is told only if it is not sensitive (`sensitivity`); a smaller one joins the
chemistries of its cohort that are not told, and is left out if these are sensitive too. The state of a
calendar quarter is fixed when it is first asked for: every proposal of the quarter gets the same cells. And a
cohort changes only if its difference to every state that was ever told of it is not sensitive; otherwise it
stays as it was told last. No sum of others is told beside the cells, nor how many batteries stand in none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from kitaran.foundation.disk import explain, write_whole
from kitaran.observatory.register import ANY, RegisterCell, chemistries
from kitaran.observatory.registered import Registered
from kitaran.observatory.sensitivity import Amounts, Cohort, cell_tellable, change_tellable

GRADE: Final = "C"
"""Counts are measured, but their class is judged from the energy of the battery."""

CohortKey = tuple[str, int]
"""Vehicle class, and the year in which the batteries were made."""


@dataclass(frozen=True)
class Told:
    """The registry's part in a quarter.

    quarter : such as 2026-Q4
    cells   : counts that may be told; no sum of others is told beside them
    """

    quarter: str
    cells: tuple[RegisterCell, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"quarter": self.quarter, "cells": [cell.as_dict() for cell in self.cells]}


@dataclass(frozen=True)
class Snapshot:
    """What was told until a quarter, with whose batteries it was made of, which nobody is shown.

    states : of each cohort every state that was told, in order; the last one holds
    """

    quarter: str
    states: Mapping[CohortKey, tuple[Cohort, ...]] = field(default_factory=dict)

    @property
    def told(self) -> Told:
        cells = [
            _cell(key, chemistry, members)
            for key, states in sorted(self.states.items())
            for chemistry, members in sorted(states[-1].items())
        ]
        return Told(self.quarter, tuple(cells))


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def snapshot(batteries: Iterable[Registered], quarter: str, before: Snapshot | None = None) -> Snapshot:
    """The state that is told of these batteries, given what was told before."""
    new, told = _grouped(batteries), before.states if before else {}
    states = {key: _went_on(told.get(key, ()), new.get(key, {})) for key in {*new, *told}}
    return Snapshot(quarter, {key: found for key, found in states.items() if found})


def _went_on(told: tuple[Cohort, ...], now: Cohort) -> tuple[Cohort, ...]:
    """The states of a cohort with the present one, if it may be told beside each of them."""
    if now == (told[-1] if told else {}) or not all(change_tellable(one, now) for one in told):
        return told
    return (*told, now)


def _grouped(batteries: Iterable[Registered]) -> dict[CohortKey, Cohort]:
    """Cells that may be told, each battery in one only."""
    known = chemistries()
    cohorts: dict[CohortKey, dict[str, dict[str, Amounts]]] = {}
    for one in batteries:
        chemistry = one.chemistry if one.chemistry in known else ANY
        cells = cohorts.setdefault((one.vehicle_class, one.cohort), {})
        _add(cells.setdefault(chemistry, {}), one.holder, (1, round(1000 * one.energy_kwh)))
    return {key: found for key, cells in cohorts.items() if (found := _cohort(cells))}


def _cohort(cells: Mapping[str, dict[str, Amounts]]) -> Cohort:
    """Cells by chemistry where they may be told; the others as one without chemistry, where that may be."""
    found = {name: cell for name, cell in cells.items() if name != ANY and cell_tellable(cell)}
    pool: dict[str, Amounts] = {}
    for name, cell in cells.items():
        if name not in found:
            for holder, amounts in cell.items():
                _add(pool, holder, amounts)
    return found | ({ANY: pool} if cell_tellable(pool) else {})


def _add(cell: dict[str, Amounts], holder: str, more: Amounts) -> None:
    number, energy = cell.get(holder, (0, 0))
    cell[holder] = (number + more[0], energy + more[1])


def _cell(key: CohortKey, chemistry: str, members: Mapping[str, Amounts]) -> RegisterCell:
    count = sum(number for number, _ in members.values())
    energy_kwh = round(sum(energy for _, energy in members.values()) / count / 1000, 3)
    return RegisterCell(key[0], "EV", key[1], chemistry, "at_least", count, energy_kwh, GRADE)


def load(path: Path) -> Snapshot | None:
    """What was kept last; None if there is nothing."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    states = {
        (str(cohort["vehicle_class"]), int(cohort["cohort"])): tuple(map(_state, cohort["states"]))
        for cohort in kept["cohorts"]
    }
    return Snapshot(kept["quarter"], states)


def _state(kept: Mapping[str, Mapping[str, list[int]]]) -> Cohort:
    return {name: {holder: (n, wh) for holder, (n, wh) in cell.items()} for name, cell in kept.items()}


def keep(path: Path, snapshot: Snapshot) -> None:
    """Keep a snapshot for its owner alone: it names holders."""
    cohorts = [
        {"vehicle_class": key[0], "cohort": key[1], "states": states}
        for key, states in sorted(snapshot.states.items())
    ]
    text = json.dumps({"quarter": snapshot.quarter, "cohorts": cohorts}, sort_keys=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, text.encode())
        os.chmod(path, 0o600)  # noqa: PTH101  # one call, the same on a file that was there
    except OSError as error:
        raise explain(error, path) from error


def fixed(path: Path, batteries: Iterable[Registered], day: date) -> Told:
    """What is told of the registry in the quarter of a day: as it was first told in it."""
    before = load(path)
    quarter = quarter_of(day)
    if before is not None and before.quarter >= quarter:
        return before.told
    made = snapshot(batteries, quarter, before)
    keep(path, made)
    return made.told
