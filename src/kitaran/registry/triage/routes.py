"""Where a graded battery goes next: the best way that its health allows, and what the others are worth.

Health bars a way, value chooses among those that are left: reuse asks for the lower bound that use as before
asks for, a second use for the lower one, recycling for nothing. What cannot be valued follows the cascade.
What is unsafe goes nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.market.valuation import value
from kitaran.reference import read
from kitaran.registry.triage.grading import QUARANTINE, RECYCLE, REPURPOSE, REUSE, TEST, Grading
from kitaran.registry.triage.nameplate import nameplate
from kitaran.registry.triage.years_left import years_left

Array = NDArray[np.float64]

AS_BEFORE = "private_car"
SECOND_USES = ("home_solar", "telecom_backup", "charging_buffer", "private_two_wheeler", "forklift")
LOT_KWH = 10.0
_CATHODE = {"NMC": "NMC622"}
_ALLOWED = {
    REUSE: (REUSE, REPURPOSE, RECYCLE),
    REPURPOSE: (REPURPOSE, RECYCLE),
    RECYCLE: (RECYCLE,),
    TEST: (),
    QUARANTINE: (),
}


Years = tuple[float, float, float]
UNKNOWN_YEARS: Years = (float("nan"),) * 3


@dataclass(frozen=True)
class Alternative:
    """One way for one battery: reuse, repurpose:USE or recycle.

    value_usd : of the battery as part of a lot of cells where it stands, NaN where it cannot be valued
    allowed   : whether its health allows the way
    years     : left to the end by wear, with its interval of 90 % [year]; NaN where unknown
    """

    route: str
    value_usd: float
    allowed: bool
    years: Years = UNKNOWN_YEARS


@dataclass(frozen=True)
class Routing:
    """route, value_usd, years : (test,) the way to go, its worth and years left (test, 3), NaN where unknown
    alternatives : the others
    """

    route: NDArray[np.str_]
    value_usd: Array
    years: Array
    alternatives: tuple[tuple[Alternative, ...], ...]


def route(graded: Grading, economy: str = "", as_of: str = "") -> Routing:
    """The way of each battery. Without an economy nothing is valued, and the grade alone tells the way.

    Raises InputError for an economy or a day that cannot be.
    """
    values, years = _values(graded, economy, as_of)
    chosen = [_chosen(graded, values, years, row) for row in range(len(graded.tests))]
    return Routing(
        np.array([best.route for best, _ in chosen], dtype=np.str_),
        np.array([best.value_usd for best, _ in chosen], dtype=np.float64),
        np.array([best.years for best, _ in chosen], dtype=np.float64).reshape(-1, 3),
        tuple(others for _, others in chosen),
    )


def _chosen(
    graded: Grading, values: dict[str, Array], years: dict[str, Array], row: int
) -> tuple[Alternative, tuple[Alternative, ...]]:
    letter = str(graded.grade[row])
    ways = [
        Alternative(
            name, float(worth[row]), name.split(":")[0] in _ALLOWED[letter], _triple(years[name][row])
        )
        for name, worth in values.items()
    ]
    allowed = [way for way in ways if way.allowed]
    if not allowed:
        return Alternative(letter, float("nan"), True), tuple(ways)
    valued = [way for way in allowed if not np.isnan(way.value_usd)]
    if not valued or (letter != RECYCLE and all(way.route == RECYCLE for way in valued)):
        best = allowed[0]  # what cannot be valued follows the cascade: it is not melted for want of a figure
    else:
        best = max(valued, key=lambda way: way.value_usd)
    return best, tuple(way for way in ways if way is not best)


def _kind(name: str) -> str:
    return name.partition(":")[0]


def _triple(years: Array) -> Years:
    middle, low, high = years.tolist()
    return middle, low, high


def _values(graded: Grading, economy: str, as_of: str) -> tuple[dict[str, Array], dict[str, Array]]:
    """Value of every way, (test,) [USD], in order of the cascade, and years left, (test, 3); or NaN."""
    names = [REUSE, *(f"{REPURPOSE}:{use}" for use in SECOND_USES), RECYCLE]
    values = {name: np.full(len(graded.tests), np.nan) for name in names}
    years = {name: np.full((len(graded.tests), 3), np.nan) for name in names}
    plates = nameplate(graded)
    kwh, chemistry = plates.kwh, [_CATHODE.get(name, name) for name in plates.chemistry.tolist()]
    valued = np.isin(chemistry, read("composition").meta.columns["chemistry"].values)
    known = np.flatnonzero(np.isfinite(kwh) & valued & (graded.grade != QUARANTINE))
    if not economy or not known.size:
        return values, years
    of_lot = kwh[known] / LOT_KWH
    tested = known[graded.health.in_domain[known]]
    for name, use in zip(names, (AS_BEFORE, *SECOND_USES), strict=False):
        worth = value(
            [chemistry[row] for row in known],
            np.full(known.size, LOT_KWH),
            economy,
            soh=graded.health.soh[known],
            soh_low=graded.health.low[known],
            soh_high=graded.health.high[known],
            form="cells",
            condition="sound",
            application=use,
            as_of=as_of,
        )
        for way, told in ((name, "reuse"), (RECYCLE, "recycle")):
            values[way][known] = worth.routes_usd.get(told, np.nan) * of_lot
        years[name][tested] = years_left(
            [chemistry[row] for row in tested],
            economy,
            use,
            graded.health.soh[tested],
            graded.health.low[tested],
            graded.health.high[tested],
        )
    return values, years
