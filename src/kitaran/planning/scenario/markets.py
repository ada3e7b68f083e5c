"""How many vehicles of all powertrains an economy takes up: its own figure, or what its peers take up
per person.

Own figures, best first: vehicle_market; electric sales over their share; the joint market of two- and
three-wheelers less the three-wheelers; the stock of all powertrains over the vehicles' life.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kitaran.planning.fleet.figures import Figure, exactly, from_row
from kitaran.planning.fleet.history import History, histories, joint_market, market_from_share
from kitaran.planning.fleet.peers import Place, carried_over, nearest
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.people import People
from kitaran.reference import FactTable, Row, find, read

ELECTRIC_BY_DEFINITION = frozenset({"e_bike"})
ONLY_LIKE_NEIGHBOURS = frozenset({"three_wheeler"})
_USUAL_GROWTH_OF_STOCK = 0.03
_USUAL_YEAR = 2024


@dataclass(frozen=True)
class Market:
    """All vehicles of a class sold in a year.

    peers : economies whose figures stand in; empty where it is the economy's own
    """

    figure: Figure
    year: int
    peers: tuple[str, ...] = ()


@dataclass
class Markets:
    """Histories and markets of all economies; each is made when first asked for."""

    assumptions: Assumptions
    people: People
    overrides: Path | None
    _histories: dict[str, dict[str, History]] = field(default_factory=dict)
    _own: dict[tuple[str, str], Market | None] = field(default_factory=dict)

    def history(self, code: str, vehicle_class: str) -> History:
        if code not in self._histories:
            self._histories[code] = histories(code, self.overrides)
        return self._histories[code][vehicle_class]

    def market(self, code: str, vehicle_class: str) -> Market | None:
        """Size of a market; None if the class is not sold there as far as is known."""
        return self.own(code, vehicle_class) or self._from_peers(code, vehicle_class)

    def own(self, code: str, vehicle_class: str) -> Market | None:
        """Size of a market from the economy's own figures; None if it has none."""
        key = (code, vehicle_class)
        if key not in self._own:
            self._own[key] = self._from_own_figures(code, vehicle_class)
        return self._own[key]

    def of_market(self, code: str, vehicle_class: str, parameter: str) -> Row:
        """A row of vehicle_market for the nearest region."""
        return find(self._table, code, vehicle_class=vehicle_class, parameter=parameter).table.rows[0]

    @property
    def _table(self) -> FactTable:
        return read("vehicle_market", self.overrides).resolve()

    def _from_own_figures(self, code: str, vehicle_class: str) -> Market | None:
        known = self.history(code, vehicle_class)
        if vehicle_class in ELECTRIC_BY_DEFINITION:
            counted = known.sold or known.in_use
            return Market(counted[max(counted)], max(counted)) if counted else None
        given = self._annual_sales(code, vehicle_class)
        if given is not None:
            return Market(from_row(given), given.year or _USUAL_YEAR)
        shared = market_from_share(known.sold, known.share)
        if shared is not None:
            return Market(shared, max(year for year in known.share if year in known.sold))
        joint = self._two_wheelers(code) if vehicle_class == "two_wheeler" else None
        return joint or self._from_stock(code, vehicle_class)

    def _annual_sales(self, code: str, vehicle_class: str) -> Row | None:
        rows = self._table.where(region=code, vehicle_class=vehicle_class, parameter="annual_sales").rows
        return rows[0] if rows else None

    def _two_wheelers(self, code: str) -> Market | None:
        """The joint market less the three-wheelers, where these are known; never less than a fifth of it."""
        joint = joint_market(code, self.overrides)
        if joint is None:
            return None
        three = self._annual_sales(code, "three_wheeler")
        less = from_row(three) if three is not None else exactly(0.0)
        value = max(joint.value - less.value, 0.2 * joint.value)
        low, high = max(joint.low - less.high, 0.5 * value), max(joint.high - less.low, value)
        grade, rows = max(joint.grade, less.grade), joint.rows + less.rows
        return Market(Figure(value, min(low, value), high, grade, rows).weakened(), _USUAL_YEAR)

    def _from_stock(self, code: str, vehicle_class: str) -> Market | None:
        """Sales that keep a stock of all powertrains growing slowly, two grades below the stock's.

        Many stocks are cumulative registrations, so that the sales may be a third lower.
        """
        found = self._stock_of_all(code, vehicle_class)
        if found is None:
            return None
        stock, year = found
        lives = read("lifetimes", self.overrides)
        life = (
            find(lives, code, vehicle_class=vehicle_class, component="vehicle")
            .table.resolve()
            .rows[0]
            .central
        )
        each = _USUAL_GROWTH_OF_STOCK / -float(np.expm1(-_USUAL_GROWTH_OF_STOCK * life))
        sales = Figure(
            stock.value * each, stock.low * each / 1.5, stock.high * each * 1.3, stock.grade, stock.rows
        )
        return Market(sales.weakened().weakened(), year)

    def _stock_of_all(self, code: str, vehicle_class: str) -> tuple[Figure, int] | None:
        """Latest stock of all powertrains; of cars also from vehicles per thousand people."""
        stocks = (
            read("vehicle_stock", self.overrides).where(economy=code, vehicle_class=vehicle_class).resolve()
        )
        rows = [row for row in stocks if row.text("basis") != "partial" and row.central > 0]
        if rows:
            latest = max(rows, key=lambda row: row.year or 0)
            return from_row(latest), latest.year or _USUAL_YEAR
        for parameter in (
            ("automobiles_per_1000", "motor_vehicles_per_1000") if vehicle_class == "car" else ()
        ):
            per_1000 = self.people.latest(code, parameter)
            if per_1000 is not None and per_1000.year and self.people.in_year(code, per_1000.year):
                thousands = self.people.in_year(code, per_1000.year) / 1000
                return from_row(per_1000).times(exactly(thousands)), per_1000.year
        return None

    def _from_peers(self, code: str, vehicle_class: str) -> Market | None:
        persons = self.people.in_year(code, _USUAL_YEAR)
        if vehicle_class in ELECTRIC_BY_DEFINITION or not persons:
            return None
        able = [other for other in self.people.places if self._is_peer(code, other, vehicle_class)]
        peers = self.peers(code, able)
        if not peers:
            return None
        per_person = carried_over(
            self.people.places[code],
            [(peer, self._per_person(peer.economy, vehicle_class)) for peer in peers],
            self.of_market(code, vehicle_class, "income_elasticity").central,
            self.assumptions.value("peer_spread"),
        )
        return Market(per_person.times(exactly(persons)), _USUAL_YEAR, tuple(peer.economy for peer in peers))

    def _is_peer(self, code: str, other: str, vehicle_class: str) -> bool:
        near = self.people.places[other].subregion == self.people.places[code].subregion
        if vehicle_class in ONLY_LIKE_NEIGHBOURS and not near:
            return False
        return self.own(other, vehicle_class) is not None and bool(self.people.population(other).size)

    def _per_person(self, code: str, vehicle_class: str) -> Figure:
        market = self.own(code, vehicle_class)
        assert market is not None
        return market.figure.times(exactly(1 / self.people.in_year(code, market.year)))

    def peers(self, code: str, candidates: list[str]) -> list[Place]:
        """The economies of a list that are most like one."""
        return nearest(
            self.people.places[code],
            [self.people.places[other] for other in candidates],
            int(self.assumptions.value("peers")),
            self.assumptions.value("peer_subregion_distance"),
        )
