"""What a proposal does to the headline and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final

from kitaran.observatory import Proposal
from kitaran.web.figures import figure, whole
from kitaran.web.language import gettext as _
from kitaran.web.vocabulary import vehicles

Rows = list[dict[str, Any]]
_SMALL: Final = 0.01
"""Of the median, below which a change is told as none."""
_SAME_AGE: Final = 0.25
"""Years between two mean ages that are told as one."""


@dataclass(frozen=True)
class InWords:
    """how : what happens to the headline; why : what the register counts otherwise than the model"""

    how: str
    why: list[str]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def in_words(proposal: Proposal) -> InWords:
    """The effect of a proposal as it was worked out."""
    stock = sorted(proposal.effect["stock"], key=lambda row: str(row["vehicle_class"]))
    by_class = groupby(stock, lambda row: str(row["vehicle_class"]))
    why = [words for name, rows in by_class for words in _why(name, list(rows), proposal.observed)]
    return InWords(how(proposal.effect["headline"]), why)


def how(headline: Rows) -> str:
    """What moves most of the headline, beside what moves it less than can be told."""
    most = max(headline, key=_relative)
    before, after = most["before"], most["after"]
    if _relative(most) < _SMALL:
        years = ", ".join(str(year) for year in sorted({row["year"] for row in headline}))
        return _("It hardly moves the forecast: in %(years)s by less than 1 in 100.") % {"years": years}
    given = {
        "year": most["year"],
        "after": figure(after["p50"]),
        "before": figure(before["p50"]),
        "change": figure(abs(after["p50"] - before["p50"])),
    }
    text = _moved(most["quantity"], after["p50"] > before["p50"]) % given
    beyond = _("Without the register, so much lies within what was likely.")
    if not before["p10"] <= after["p50"] <= before["p90"]:
        beyond = _("Without the register, so much was thought unlikely (less than 1 in 10).")
    return f"{text} {beyond}"


def _moved(quantity: str, more: bool) -> str:
    if quantity == "retired_batteries":
        if more:
            return _(
                "In %(year)s, %(after)s batteries retire with it, %(before)s without it: %(change)s more."
            )
        return _("In %(year)s, %(after)s batteries retire with it, %(before)s without it: %(change)s fewer.")
    if more:
        return _(
            "In %(year)s, %(after)s GWh of batteries retire with it, %(before)s GWh without it: "
            "%(change)s GWh more."
        )
    return _(
        "In %(year)s, %(after)s GWh of batteries retire with it, %(before)s GWh without it: "
        "%(change)s GWh less."
    )


def _relative(row: dict[str, Any]) -> float:
    before, after = float(row["before"]["p50"]), float(row["after"]["p50"])
    return abs(after - before) / max(before, after, 1e-12)


def _why(vehicle_class: str, rows: Rows, year: int) -> list[str]:
    """How many vehicles of a class there are, and how old, beside what the model has."""
    modelled, counted = (sum(row[name] for row in rows) for name in ("modelled", "in_use"))
    given = {
        "vehicles": vehicles(vehicle_class),
        "counted": whole(round(counted)),
        "modelled": whole(round(modelled)),
        "year": year,
    }
    said = [_number(modelled, counted) % given]
    if modelled > 0 and counted > 0:
        said.append(_age(year - _mean_cohort(rows, "modelled"), year - _mean_cohort(rows, "in_use")))
    return [" ".join(words for words in said if words)]


def _number(modelled: float, counted: float) -> str:
    if abs(counted - modelled) < _SMALL * max(modelled, counted):
        return _("%(vehicles)s: %(counted)s in use at the end of %(year)s, as many as in the model.")
    if counted > modelled:
        return _(
            "%(vehicles)s: %(counted)s in use at the end of %(year)s, %(modelled)s in the model. "
            "More batteries are there to retire."
        )
    return _(
        "%(vehicles)s: %(counted)s in use at the end of %(year)s, %(modelled)s in the model. "
        "Fewer batteries are left to retire."
    )


def _age(modelled: float, counted: float) -> str:
    given = {"counted": figure(counted, 2), "modelled": figure(modelled, 2)}
    if abs(counted - modelled) < _SAME_AGE:
        return _("They are as old as in the model, %(counted)s years on average.") % given
    if counted > modelled:
        return (
            _(
                "They are %(counted)s years old on average, %(modelled)s in the model: "
                "older, so their batteries retire earlier."
            )
            % given
        )
    return (
        _(
            "They are %(counted)s years old on average, %(modelled)s in the model: "
            "younger, so their batteries retire later."
        )
        % given
    )


def _mean_cohort(rows: Iterable[dict[str, Any]], name: str) -> float:
    """Mean year of first registration of the vehicles in use."""
    pairs = [(float(row["cohort"]), float(row[name])) for row in rows]
    return sum(cohort * number for cohort, number in pairs) / sum(number for _cohort, number in pairs)
