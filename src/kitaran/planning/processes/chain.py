"""A case, its plants and its answer: what goes into the chain and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kitaran.planning.processes.burdens import Burdens
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.case import FEEDS, PACK, Changes, Stream
from kitaran.planning.processes.disassembly import Disassembly
from kitaran.planning.processes.feed import Feed, Masses, pure
from kitaran.planning.processes.fees import FeeRule, fee_rule
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.flows import Flows
from kitaran.planning.processes.places import Place, PlaceFigure
from kitaran.planning.processes.plant_cost import Finance, PlantCost
from kitaran.planning.processes.prices import Prices
from kitaran.planning.processes.slips import Slips
from kitaran.planning.processes.transport import Transport

TO_BUYER = ("1", "2", "3", "4")
"""Legs up to the buyer of black mass."""


@dataclass(frozen=True)
class Case:
    """Everything that the chain needs. Arrays broadcast over one axis, `sample`: scales, draws or both."""

    route: str
    battery: str
    streams: tuple[Stream, ...]
    place: Place
    cathode_place: Place
    prices: Prices
    finance: Finance
    changes: Changes
    slips: Slips
    figures: Figures

    @cached_property
    def throughput_t(self) -> Array:
        """All feed, (sample,) [t/year]."""
        return np.asarray(sum(stream.throughput_t for stream in self.streams), np.float64)

    @property
    def place_figures(self) -> tuple[PlaceFigure, ...]:
        """The figures of the place that this case uses."""
        unused = set()
        if self.slips.free_diesel:
            unused.add("diesel_usd_per_mmBtu")
        if self.slips.american_trucks or self.place.is_american:
            unused.add("road_freight_usd_per_t_km")
        if self.battery != PACK:
            unused.add("building_cost_usd_per_m2")
        return tuple(each for each in self.place.figures if each.parameter not in unused)

    def share(self, kinds: Sequence[str]) -> Array:
        """Share of the feed that is of these kinds, (sample,)."""
        tonnes = sum((s.throughput_t for s in self.streams if s.feed in kinds), np.float64(0.0))
        return np.asarray(tonnes / self.throughput_t, np.float64)

    def feed_of(self, stream: Stream) -> Feed:
        """Composition of a stream, with the user's components in place of the table's."""
        table = self.figures.composition[FEEDS[stream.feed], stream.chemistry]
        shape = np.shape(self.throughput_t)
        parts = {name: np.broadcast_to(np.float64(value), shape) for name, value in table.items()}
        return pure({**parts, **self.changes.composition}, stream.chemistry)

    def fee_of(self, stream: Stream) -> Array:
        """Price of a stream, (sample,) [USD/kg]."""
        if self.changes.fee is not None:
            return np.broadcast_to(self.changes.fee, np.shape(self.throughput_t)).astype(np.float64)
        return self.fee_rule(stream).price(self.prices)

    def fee_rule(self, stream: Stream) -> FeeRule:
        """How a stream is paid for, where the user sets no price."""
        feed = self.feed_of(stream)
        return fee_rule(stream.chemistry, stream.is_black_mass, feed, self.figures, self.prices, self.slips)


@dataclass(frozen=True)
class Plant:
    """One plant of the chain, per kg of its own feed.

    share          : kg of that feed per kg of the case's feed
    black_mass_usd : what its black mass would fetch if it were sold
    """

    feed: Feed
    flows: Flows
    cost: PlantCost
    burdens: Burdens
    revenue_usd: Array
    share: Array
    black_mass_usd: Array | None = None


@dataclass(frozen=True)
class Evaluation:
    """The answer, each (sample,) per kg of feed unless said.

    cost_usd, revenue_usd, burdens : pre-processing and recovery, without transport and disassembly
    products        : recovered kg by product
    fee_usd         : paid for the feed (negative: received), inside cost_usd
    cathode_price_usd : price of renewed cathode material of the first stream's chemistry [USD/kg]
    """

    case: Case
    preprocessing: Plant | None
    recovery: Plant
    transport: Transport
    disassembly: Disassembly
    cost_usd: Array
    revenue_usd: Array
    burdens: Burdens
    products: Masses
    fee_usd: Array
    cathode_price_usd: Array

    @property
    def margin_usd(self) -> Array:
        """Revenue less cost, transport and disassembly, with the parts that disassembly sells."""
        given = self.revenue_usd + self.disassembly.revenue_usd
        return given - self.cost_usd - self.transport.cost_usd - self.disassembly.cost_usd

    @property
    def black_mass_margin_usd(self) -> Array | None:
        """What is left if black mass is sold instead of recovered; None where none is made.

        Metals and black mass, less pre-processing, transport up to the buyer of the black mass, disassembly.
        """
        first = self.preprocessing
        if first is None or first.black_mass_usd is None:
            return None
        sold = (first.revenue_usd + first.black_mass_usd) * first.share + self.disassembly.revenue_usd
        carried = sum(leg.cost_usd for leg in self.transport.segments if leg.number in TO_BUYER)
        return sold - first.cost.unit_cost * first.share - carried - self.disassembly.cost_usd
