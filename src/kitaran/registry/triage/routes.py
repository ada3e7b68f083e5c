"""Where a graded battery goes next: the best way that its health allows, and what the others are worth.

Health bars a way, on its lower bound; value chooses among those that are left. Reuse asks for
`reuse_from` and for cells that stand together, refurbishment (opened, the better modules built anew) for
`refurbish_from`, a second use for `repurpose_from`, in a vehicle for what that use asks of its
modules; recycling asks for nothing. What cannot be valued follows the cascade. What is unsafe goes nowhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.clock import now
from kitaran.foundation.errors import InputError
from kitaran.planning.market.valuation.book import checked_day
from kitaran.planning.market.valuation.lot import CELLS
from kitaran.reference import economies, read
from kitaran.registry.triage import risk
from kitaran.registry.triage.grading import QUARANTINE, RECYCLE, REPURPOSE, REUSE, TEST, Grading
from kitaran.registry.triage.nameplate import Nameplate, nameplate
from kitaran.registry.triage.position import Position, position
from kitaran.registry.triage.way_accounts import Account, accounts
from kitaran.registry.triage.ways import REFURBISH, Way

Array = NDArray[np.float64]
Years = tuple[float, float, float]
_NONE = float("nan")
UNKNOWN_YEARS: Years = (_NONE,) * 3
_STATIONARY = "stationary"
_MV = 1e3


@dataclass(frozen=True)
class Alternative:
    """One way for one battery: reuse, refurbish, repurpose:USE or recycle:PROCESS.

    value_usd : of the battery as it stands, NaN where it cannot be valued
    allowed   : whether its health and the law allow the way
    years     : left to the end by wear, with its interval of 90 % [year]; NaN where unknown
    after_work_usd, cost_usd : worth once the work is done, and the cost of the work and the way there; of
                recycling, what the products fetch and what the plant spends
    emissions_kg : CO2 equivalents of that work and way [kg]
    asks_for  : lower bound of health that the way asks for; risk_below: probability that health is below it
    position  : in law; None without an economy
    reason    : why it is barred, allowed or the best
    may_be_best : whether it may be named the best, or is only told
    """

    route: str
    value_usd: float
    allowed: bool
    years: Years = UNKNOWN_YEARS
    after_work_usd: float = _NONE
    cost_usd: float = _NONE
    emissions_kg: float = _NONE
    asks_for: float = _NONE
    risk_below: float = _NONE
    position: Position | None = None
    reason: str = ""
    may_be_best: bool = True


@dataclass(frozen=True)
class Routing:
    """route, value_usd, years : (test,) the way to go, its worth and years left (test, 3), NaN where unknown
    best         : the way to go as a whole; alternatives : the others
    not_tested   : of each battery, what nobody tested, as `risk.WORDS`
    """

    route: NDArray[np.str_]
    value_usd: Array
    years: Array
    best: tuple[Alternative, ...]
    alternatives: tuple[tuple[Alternative, ...], ...]
    not_tested: tuple[tuple[str, ...], ...]


def route(graded: Grading, economy: str = "", as_of: str = "") -> Routing:
    """The way of each battery. Without an economy nothing is valued, and the grade alone tells the way.

    Raises InputError for an economy or a day that cannot be.
    """
    economy = checked_economy(economy)
    checked_day(as_of, graded.overrides)
    plates = nameplate(graded)
    asked = _Asked(graded, plates, accounts(graded, plates, economy, as_of), economy, as_of)
    chosen = [asked.chosen(row) for row in range(len(graded.tests))]
    best = tuple(each for each, _ in chosen)
    return Routing(
        np.array([each.route for each in best], dtype=np.str_),
        np.array([each.value_usd for each in best], dtype=np.float64),
        np.array([each.years for each in best], dtype=np.float64).reshape(-1, 3),
        best,
        tuple(others for _, others in chosen),
        tuple(risk.not_tested(graded, row, str(form)) for row, form in enumerate(asked.plates.form)),
    )


def checked_economy(code: str) -> str:
    """The economy of a code, in small letters or large; empty stays so. Raises InputError if it is none."""
    known = {each.code for each in economies()}
    if code and code.upper() not in known:
        remedy = "Give an ISO 3166 alpha-3 code of the region, for example THA."
        raise InputError(f"There is no economy {code[:20]!r}.", "economy", remedy)
    return code.upper()


@dataclass(frozen=True)
class _Asked:
    """What the choice rests on."""

    graded: Grading
    plates: Nameplate
    accounts: tuple[Account, ...]
    economy: str
    as_of: str
    asked: dict[str, float] = field(default_factory=dict)

    def chosen(self, row: int) -> tuple[Alternative, tuple[Alternative, ...]]:
        """The best way and the others."""
        letter = str(self.graded.grade[row])
        ways = [self._way(account, row) for account in self._accounts(row)]
        if letter in (QUARANTINE, TEST):
            return Alternative(letter, _NONE, True, reason=_HALTS[letter]), tuple(ways)
        best, why = _best([way for way in ways if way.allowed and way.may_be_best], letter)
        others = tuple(way for way in ways if way is not best)
        return replace(best, reason=f"{best.reason} {why}".strip()), others

    def _accounts(self, row: int) -> list[Account]:
        """The ways of this battery: a cell is not refurbished, and a process must know its chemistry."""
        cell = self.plates.form[row] == CELLS
        known = [each for each in self.accounts if not (cell and each.way.kind == REFURBISH)]
        by_process = {
            each.way.name
            for each in known
            if each.way.kind == RECYCLE and each.way.of and not math.isnan(each.worth.cost_usd[row])
        }
        bare = set() if by_process else {RECYCLE}
        return [each for each in known if each.way.kind != RECYCLE or each.way.name in by_process | bare]

    def _way(self, account: Account, row: int) -> Alternative:
        health, way = self.graded.health, account.way
        asks = self._asks(way)
        barred = self._barred(way, asks, row)
        low, soh, high = (float(each[row]) for each in (health.low, health.soh, health.high))
        middle, first, last = account.years[row].tolist()
        return Alternative(
            way.name,
            float(account.worth.value_usd[row]),
            not barred,
            (middle, first, last),
            float(account.worth.after_work_usd[row]),
            float(account.worth.cost_usd[row]),
            float(account.emissions_kg[row]),
            asks,
            _NONE if math.isnan(asks) else risk.below(asks, soh, low, high),
            self._position(way, row),
            barred or _allowed(way, asks, low),
            way.may_be_best,
        )

    def _asks(self, way: Way) -> float:
        """The lower bound of health that a way asks for; NaN if it asks for none."""
        if way.name not in self.asked:
            self.asked[way.name] = self._looked_up(way)
        return self.asked[way.name]

    def _looked_up(self, way: Way) -> float:
        limits = self.graded.limits
        if way.kind == RECYCLE:
            return _NONE
        if way.kind != REPURPOSE:
            return limits["reuse_from" if way.kind == REUSE else "refurbish_from"]
        driven = read("value_applications", self.graded.overrides).where(application=way.of)
        if all(row.text("vehicle_class") == _STATIONARY for row in driven):
            return limits["repurpose_from"]
        least = read("value_lives", self.graded.overrides).where(application=way.of, parameter="soh_least")
        return max(limits["repurpose_from"], *(row.central for row in least.resolve()))

    def _barred(self, way: Way, asks: float, row: int) -> str:
        """Why a battery may not go this way; empty if it may."""
        graded = self.graded
        letter, low = str(graded.grade[row]), float(graded.health.low[row])
        if letter in (QUARANTINE, TEST):
            return _HALTS[letter]
        if self.economy in way.barred_in:
            return f"The law of {self.economy} bars it."
        if way.kind == REUSE and graded.tests.spread_mv[row] > graded.limits["spread_v"] * _MV:
            return f"Its cells stand {graded.tests.spread_mv[row]:g} mV apart: not as it is."
        if low < asks:
            return f"It asks for {asks:.0%} on the lower bound of health, which is {low:.0%}."
        return ""

    def _position(self, way: Way, row: int) -> Position | None:
        if not self.economy:
            return None
        day = (self.as_of + "-01-01")[:10] if self.as_of else now().date().isoformat()
        tested = bool(self.graded.health.in_domain[row])
        return position(
            way.kind, str(self.plates.form[row]), str(self.plates.chemistry[row]), tested, self.economy, day
        )


_HALTS = {
    QUARANTINE: "It is not safe: it goes nowhere but into quarantine, and then to a recycler as damaged.",
    TEST: "Its health is not known: a full capacity test comes first.",
}


def _allowed(way: Way, asks: float, low: float) -> str:
    told = "" if way.may_be_best else f" {way.note[:1].upper()}{way.note[1:]}."
    if math.isnan(asks):
        return f"Always open.{told}"
    return f"Its lower bound of health, {low:.0%}, is at least the {asks:.0%} that it asks for.{told}"


def _best(allowed: list[Alternative], letter: str) -> tuple[Alternative, str]:
    """The way of most value among those that are allowed, and why."""
    valued = [way for way in allowed if not math.isnan(way.value_usd)]
    recycled = [way for way in valued if way.route.startswith(RECYCLE)]
    if not valued or (letter != RECYCLE and len(recycled) == len(valued)):
        # what cannot be valued follows the cascade: it is not melted for want of a figure
        return allowed[0], "It comes first of what its health allows; nothing is known of its worth."
    best = max(valued, key=lambda way: (way.value_usd, _margin(way)))
    if len(recycled) == len(valued):
        return best, "Of the processes it leaves the plant most." if len(valued) > 1 else ""
    return best, "It is worth the most of what its health allows."


def _margin(way: Alternative) -> float:
    """Among processes, which pay alike, what the plant has left over; at equal value a use goes before."""
    if not way.route.startswith(RECYCLE):
        return math.inf
    return -math.inf if math.isnan(way.cost_usd) else way.after_work_usd - way.cost_usd
