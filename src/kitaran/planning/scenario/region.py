"""What is known of every economy before any sample is drawn; an economy without a figure takes it from
its peers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from kitaran.planning.fleet.figures import Figure
from kitaran.planning.fleet.history import VEHICLE_CLASSES, History, Yearly
from kitaran.planning.fleet.peers import Place
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.markets import ONLY_LIKE_NEIGHBOURS, Market, Markets
from kitaran.planning.scenario.people import People

_YEARS_OF_PEERS = range(2016, 2025)
_YEARS_OF_A_PEER = 3
_LARGEST_SHARE = 0.98
_SMALLEST_SHARE = 1e-5


@dataclass(frozen=True)
class Region:
    """People, histories and markets of all economies, and the electric shares that peers lend."""

    assumptions: Assumptions
    overrides: Path | None

    @cached_property
    def people(self) -> People:
        return People(self.overrides)

    @cached_property
    def markets(self) -> Markets:
        return Markets(self.assumptions, self.people, self.overrides)

    @property
    def places(self) -> dict[str, Place]:
        return self.people.places

    def history(self, code: str, vehicle_class: str) -> History:
        return self.markets.history(code, vehicle_class)

    def market(self, code: str, vehicle_class: str) -> Market | None:
        return self.markets.market(code, vehicle_class)

    def prepare(self, code: str) -> None:
        """Look up what is known of an economy, so that later ones that need it as a peer find it done."""
        for vehicle_class in VEHICLE_CLASSES:
            self.markets.own(code, vehicle_class)

    def shares_of_peers(self, code: str, vehicle_class: str) -> tuple[Yearly, tuple[str, ...]]:
        """Electric share by year where the economy counts none of the class, and the peers it is taken from.

        Cars: the median of the peers. Other classes: the economy's cars (or its peers' cars), moved on
        the logit
        scale by the distance between the class and cars: the median of the peers, or, where the economy
        counts its cars, the lowest of all economies, because a class that is then left out is likely small.
        """
        able = [other for other in self.places if self._lends_share(code, other, vehicle_class)]
        cars = self._electric(code, "car")
        alone = vehicle_class == "car"
        peers = able if cars and not alone else [peer.economy for peer in self.markets.peers(code, able)]
        if not peers:
            return {}, ()
        x = self._cars_of(peers) if alone else self._beside_cars(code, vehicle_class, peers, cars)
        rows = self._rows_of(peers, vehicle_class)
        shares = {year: 1 / (1 + math.exp(-value)) for year, value in sorted(x.items())}
        return {year: Figure(share, share, share, "D", rows) for year, share in shares.items()}, tuple(peers)

    def _cars_of(self, peers: list[str]) -> dict[int, float]:
        return {year: _median(self._x(peer, "car", year) for peer in peers) for year in _YEARS_OF_PEERS}

    def _beside_cars(
        self, code: str, vehicle_class: str, peers: list[str], cars: Mapping[int, float]
    ) -> dict[int, float]:
        choose: Callable[[Iterable[float]], float] = min if cars else _median
        base = cars or {year: share.value for year, share in self.shares_of_peers(code, "car")[0].items()}
        return {
            year: on_logit(base, year)
            + choose(self._x(peer, vehicle_class, year) - self._x(peer, "car", year) for peer in peers)
            for year in base
        }

    def _x(self, code: str, vehicle_class: str, year: int) -> float:
        return on_logit(self._electric(code, vehicle_class), year)

    def _lends_share(self, code: str, other: str, vehicle_class: str) -> bool:
        near = self.places[other].subregion == self.places[code].subregion
        if other == code or (vehicle_class in ONLY_LIKE_NEIGHBOURS and not near):
            return False
        return all(
            len(self.history(other, name).sold) >= _YEARS_OF_A_PEER
            and self.markets.own(other, name) is not None
            for name in (vehicle_class, "car")
        )

    def _electric(self, code: str, vehicle_class: str) -> dict[int, float]:
        """Electric share of sales by year, from counts over the size of the market."""
        sold = self.history(code, vehicle_class).sold
        market = self.market(code, vehicle_class) if sold else None
        if market is None:
            return {}
        return {year: figure.value / max(market.figure.value, 1.0) for year, figure in sold.items()}

    def _rows_of(self, peers: list[str], vehicle_class: str) -> tuple[str, ...]:
        """The latest counts of the peers."""
        sold = [self.history(peer, vehicle_class).sold for peer in peers]
        return tuple(row for yearly in sold for row in yearly[max(yearly)].rows)


def on_logit(shares: Mapping[int, float], year: int) -> float:
    """Logit of a share in a year, held between 1e-5 and 0.98; of the nearest year where that one is
    missing."""
    nearest = min(shares, key=lambda known: (abs(known - year), known), default=year)
    share = min(max(shares.get(nearest, 0.0), _SMALLEST_SHARE), _LARGEST_SHARE)
    return math.log(share / (1 - share))


def _median(values: Iterable[float]) -> float:
    return float(np.median(list(values)))
