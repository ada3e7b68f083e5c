"""What of the registry may cross into planning: cells behind which at least five holders stand.

Three rules together. A cell with fewer holders joins the chemistries of its cohort that are not told, and is
left out if five do not stand behind these either. The state of a calendar quarter is fixed when it is first
asked for: every proposal of the quarter gets the same cells. And from one quarter to the next a cell changes
only if five holders stand behind the change; otherwise it stays as it was told last. So neither one answer
nor the difference of two tells what fewer than five holders did.
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

FEWEST_HOLDERS: Final = 5
GRADE: Final = "C"
"""Counts are measured, but their class is judged from the energy of the battery."""
_LEFT_OUT: Final = "left out"

Key = tuple[str, ...]
Members = Mapping[str, tuple[str, float]]
"""Holder and energy [kWh] by battery."""


@dataclass(frozen=True)
class Told:
    """The registry's part in a quarter.

    quarter  : such as 2026-Q4
    cells    : counts with at least five holders behind each; no sum of others is told beside them
    left_out : batteries in no cell; None where fewer than five holders stand behind them, or none at all
    """

    quarter: str
    cells: tuple[RegisterCell, ...]
    left_out: int | None

    def as_dict(self) -> dict[str, Any]:
        return {
            "quarter": self.quarter,
            "cells": [cell.as_dict() for cell in self.cells],
            "left_out": self.left_out,
        }


@dataclass(frozen=True)
class Snapshot:
    """The state of a quarter with what it was made of, which nobody is shown. groups : batteries by cell"""

    quarter: str
    groups: Mapping[Key, Members] = field(default_factory=dict)

    @property
    def told(self) -> Told:
        cells = [_cell(key, members) for key, members in sorted(self.groups.items()) if key != (_LEFT_OUT,)]
        rest = self.groups.get((_LEFT_OUT,))
        return Told(self.quarter, tuple(cells), None if rest is None else len(rest))


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def snapshot(batteries: Iterable[Registered], quarter: str, before: Snapshot | None = None) -> Snapshot:
    """The state that is told of these batteries, given the one told before."""
    new = _grouped(batteries)
    if before is None:
        return Snapshot(quarter, new)
    groups: dict[Key, Members] = {}
    for key in sorted({*new, *before.groups}):
        kept = _changed(before.groups.get(key), new.get(key))
        if kept:
            groups[key] = kept
    return Snapshot(quarter, groups)


def _changed(before: Members | None, after: Members | None) -> Members | None:
    """The cell as it is told now: as before unless five holders stand behind what joined and what left."""
    one, other = before or {}, after or {}
    moved = one.keys() ^ other.keys()
    behind = {(one.get(battery) or other[battery])[0] for battery in moved}
    return after if not moved or len(behind) >= FEWEST_HOLDERS else before


def _grouped(batteries: Iterable[Registered]) -> dict[Key, Members]:
    """Batteries in cells with enough holders, each in one cell only."""
    known = chemistries()
    by_cohort: dict[tuple[str, str], dict[str, dict[str, tuple[str, float]]]] = {}
    for one in batteries:
        chemistry = one.chemistry if one.chemistry in known else ANY
        cells = by_cohort.setdefault((one.vehicle_class, str(one.cohort)), {})
        cells.setdefault(chemistry, {})[one.battery] = (one.holder, one.energy_kwh)
    groups: dict[Key, Members] = {}
    left: dict[str, tuple[str, float]] = {}
    for cohort, cells in by_cohort.items():
        pool: dict[str, tuple[str, float]] = {}
        for chemistry, members in cells.items():
            if chemistry != ANY and _enough(members):
                groups[*cohort, chemistry] = members
            else:
                pool |= members
        if _enough(pool):
            groups[*cohort, ANY] = pool
        else:
            left |= pool
    if _enough(left):
        groups[_LEFT_OUT,] = left
    return groups


def _enough(members: Members) -> bool:
    return len({holder for holder, _ in members.values()}) >= FEWEST_HOLDERS


def _cell(key: Key, members: Members) -> RegisterCell:
    vehicle_class, cohort, chemistry = key
    energy = round(sum(kwh for _, kwh in members.values()) / len(members), 3)
    return RegisterCell(vehicle_class, "EV", int(cohort), chemistry, "at_least", len(members), energy, GRADE)


def load(path: Path) -> Snapshot | None:
    """The snapshot that was kept last; None if there is none."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    groups = {
        tuple(group["key"]): {b: (holder, kwh) for b, (holder, kwh) in group["members"].items()}
        for group in kept["groups"]
    }
    return Snapshot(kept["quarter"], groups)


def keep(path: Path, snapshot: Snapshot) -> None:
    """Keep a snapshot for its owner alone: it names holders."""
    groups = [{"key": key, "members": dict(members)} for key, members in sorted(snapshot.groups.items())]
    text = json.dumps({"quarter": snapshot.quarter, "groups": groups}, sort_keys=True)
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
