"""What is known of every economy before any sample is drawn: people, income, histories, size of markets.

An economy without a figure of its own takes it from its peers, so all of them stand side by side here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.figures import Figure, from_row
from kitaran.planning.fleet.history import (
    VEHICLE_CLASSES,
    History,
    Yearly,
    history,
    joint_market,
    market_from_share,
)
from kitaran.planning.fleet.peers import Place, carried_over, nearest
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.reference import FactTable, Row, economies, find, read

Array = NDArray[np.float64]

FIRST_COHORT = 2000
LAST_COHORT = 2050
COHORTS = np.arange(FIRST_COHORT, LAST_COHORT + 1, dtype=np.float64)
_USUAL_GROWTH_OF_STOCK = 0.03
ELECTRIC_BY_DEFINITION = frozenset({"e_bike"})
_ONLY_FROM_NEIGHBOURS = frozenset({"three_wheeler"})
_YEARS_OF_PEERS = range(2016, 2025)
_YEARS_OF_A_PEER = 3


@dataclass(frozen=True)
class Market:
    """All vehicles of a class sold in a year.

    peers : economies whose figures stand in; empty where it is the economy's own
    """

    figure: Figure
    year: int
    peers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Region:
    """All economies; nothing is looked up before it is asked for, and nothing twice."""

    assumptions: Assumptions
    overrides: Path | None

    @cached_property
    def _cache(self) -> dict[tuple[str, ...], object]:
        return {}

    @cached_property
    def places(self) -> dict[str, Place]:
        incomes = {item.code: self._own_income(item.code) for item in economies()}
        middle: dict[str, float] = {}
        for item in economies():
            known = [
                incomes[other.code]
                for other in economies()
                if other.subregion == item.subregion and incomes[other.code] > 0
            ]
            middle[item.code] = float(np.median(known)) if known else 5000.0
        return {
            item.code: Place(item.code, item.subregion, incomes[item.code] or middle[item.code])
            for item in economies()
        }

    def _own_income(self, code: str) -> float:
        rows = self._macro.where(economy=code, parameter="gdp_current").rows
        latest = max(rows, key=lambda row: row.year or 0, default=None)
        persons = self.population(code)
        if latest is None or latest.year is None or not persons.size:
            return 0.0
        return float(latest.central / np.interp(latest.year, COHORTS, persons))

    @cached_property
    def _macro(self) -> FactTable:
        return read("macro", self.overrides)

    @cached_property
    def _vehicle_market(self) -> FactTable:
        return read("vehicle_market", self.overrides).resolve()

    def population(self, code: str) -> Array:
        """(cohort,) persons; the projection is moved to meet the last counted year. Empty if nothing is known."""
        counted = self._series(code, "population")
        ahead = self._series(code, "population_projection")
        if not counted and not ahead:
            return np.zeros(0)
        if not ahead:
            return self._without_projection(counted)
        if counted:
            last = max(counted)
            meeting = counted[last] / np.interp(last, list(ahead), list(ahead.values()))
            counted |= {year: persons * meeting for year, persons in ahead.items() if year > last}
        else:
            counted = ahead
        years = sorted(counted)
        return np.interp(COHORTS, years, [counted[year] for year in years])

    @staticmethod
    def _without_projection(counted: dict[int, float]) -> Array:
        years = sorted(counted)
        return np.interp(COHORTS, years, [counted[year] for year in years])

    def _series(self, code: str, parameter: str) -> dict[int, float]:
        rows = self._macro.where(economy=code, parameter=parameter).resolve().rows
        return {row.year: row.central for row in sorted(rows, key=lambda row: row.year or 0) if row.year}

    def people_rows(self, code: str) -> tuple[Row, ...]:
        """The rows that a reader of the inputs is led to: latest population, 2050, latest income."""
        chosen = []
        for parameter in ("population", "population_projection", "gdp_current"):
            rows = self._macro.where(economy=code, parameter=parameter).resolve().rows
            if rows:
                chosen.append(max(rows, key=lambda row: row.year or 0))
        return tuple(chosen)

    def history(self, code: str, vehicle_class: str) -> History:
        key = ("history", code, vehicle_class)
        if key not in self._cache:
            self._cache[key] = history(code, vehicle_class, self.overrides)
        found = self._cache[key]
        assert isinstance(found, History)
        return found

    def prepare(self, code: str) -> None:
        """Look up what is known of an economy, so that later ones that need it as a peer find it done."""
        for vehicle_class in VEHICLE_CLASSES:
            self.own_market(code, vehicle_class)

    def own_market(self, code: str, vehicle_class: str) -> Market | None:
        """Size of a market from the economy's own figures, best first; None if it has none."""
        key = ("market", code, vehicle_class)
        if key not in self._cache:
            self._cache[key] = self._own_market(code, vehicle_class)
        found = self._cache[key]
        assert found is None or isinstance(found, Market)
        return found

    def _own_market(self, code: str, vehicle_class: str) -> Market | None:
        rows = self._vehicle_market.where(
            region=code, vehicle_class=vehicle_class, parameter="annual_sales"
        ).rows
        if rows:
            return Market(from_row(rows[0]), rows[0].year or 2024)
        known = self.history(code, vehicle_class)
        if vehicle_class in ELECTRIC_BY_DEFINITION:
            counted = known.sold or known.in_use
            return Market(counted[max(counted)], max(counted)) if counted else None
        shared = market_from_share(known.sold, known.share)
        if shared is not None:
            return Market(shared, max(year for year in known.share if year in known.sold))
        if vehicle_class == "two_wheeler":
            return self._two_wheelers(code)
        return self._from_stock(code, vehicle_class)

    def _two_wheelers(self, code: str) -> Market | None:
        """The joint market of two- and three-wheelers less the three-wheelers, where these are known."""
        joint = joint_market(code, self.overrides)
        if joint is None:
            return self._from_stock(code, "two_wheeler")
        three = self._vehicle_market.where(
            region=code, vehicle_class="three_wheeler", parameter="annual_sales"
        ).rows
        less = from_row(three[0]) if three else Figure(0.0, 0.0, 0.0, "A", ())
        figure = Figure(
            max(joint.value - less.value, 0.2 * joint.value),
            max(joint.low - less.high, 0.1 * joint.value),
            max(joint.high - less.low, 0.3 * joint.value),
            max(joint.grade, less.grade),
            joint.rows + less.rows,
        )
        return Market(figure.weakened(), 2024)

    def _from_stock(self, code: str, vehicle_class: str) -> Market | None:
        """Sales that keep a stock of all powertrains growing slowly, two grades below the stock's."""
        stock = self._stock_of_all(code, vehicle_class)
        if stock is None:
            return None
        figure, year = stock
        life = self._vehicle_life(code, vehicle_class)
        rate = _USUAL_GROWTH_OF_STOCK
        per_stock = rate / -float(np.expm1(-rate * life))
        sales = Figure(figure.value * per_stock, figure.low * per_stock / 1.5, figure.high * per_stock * 1.3, figure.grade,
                       figure.rows)  # fmt: skip
        return Market(sales.weakened().weakened(), year)

    def _stock_of_all(self, code: str, vehicle_class: str) -> tuple[Figure, int] | None:
        stocks = read("vehicle_stock", self.overrides).where(economy=code, vehicle_class=vehicle_class)
        rows = [row for row in stocks.resolve() if row.text("basis") != "partial" and row.central > 0]
        if rows:
            latest = max(rows, key=lambda row: row.year or 0)
            return from_row(latest), latest.year or 2020
        if vehicle_class != "car":
            return None
        for parameter in ("automobiles_per_1000", "motor_vehicles_per_1000"):
            rows = list(self._macro.where(economy=code, parameter=parameter).resolve())
            if rows and self.population(code).size:
                latest = max(rows, key=lambda row: row.year or 0)
                persons = float(np.interp(latest.year or 2015, COHORTS, self.population(code)))
                per_person = from_row(latest)
                scale = Figure(persons / 1000, persons / 1000, persons / 1000, "A", ())
                return per_person.times(scale), latest.year or 2015
        return None

    def _vehicle_life(self, code: str, vehicle_class: str) -> float:
        lives = read("lifetimes", self.overrides)
        found = find(lives, code, vehicle_class=vehicle_class, component="vehicle", battery_type="any")
        return found.table.resolve().rows[0].central

    def market(self, code: str, vehicle_class: str) -> Market | None:
        """Size of a market: the economy's own, or its peers' per person; None if the class is not sold there."""
        own = self.own_market(code, vehicle_class)
        if own is not None:
            return own
        if vehicle_class in ELECTRIC_BY_DEFINITION or not self.population(code).size:
            return None
        peers = self.peers(
            code, [other for other in self.places if self._market_peer(code, other, vehicle_class)]
        )
        if not peers:
            return None
        elasticity = self.of_market(code, vehicle_class, "income_elasticity").central
        per_person = carried_over(
            self.places[code],
            [(peer, self._per_person(peer.economy, vehicle_class)) for peer in peers],
            elasticity,
            self.assumptions.value("peer_spread"),
        )
        persons = float(np.interp(2024, COHORTS, self.population(code)))
        return Market(
            per_person.times(Figure(persons, persons, persons, "A", ())),
            2024,
            tuple(p.economy for p in peers),
        )

    def _market_peer(self, code: str, other: str, vehicle_class: str) -> bool:
        if (
            vehicle_class in _ONLY_FROM_NEIGHBOURS
            and self.places[other].subregion != self.places[code].subregion
        ):
            return False
        return self.own_market(other, vehicle_class) is not None and bool(self.population(other).size)

    def _per_person(self, code: str, vehicle_class: str) -> Figure:
        market = self.own_market(code, vehicle_class)
        assert market is not None
        persons = float(np.interp(market.year, COHORTS, self.population(code)))
        return market.figure.times(Figure(1 / persons, 1 / persons, 1 / persons, "A", ()))

    def peers(self, code: str, candidates: list[str]) -> list[Place]:
        return nearest(
            self.places[code],
            [self.places[other] for other in candidates],
            int(self.assumptions.value("peers")),
            self.assumptions.value("peer_subregion_distance"),
        )

    def of_market(self, code: str, vehicle_class: str, parameter: str) -> Row:
        """A row of vehicle_market for the nearest region."""
        found = find(self._vehicle_market, code, vehicle_class=vehicle_class, parameter=parameter)
        return found.table.rows[0]

    def shares_of_peers(self, code: str, vehicle_class: str) -> tuple[Yearly, tuple[str, ...]]:
        """Electric share by year where the economy counts none of the class, and the peers it is taken from.

        Cars: the median of the peers. Other classes: the economy's cars (or its peers' cars), moved on the logit
        scale by the distance between the class and cars: the median of the peers, or, where the economy counts its
        cars, the lowest of all economies, because a class that is then left out is likely small.
        """
        able = [other for other in self.places if self._share_peer(code, other, vehicle_class)]
        cars = self._electric(code, "car")
        peers = able if cars and vehicle_class != "car" else [peer.economy for peer in self.peers(code, able)]
        if not peers:
            return {}, ()
        if vehicle_class == "car":
            x = {
                year: self._over(peers, lambda peer, year=year: self._x(peer, "car", year))
                for year in _YEARS_OF_PEERS
            }
        else:
            choose = min if cars else np.median
            base = cars or {year: share.value for year, share in self.shares_of_peers(code, "car")[0].items()}
            x = {
                year: on_logit(base, year)
                + self._over(
                    peers,
                    lambda peer, year=year: self._x(peer, vehicle_class, year) - self._x(peer, "car", year),
                    choose,
                )
                for year in base
            }
        rows = self._rows_of_peers(peers, vehicle_class)
        shares = {year: 1 / (1 + math.exp(-value)) for year, value in sorted(x.items())}
        return {year: Figure(share, share, share, "D", rows) for year, share in shares.items()}, tuple(peers)

    @staticmethod
    def _over(
        peers: list[str], of: Callable[[str], float], choose: Callable[[list[float]], float] | Any = np.median
    ) -> float:
        return float(choose([of(peer) for peer in peers]))

    def _x(self, code: str, vehicle_class: str, year: int) -> float:
        return on_logit(self._electric(code, vehicle_class), year)

    def _share_peer(self, code: str, other: str, vehicle_class: str) -> bool:
        if (
            vehicle_class in _ONLY_FROM_NEIGHBOURS
            and self.places[other].subregion != self.places[code].subregion
        ):
            return False
        return all(
            len(self.history(other, name).sold) >= _YEARS_OF_A_PEER
            and self.own_market(other, name) is not None
            for name in (vehicle_class, "car")
        )

    def _electric(self, code: str, vehicle_class: str) -> dict[int, float]:
        """Electric share of sales by year, from counts over the size of the market."""
        market = self.own_market(code, vehicle_class) or self.market(code, vehicle_class)
        if market is None:
            return {}
        sold = self.history(code, vehicle_class).sold
        return {
            year: min(figure.value / max(market.figure.value, 1.0), 0.98) for year, figure in sold.items()
        }

    def _rows_of_peers(self, peers: list[str], vehicle_class: str) -> tuple[str, ...]:
        """The latest counts of the peers."""
        sold = [self.history(peer, vehicle_class).sold for peer in peers]
        return tuple(row for yearly in sold for row in yearly[max(yearly)].rows)


def on_logit(shares: Mapping[int, float], year: int) -> float:
    """Logit of a share in a year, held between 1e-5 and 0.98; of the nearest year where that one is missing."""
    nearest = min(shares, key=lambda known: (abs(known - year), known), default=year)
    share = min(max(shares.get(nearest, 0.0), 1e-5), 0.98)
    return math.log(share / (1 - share))
