"""The fact columns of a given row that cites its own page."""

from __future__ import annotations

from typing import Any

from given import Given, number
from sources import ANALYST, OWN_ASSUMPTION, UNKNOWN_LICENCE, Register, grade_of


def figure(given: Given, register: Register, unit: str, factor: float = 1.0) -> dict[str, Any]:
    """value, low, high, unit, source, licence, grade and note of a row of the packs, duty and price files.

    The analyst's rows without a source stand under one source of kind assumption, grade D.
    """
    source = register.cite(given, given["year"][:4])
    found = {name: number(given[name]) for name in ("value", "low", "high")}
    return {
        **{name: None if cell is None else cell * factor for name, cell in found.items()},
        "unit": unit,
        "source": source,
        "licence": OWN_ASSUMPTION if source == ANALYST else UNKNOWN_LICENCE,
        "grade": grade_of(given),
        "note": given["note"].removeprefix("GENERAL KNOWLEDGE, no source:").strip("; "),
    }


def page(given: Given, register: Register, unit: str) -> dict[str, Any]:
    """unit, source, licence, grade and note of a row of the national files."""
    return {
        "unit": unit,
        "source": register.cite(given),
        "licence": UNKNOWN_LICENCE,
        "grade": grade_of(given),
        "note": given["note"],
    }
