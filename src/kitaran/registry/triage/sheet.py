"""The protocol sheet: one page of A4 for one battery, to print, fill by hand and key in from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kitaran.foundation.errors import InputError
from kitaran.registry.triage.columns import LABEL, MEASURED, PULSE, PULSES_C, SAFETY, VOLTAGE_COLUMNS, Column
from kitaran.registry.triage.limits import Limits, packaged_limits
from kitaran.registry.triage.safety import INSTRUCTIONS

TEMPLATE = Path(__file__).with_name("sheet.typ")
MOST_SHEETS = 500
_TOLD_PULSE = PULSE[: -len(VOLTAGE_COLUMNS)]


def sheet(ids: Sequence[str], day: date, limits: Limits | None = None) -> bytes:
    """PDF with one page for each battery, its name filled in if it has one; same names and day, same bytes.

    Raises InputError if there is none, or too many.
    """
    from kitaran.foundation.typesetting import typeset

    if not 1 <= len(ids) <= MOST_SHEETS:
        cause = f"{len(ids)} sheets cannot be printed at once."
        raise InputError(cause, "sheets", f"Ask for between 1 and {MOST_SHEETS}.")
    return typeset(TEMPLATE, facts(ids, limits or packaged_limits()), day).pdf


def facts(ids: Sequence[str], limits: Limits) -> dict[str, Any]:
    """What the template of the sheet is told."""
    return {
        "title": "Triage of a used battery",
        "ids": list(ids),
        "label": [_line(column) for column in LABEL],
        "safety": [_line(column) for column in SAFETY],
        "insulation": f"Unsafe below {limits['insulation_mohm']:g} megohm.",
        "stop": INSTRUCTIONS,
        "measured": [_line(column) for column in MEASURED],
        "pulse": [_line(column) for column in _TOLD_PULSE],
        "pulse_length": f"{limits['pulse_s']:g}",
        "rest_length": f"{limits['pulse_rest_s']:g}",
        "pulses": _pulses(),
        "grades": [
            ["reuse", f"lower bound of health {limits['reuse_from']:.0%} or more"],
            ["repurpose", f"{limits['repurpose_from']:.0%} or more"],
            ["recycle", "less"],
            ["test", "not known"],
            ["quarantine", "unsafe"],
        ],
    }


def _line(column: Column) -> dict[str, str]:
    return {"name": column.name, "unit": column.unit, "meaning": column.meaning}


def _pulses() -> list[dict[str, Any]]:
    """Each pulse with its current and the names of its four voltages."""
    names = VOLTAGE_COLUMNS[1:]
    each = len(names) // len(PULSES_C)
    return [
        {
            "kind": "charge" if current > 0 else "discharge",
            "current": f"{abs(current):g}",
            "names": list(names[pulse * each : (pulse + 1) * each]),
        }
        for pulse, current in enumerate(PULSES_C)
    ]
