"""Figures for people: three significant figures, thin separators, units spelt out."""

from __future__ import annotations

import math

from kitaran.web.language import SOURCE, current
from kitaran.web.language import gettext as _

THIN = "\u202f"  # narrow no-break space
DASH = "–"
SIGNIFICANT = 3
MOST_DECIMALS = 4
FINEST = 1e-4


def rounded(value: float, digits: int = SIGNIFICANT) -> float:
    """The value to that many significant figures."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def figure(value: float | None, digits: int = SIGNIFICANT) -> str:
    """A number to three significant figures, at most four decimals: 1 230 000, 4.56, 0.0123. Empty if none.

    Smaller than that it says so in words: no figure here is known so finely.
    """
    if value is None or not math.isfinite(value):
        return ""
    value = float(value)
    if value == 0:
        return "0"
    if abs(value) < FINEST / 2:
        return _("under %(limit)s") % {"limit": _grouped(FINEST, MOST_DECIMALS)}
    short = rounded(value, digits)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(short))))
    return _grouped(short, min(decimals, MOST_DECIMALS))


def whole(value: float | None) -> str:
    """A number as it stands in its source, grouped, with no figure taken away."""
    if value is None or not math.isfinite(value):
        return ""
    if float(value).is_integer():
        return _grouped(float(value), 0)
    digits = f"{value:.12g}"
    decimals = len(digits.partition(".")[2]) if "e" not in digits else 6
    return _grouped(float(value), decimals)


def plain(value: float) -> str:
    """A round limit without idle noughts: 0.1, 10, 1 million."""
    if abs(value) >= 1e6:
        return _("%(number)s million") % {"number": _grouped(value / 1e6, 0)}
    return _grouped(value, max(0, -math.floor(math.log10(abs(value)))) if value else 0)


def _grouped(value: float, decimals: int) -> str:
    if current().code in (SOURCE, "qps"):
        return f"{value:,.{decimals}f}".replace(",", THIN)
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, pattern, locale=current().code, group_separator=True))


def spoken(value: float | None) -> str:
    """A number as one would say it: 12.3 million, 4.56 thousand million is avoided by `billion`."""
    if value is None or not math.isfinite(value):
        return ""
    size = abs(rounded(value))
    if size >= 1e9:
        return _("%(number)s billion") % {"number": figure(value / 1e9)}
    if size >= 1e6:
        return _("%(number)s million") % {"number": figure(value / 1e6)}
    return figure(value)


def span(low: float | None, high: float | None) -> str:
    """A range: 1.2 – 3.4. Empty if one end is unknown."""
    if low is None or high is None:
        return ""
    return f"{figure(low)} {DASH} {figure(high)}"
