"""The quantities of a result in words: label, unit, and the sentence that tells a figure and its range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kitaran.foundation.errors import InputError
from kitaran.web.figures import figure, spoken
from kitaran.web.language import gettext as _

ENERGY, BATTERIES, MASS = "retired_energy", "retired_batteries", "retired_mass"
MEASURES = (ENERGY, BATTERIES, MASS)
MATERIAL = "contained_"


@dataclass(frozen=True)
class Quantity:
    """label: what it is; unit: spelt out; short: behind a figure (empty for counts).

    least : what is less than that is told as hardly any
    """

    code: str
    label: str
    unit: str
    short: str
    least: float

    @property
    def is_material(self) -> bool:
        """Whether it is a material in the batteries, not the batteries themselves."""
        return self.code.startswith(MATERIAL)

    def amount(self, value: float | None, unit: bool = True) -> str:
        """A figure with or without its unit: 3.42 GWh, 1.2 million, 410 tonnes."""
        number = spoken(value) if self.code == BATTERIES else figure(value)
        return f"{number}\u00a0{self.short}" if unit and self.short else number


def quantity(code: str) -> Quantity:
    """The words of one quantity in the reader's language. InputError if there is no such quantity."""
    if code not in _WORDS:
        raise InputError(f"There is no quantity {code!r}.", "quantity", f"Choose one of {', '.join(_WORDS)}.")
    label, unit, short = _WORDS[code]()
    return Quantity(code, label, unit, short, _LEAST.get(code, LEAST_TONNES))


def measures() -> list[Quantity]:
    """The three ways to measure retired batteries."""
    return [quantity(code) for code in MEASURES]


def materials() -> list[Quantity]:
    """What is contained in retired batteries."""
    return [quantity(code) for code in _WORDS if code.startswith(MATERIAL)]


def options() -> list[tuple[str, Any]]:
    """Every quantity for a form: the three measures, then the materials as a group."""
    batteries: list[tuple[str, Any]] = [(each.code, each.label) for each in measures()]
    return [*batteries, (_("Material in them (tonnes)"), [(each.code, each.label) for each in materials()])]


def _tonnes(label: Callable[[], str]) -> Callable[[], tuple[str, str, str]]:
    return lambda: (label(), _("tonnes a year"), _("tonnes"))


_WORDS: dict[str, Callable[[], tuple[str, str, str]]] = {
    ENERGY: lambda: (_("Energy capacity (GWh)"), _("gigawatt-hours (GWh) a year, as new"), _("GWh")),
    BATTERIES: lambda: (_("Number of batteries"), _("batteries a year"), ""),
    MASS: lambda: (_("Mass (tonnes)"), _("tonnes a year"), _("tonnes")),
    "contained_li": _tonnes(lambda: _("Lithium")),
    "contained_co": _tonnes(lambda: _("Cobalt")),
    "contained_ni": _tonnes(lambda: _("Nickel")),
    "contained_mn": _tonnes(lambda: _("Manganese")),
    "contained_cu": _tonnes(lambda: _("Copper")),
    "contained_graphite": _tonnes(lambda: _("Graphite")),
    "contained_pb": _tonnes(lambda: _("Lead")),
}


_LEAST = {ENERGY: 5e-4, BATTERIES: 0.5}
LEAST_TONNES = 0.05


@dataclass(frozen=True)
class Answer:
    """The sentence in parts, so that a page can set the figure apart."""

    before: str
    amount: str
    after: str
    range: str

    def __str__(self) -> str:
        return f"{self.before} {self.amount} {self.after} {self.range}".strip()


def answer(row: dict[str, Any], place: str) -> Answer:
    """One headline row in plain words. place: the economy's name as it stands in a sentence."""
    words = quantity(row["quantity"])
    where = {"place": place, "year": row["year"], "material": words.label.lower()}
    before, after, few = _of_material() if words.is_material else _of_batteries(words)
    if row["p90"] < words.least:
        return Answer(before % where, _("hardly any"), few % where, "")
    low, high = words.amount(row["p10"], unit=False), words.amount(row["p90"])
    span = _("8 times in 10 between %(low)s and %(high)s.") % {"low": low, "high": high}
    return Answer(before % where + " " + _("about"), words.amount(row["p50"]), after % where, span)


def _of_batteries(words: Quantity) -> tuple[str, str, str]:
    """What stands before the amount, after it, and after `hardly any`."""
    few = _("EV batteries reach the end of their first life in %(place)s.")
    if words.code == BATTERIES:
        return _("In %(year)s"), _("EV batteries reach the end of their first life in %(place)s;"), few
    return _("In %(year)s"), _("of EV batteries reach the end of their first life in %(place)s;"), few


def _of_material() -> tuple[str, str, str]:
    """What stands before the amount, after it, and after `hardly any`."""
    before = _("In %(year)s the EV batteries that reach the end of their first life in %(place)s hold")
    return before, _("of %(material)s;"), _("%(material)s.")
