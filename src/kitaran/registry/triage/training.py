"""Make the health model from pulse tests of cells whose capacity was measured, and say how good it is.

Every judgement is made on cells that the fit has not seen: tests are split by physical cell, never by row.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.triage.columns import VOLTAGE_COLUMNS
from kitaran.registry.triage.features import FEATURES, to_a_millivolt
from kitaran.registry.triage.fitted_health import WAYS, FormatCurve, HealthModel, KnownFormat, shown
from kitaran.registry.triage.health_curve import fit_curves
from kitaran.registry.triage.intake import read_rows
from kitaran.registry.triage.likeness import fit_likeness
from kitaran.registry.triage.pulse_tests import PulseTests, pulse_tests_of

Array = NDArray[np.float64]
Rows = NDArray[np.bool_]

FOLDS = 8
FEWEST_CELLS = 4
TAILS = 0.03, 0.05
"""Shares of truth left below and above the interval: the battery is graded on its lower end."""
FALSE_ALARMS = 0.06
_BELLS = 60
_LENGTHS = (5.0, 8.0, 12.0)
_ROUGHNESSES = (1e-3, 1e-2, 1e-1)


@dataclass(frozen=True)
class Labelled:
    """Pulse tests with what was measured: SOH (test,) [fraction] and the physical cell of each."""

    tests: PulseTests
    soh: Array
    cell: NDArray[np.str_]

    def take(self, rows: Rows) -> Labelled:
        return Labelled(self.tests.take(rows), self.soh[rows], self.cell[rows])

    @property
    def cells(self) -> int:
        return len(set(self.cell.tolist()))


def read_labelled(file: Path) -> tuple[Labelled, dict[str, object]]:
    """Labelled tests of a CSV file, and what is told of the file in the record: name, digest, tests.

    Raises InputError, naming line and column, where a measured SOH, a cell or a voltage is missing.
    """
    rows = read_rows(file)
    tests = pulse_tests_of(rows, file.name)
    faults = [
        Fault(f"{file.name}, line {line}, column {column}", "The cell is empty or no number.", "Fill it in.")
        for line, row in enumerate(rows, 2)
        for column in ("soh", "physical_cell", "chemistry", "q_nominal_ah", "soc_pct", *VOLTAGE_COLUMNS)
        if not row.get(column) or (column == "soh" and not _is_share(row[column]))
    ]
    if faults or not rows:
        raise InputError(
            f"{file.name} cannot be trained on", file.name, "Give labelled tests.", faults=faults
        )
    soh = np.array([float(row["soh"]) for row in rows])
    cell = np.array([row["physical_cell"] for row in rows], dtype=np.str_)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Labelled(tests, soh, cell), {"file": file.name, "sha256": digest, "tests": len(rows)}


def _is_share(text: str) -> bool:
    try:
        return 0.0 < float(text) <= 1.3
    except ValueError:
        return False


@dataclass(frozen=True)
class Judged:
    """A curve, and what it answers for cells that its fit has not seen, (test,) [fraction]."""

    curve: FormatCurve
    measured: Array
    answered: Array


def train(given: Labelled, source: Mapping[str, object]) -> HealthModel:
    """The health model of all formats in the tests, with its record: by voltages as they are, and as a
    voltmeter of whole millivolts tells them.

    source : what the tests are (title, publisher, licence, digest), told in the record
    Raises InputError if a format has too few cells to be judged on cells left out.
    """
    whole = replace(given.tests, voltages=to_a_millivolt(given.tests.voltages))
    formats, told = _fitted(given)
    coarse, told_coarse = _fitted(replace(given, tests=whole))
    record: dict[str, object] = {
        "source": dict(source),
        "split": f"by physical cell in at most {FOLDS} folds; every figure is of cells left out",
        **told,
        "read_to_a_millivolt": told_coarse,
    }
    return HealthModel(formats, coarse, record)


def _fitted(given: Labelled) -> tuple[tuple[KnownFormat, ...], dict[str, object]]:
    """Every format of the tests, and what is told of the fits."""
    formats, judged, told = [], {way: list[Judged]() for way in WAYS}, {}
    labels = zip(given.tests.chemistry, given.tests.nominal_ah, strict=True)
    names = np.array([f"{chemistry} {nominal:g} Ah" for chemistry, nominal in labels])
    for name in sorted(set(names.tolist())):
        part = given.take(names == name)
        curves = {way: _judged_curve(_enough(part, name), way) for way in WAYS}
        formats.append(_known_format(name, part, curves))
        for way, each in curves.items():
            judged[way].append(each)
        told[name] = _told_of(part, curves)
    record: dict[str, object] = {
        "formats": told,
        "all": {way: quality(each) for way, each in judged.items()},
        "unlike": _unlike(given, names, formats),
    }
    return tuple(formats), record


def _enough(part: Labelled, name: str) -> Labelled:
    if part.cells < FEWEST_CELLS:
        raise InputError(
            f"{name} has {part.cells} cells; a format needs {FEWEST_CELLS} to be judged on cells left out.",
            "physical_cell",
            "Add tests of more cells, or leave the format out.",
        )
    return part


def _known_format(name: str, part: Labelled, curves: Mapping[str, Judged]) -> KnownFormat:
    distance = _on_cells_left_out(
        part, lambda seen, unseen: fit_likeness(seen.tests.voltages).distance(unseen.tests.voltages)
    )
    limit = float(np.quantile(distance, 1 - FALSE_ALARMS))
    shares = part.tests.ampere_hours_share
    return KnownFormat(
        name,
        str(part.tests.chemistry[0]),
        float(part.tests.nominal_ah[0]),
        (float(np.nanmin(shares)), float(np.nanmax(shares))),
        fit_likeness(part.tests.voltages, limit),
        {way: each.curve for way, each in curves.items()},
    )


def _on_cells_left_out(part: Labelled, answer: Callable[[Labelled, Labelled], Array]) -> Array:
    """Answers for each fold from a fit on the others, (test, ...). Cells are dealt round in order of name."""
    _, number = np.unique(part.cell, return_inverse=True)
    count = min(FOLDS, part.cells)
    folds = [number % count == fold for fold in range(count)]
    answers = [answer(part.take(~unseen), part.take(unseen)) for unseen in folds]
    told = np.empty((len(part.soh), *answers[0].shape[1:]))
    for unseen, each in zip(folds, answers, strict=True):
        told[unseen] = each
    return told


def _judged_curve(part: Labelled, way: str) -> Judged:
    """The curve whose answers for cells left out are nearest, with the interval that they ask for."""
    answers = _on_cells_left_out(part, lambda seen, unseen: _answers(seen, unseen, way))
    best = int(np.argmin(((answers - part.soh[:, None]) ** 2).mean(axis=0)))
    wrong, wider = part.soh - answers[:, best], 1 + 1 / part.cells
    below, above = -np.quantile(wrong, TAILS[0]) * wider, np.quantile(wrong, 1 - TAILS[1]) * wider
    fitted = _curves(part, way)[best]
    curve = replace(fitted, curve=replace(fitted.curve, below=float(below), above=float(above)))
    return Judged(curve, part.soh, answers[:, best])


def _answers(seen: Labelled, unseen: Labelled, way: str) -> Array:
    """What every choice answers for tests that it has not seen, (test, choice)."""
    tests = unseen.tests
    return np.stack(
        [curve.soh(tests.voltages, tests.ampere_hours_share) for curve in _curves(seen, way)], axis=1
    )


def _curves(part: Labelled, way: str) -> list[FormatCurve]:
    """A curve for every choice of features, length and roughness."""
    choices = list(itertools.product(_LENGTHS, _ROUGHNESSES))
    fitted = []
    for features in FEATURES:
        read = shown(way, features, part.tests.voltages, part.tests.ampere_hours_share)
        curves = fit_curves(read, part.soh, _BELLS, choices)
        fitted += [
            FormatCurve(way, features, roughness, curve)
            for (_, roughness), curve in zip(choices, curves, strict=True)
        ]
    return fitted


def _told_of(part: Labelled, curves: Mapping[str, Judged]) -> dict[str, object]:
    measured = {"lowest": float(part.soh.min()), "highest": float(part.soh.max())}
    return {"cells": part.cells, "tests": len(part.soh), "soh": measured} | {
        way: quality([each]) for way, each in curves.items()
    }


def quality(judged: list[Judged]) -> dict[str, float]:
    """Errors of answers for cells left out, and how often and how widely the interval holds the truth."""
    wrong = np.concatenate([each.answered - each.measured for each in judged])
    below = np.concatenate([np.full(len(each.measured), each.curve.curve.below) for each in judged])
    above = np.concatenate([np.full(len(each.measured), each.curve.curve.above) for each in judged])
    return {
        "mean_absolute_error": float(np.abs(wrong).mean()),
        "root_mean_square_error": float(np.sqrt((wrong**2).mean())),
        "in_interval": float(((wrong <= below) & (wrong >= -above)).mean()),
        "interval_width": float((below + above).mean()),
    }


def _unlike(given: Labelled, names: NDArray[np.str_], formats: list[KnownFormat]) -> dict[str, object]:
    """Share of tests that are called unlike if their format had never been seen; false alarms are set."""
    told: dict[str, object] = {"false_alarms": FALSE_ALARMS}
    for each in formats:
        others = [other for other in formats if other is not each]
        strange = given.take(names == each.name).tests.voltages
        if others:
            nearest = np.min([other.likeness.distance(strange) for other in others], axis=0)
            told[f"{each.name} never seen"] = float((nearest > 1).mean())
    return told
