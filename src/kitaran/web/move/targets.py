"""Targets side by side: who has which, since when, by which arithmetic; and what one of them asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from kitaran.foundation.clock import now
from kitaran.foundation.errors import InputError
from kitaran.foundation.workspace import Workspace
from kitaran.law import packaged_book
from kitaran.law.decision import NOT_A_DETERMINATION
from kitaran.law.target_profiles import FAMILIES, TargetProfile, TargetRow, profiles, rows
from kitaran.web.figures import whole as exact
from kitaran.web.language import gettext as _
from kitaran.web.move import rule_words as move_rule_words
from kitaran.web.move import target_words as move_target_words
from kitaran.web.move.rules import sources_of
from kitaran.web.move.tables import csv_answer
from kitaran.web.pages import Page, Pages

HERE = "/move/targets"
pages = Pages()


@dataclass(frozen=True)
class Count:
    """What a target asks of a mass, and what lacks."""

    row: TargetRow
    of_kg: float
    reached_kg: float

    def as_dict(self) -> dict[str, Any]:
        return {
            "target": self.row.id,
            "of_kg": self.of_kg,
            "reached_kg": self.reached_kg,
            "required_kg": self.row.required_kg(self.of_kg),
            "shortfall_kg": self.row.shortfall_kg(self.reached_kg, self.of_kg),
        }


@pages.page(HERE, "move/targets.html")
def targets(
    request: Request,
    place: str = "",
    family: str = "",
    target: str = "",
    of_kg: str = "",
    reached_kg: str = "",
) -> Page:
    """All targets, or those of a jurisdiction or family; and the count of one."""
    _checked(place, [one.cc for one in profiles()], "place")
    _checked(family, FAMILIES, "family")
    count, faults = _counted(target, of_kg, reached_kg)
    today = now().date().isoformat()
    listed = _kept(place, family)
    facts = {
        "jurisdictions": [one.as_dict() for one in profiles()],
        "families": list(FAMILIES),
        "front_runner": profiles()[0].cc,
        "count": count.as_dict() if count else None,
        "faults": faults,
        "note": NOT_A_DETERMINATION,
    }
    shown = {
        "counted": count,
        "matrix": [_matrix_row(one, today) for one in profiles() if _any(one)],
        "without": [one.name for one in profiles() if not _any(one)],
        "listed": [(one, kept) for one, kept in listed if any(row.family for row in kept)],
        "nothing": [row for _one, kept in listed for row in kept if not row.family],
        "today": today,
        "place": place,
        "family": family,
        "given": {"target": target, "of_kg": of_kg, "reached_kg": reached_kg},
        "place_options": [
            ("", _("All jurisdictions")),
            *((one.cc, one.name) for one in profiles() if _any(one)),
        ],
        "family_options": [
            ("", _("All")),
            *((each, move_target_words.family_words(each)) for each in FAMILIES),
        ],
        "target_options": [("", _("Choose")), *_target_options()],
        "words": move_target_words,
        "rule_words": move_rule_words,
        "sources_of": lambda cell: sources_of(cell, packaged_book().sources),
        "exact": exact,
        "name_of": packaged_book().country_name,
        "crumbs": [(_("May it cross?"), "/move")],
    }
    return Page(facts, shown, status=422 if faults else 200)


@pages.router.get(f"{HERE}.csv")
def targets_csv(place: str = "", family: str = "") -> Response:
    """The same rows as CSV, with what the share is of and what counts."""
    _checked(place, [one.cc for one in profiles()], "place")
    _checked(family, FAMILIES, "family")
    kept = [row.as_dict() for _one, listed in _kept(place, family) for row in listed]
    return csv_answer(kept, list(rows()[0].as_dict()), "targets.csv")


def _kept(place: str, family: str) -> list[tuple[TargetProfile, list[TargetRow]]]:
    found = []
    for one in profiles():
        kept = [row for row in one.rows if not family or row.family == family]
        if kept and place in ("", one.cc):
            found.append((one, kept))
    return found


def _matrix_row(one: TargetProfile, today: str) -> dict[str, Any]:
    """For each family the first day, and whether it has come."""
    cells = [
        {
            "family": family,
            "since": one.has.get(family, ""),
            "state": ("later" if one.has[family] > today else "in_force") if family in one.has else "",
        }
        for family in FAMILIES
    ]
    return {"cc": one.cc, "name": one.name, "cells": cells, "gaps": one.gaps}


def _any(one: TargetProfile) -> bool:
    return any(row.family for row in one.rows)


def _target_options() -> list[tuple[str, list[tuple[str, str]]]]:
    """The targets that have a number, by jurisdiction."""
    found = []
    for one in profiles():
        numbers = [row for row in one.rows if row.share is not None and row.formula()]
        if numbers:
            found.append((one.name, [(row.id, _label(row)) for row in numbers]))
    return found


def _label(row: TargetRow) -> str:
    until = f" – {row.valid_to}" if row.valid_to else ""
    return f"{row.metric}, {row.battery_class}: {row.told} ({row.valid_from}{until})"


def _counted(target: str, of_kg: str, reached_kg: str) -> tuple[Count | None, list[dict[str, str]]]:
    """The count that was asked for, or what is wrong with the question."""
    if not (target or of_kg or reached_kg):
        return None, []
    faults: list[dict[str, str]] = []
    row = next((each for each in rows() if each.id == target and each.share is not None), None)
    if row is None:
        faults.append(_fault("target", _("No target is chosen."), _("Choose one of the list.")))
    if not (of_kg or reached_kg) and row is not None:
        return None, []
    of_mass, reached = _mass(of_kg, "of_kg", faults), _mass(reached_kg or "0", "reached_kg", faults)
    if of_mass is not None and reached is not None and reached > of_mass:
        said = _("More is counted than there is.")
        faults.append(_fault("reached_kg", said, _("Give both masses on the basis of the target.")))
    if faults or row is None or of_mass is None or reached is None:
        return None, faults
    return Count(row, of_mass, reached), []


def _mass(text: str, field: str, faults: list[dict[str, str]]) -> float | None:
    try:
        mass = float(text.replace(" ", "").replace("\u00a0", "").replace(",", ""))
    except ValueError:
        mass = -1.0
    if not 0 <= mass < 1e15:
        faults.append(_fault(field, _("This is no mass."), _("Write a number of kilograms, 0 or more.")))
        return None
    return mass


def _fault(field: str, cause: str, remedy: str) -> dict[str, str]:
    return {"field": field, "place": "", "cause": cause, "remedy": remedy}


def _checked(wish: str, known: Sequence[str], name: str) -> None:
    if wish and wish not in known:
        raise InputError(f"{wish!r} has no targets here.", name, f"Use one of {', '.join(known)}.")


def paths(_workspace: Workspace) -> Iterable[str]:
    """The page, and one count."""
    one = next(row for row in rows() if row.share is not None)
    yield HERE
    yield f"{HERE}?place={one.cc}&target={one.id}&of_kg=1000&reached_kg=500"
