"""Sheets of labels to print and stick on batteries: a QR code, and words beside it for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kitaran.foundation.errors import InputError
from kitaran.registry.identity import qr

MOST_LABELS = 10_000
MOST_LINES = 4
TEMPLATE = Path(__file__).with_name("labels.typ")


@dataclass(frozen=True, slots=True)
class Label:
    """One label.

    code  : text of the QR code, usually a web address
    lines : at most four lines beside it, such as model, serial number and what to do with it
    """

    code: str
    lines: tuple[str, ...] = ()


def sheet(labels: Sequence[Label], day: date) -> bytes:
    """PDF of A4 sheets with 3 x 8 labels of 70 x 37 mm each, dated on a day: same labels, same bytes.

    InputError if there is no label, too many, or one with too many lines.
    """
    from kitaran.foundation.typesetting import typeset

    if not 1 <= len(labels) <= MOST_LABELS:
        cause = f"{len(labels)} labels cannot be printed at once."
        raise InputError(cause, "labels", f"Give between 1 and {MOST_LABELS}.")
    for number, label in enumerate(labels, start=1):
        if len(label.lines) > MOST_LINES:
            raise InputError("It has too many lines.", f"label {number}", f"Give at most {MOST_LINES}.")
    return typeset(TEMPLATE, facts(labels), day).pdf


def facts(labels: Sequence[Label]) -> dict[str, Any]:
    """What the template of the sheet is told. InputError if a code is too long."""
    shown = [
        {"qr": qr.svg(label.code), "code": f"QR: {label.code}", "lines": list(label.lines)}
        for label in labels
    ]
    return {"title": "Labels", "labels": shown}
