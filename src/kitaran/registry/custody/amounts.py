"""Masses as the log writes them, decimal strings in kg, and as they are added: exactly."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext


def kg(text: str) -> Decimal:
    """The mass that a decimal string names."""
    return Decimal(text)


def total(masses: Iterable[Decimal]) -> Decimal:
    """Their sum, without rounding."""
    with localcontext(prec=60):
        return sum(masses, Decimal(0))


def less(whole: Decimal, part: Decimal) -> Decimal:
    """The difference, without rounding."""
    with localcontext(prec=60):
        return whole - part


def spelt(mass: Decimal) -> str:
    """One spelling of a mass, without an exponent and without zeros at the end."""
    text = format(mass, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
