"""Local currency beside the US dollar."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kitaran import reference


@dataclass(frozen=True)
class Rate:
    """Units of a currency for one US dollar, and the row that says so (empty for the dollar itself)."""

    currency: str
    per_usd: float
    row: str
    year: int | None
    grade: str


def rate(economy: str, as_of: str = "", overrides: Path | None = None) -> Rate | None:
    """The newest rate of an economy's currency not after a day, means of a year before spot; None if none."""
    currency = reference.economy(economy).currency
    if currency == "USD":
        return Rate(currency, 1.0, "", None, "A")
    rows = reference.read("exchange_rates", overrides).where(economy=economy).resolve().rows
    fit = [row for row in rows if not as_of or str(row.year or 0) <= as_of[:4]]
    if not fit:
        return None
    newest = max(fit, key=lambda row: (row.year or 0, row.text("basis") == "annual_mean"))
    return Rate(currency, newest.central, newest.id, newest.year, newest.grade)
