"""The chain of one case: disassembly, transport, pre-processing, recovery, per kg of feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kitaran.planning.processes.burdens import Burdens, plant_burdens
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.case import (
    END_OF_LIFE,
    FEEDS,
    PACK,
    PYROMETALLURGICAL,
    SCRAP,
    Changes,
    Stream,
)
from kitaran.planning.processes.cathode_production import cathode_price
from kitaran.planning.processes.direct import cathode_product, direct
from kitaran.planning.processes.disassembly import Disassembly, disassembly, none
from kitaran.planning.processes.feed import Feed, Masses, drivers, mixed, pure
from kitaran.planning.processes.fees import FeeRule, black_mass_value, fee_rule
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.flows import Flows
from kitaran.planning.processes.hydrometallurgical import hydrometallurgical
from kitaran.planning.processes.mechanical import mechanical_preprocessing
from kitaran.planning.processes.places import Place, PlaceFigure
from kitaran.planning.processes.plant_cost import Finance, PlantCost, plant_cost
from kitaran.planning.processes.prices import Prices
from kitaran.planning.processes.pyrometallurgical import pyrometallurgical
from kitaran.planning.processes.slips import Slips
from kitaran.planning.processes.transport import Transport, distances, transport

BLACK_MASS_PRODUCT = "black_mass"
TO_BUYER = ("1", "2", "3", "4")
SALTS = {"cobalt": ("Co", "CoSO4"), "nickel": ("Ni", "NiSO4"), "manganese": ("Mn", "MnSO4")}


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


def evaluate(case: Case) -> Evaluation:
    """Run the chain of a case.

    Pyrometallurgy takes the feed as received; hydrometallurgy and direct recycling take black mass from the
    mechanical plant, and bought black mass as it is. Cathode tonnage follows the cobalt that a
    hydrometallurgical plant would recover, whatever the route.
    """
    bought = tuple(stream for stream in case.streams if stream.is_black_mass)
    treated = tuple(stream for stream in case.streams if not stream.is_black_mass)
    pretreated = _mixed(case, treated)
    first = mechanical_preprocessing(pretreated, case.figures, case.slips) if pretreated else None
    black_mass, black_mass_t = _black_mass(case, first, treated, bought)
    leached = hydrometallurgical(black_mass, case.figures)
    price, cathode_t = _cathode(case, leached, black_mass_t)
    if case.route == PYROMETALLURGICAL:
        preprocessing = None
        everything = _mixed(case, case.streams)
        assert everything is not None
        fee = _fee(case, case.streams)
        recovery = _recovery(case, everything, case.throughput_t, fee, price)
    else:
        preprocessing = _preprocessing(case, first, pretreated, treated) if first and pretreated else None
        fee = _fee(case, bought) * _tonnes(case, bought) / black_mass_t
        recovery = _recovery(case, black_mass, black_mass_t, fee, price)
    return _joined(
        case,
        preprocessing,
        recovery,
        _moved_by_truck(case, black_mass_t, leached, cathode_t),
        _taken_apart(case),
        price,
    )


def _tonnes(case: Case, streams: Sequence[Stream]) -> Array:
    zero = np.zeros_like(case.throughput_t)
    return np.asarray(sum((stream.throughput_t for stream in streams), zero), np.float64)


def _mixed(case: Case, streams: Sequence[Stream]) -> Feed | None:
    """The streams averaged by mass."""
    if not streams:
        return None
    tonnes = _tonnes(case, streams)
    return mixed([case.feed_of(s) for s in streams], [s.throughput_t / tonnes for s in streams])


def _fee(case: Case, streams: Sequence[Stream]) -> Array:
    """Price of the feed averaged by mass, (sample,) [USD/kg]."""
    if not streams:
        return np.zeros_like(case.throughput_t)
    tonnes = _tonnes(case, streams)
    return np.asarray(sum(case.fee_of(s) * s.throughput_t / tonnes for s in streams), np.float64)


def _black_mass(
    case: Case, first: Flows | None, treated: Sequence[Stream], bought: Sequence[Stream]
) -> tuple[Feed, Array]:
    """Black mass from pre-processing and bought, by mass, and its tonnes a year."""
    feeds, tonnes = [case.feed_of(stream) for stream in bought], [s.throughput_t for s in bought]
    if first is not None and first.black_mass is not None:
        feeds.append(first.black_mass)
        tonnes.append(first.black_mass_kg * _tonnes(case, treated))
    whole = np.asarray(sum(tonnes), np.float64)
    return mixed(feeds, [part / whole for part in tonnes]), whole


def _cathode(case: Case, leached: Flows, black_mass_t: Array) -> tuple[Array, Array]:
    """Price [USD/kg] of the first stream's cathode material and the tonnage that its cobalt would make."""
    chemistry = case.streams[0].chemistry
    cobalt = case.figures.element[chemistry, "Co"]
    made = leached.products["cobalt"] * black_mass_t
    tonnes = made / cobalt if cobalt > 0 else np.zeros_like(made)
    price = cathode_price(chemistry, tonnes, case.cathode_place, case.prices, case.figures, case.slips)
    return price, tonnes


def _preprocessing(case: Case, flows: Flows, feed: Feed, treated: Sequence[Stream]) -> Plant:
    """The mechanical plant; black mass is handed on inside, so that only metals count as revenue."""
    metals = {name: kg for name, kg in flows.products.items() if name != BLACK_MASS_PRODUCT}
    worth = sum((kg * case.prices.product[name] for name, kg in metals.items()), np.float64(0.0))
    assert flows.black_mass is not None
    sold = flows.black_mass_kg * black_mass_value(flows.black_mass, case.figures, case.prices)
    tonnes = _tonnes(case, treated)
    burdens = plant_burdens(flows, case.place, case.figures, case.slips, preprocessing=True)
    cost = _cost(case, flows, feed, tonnes, _fee(case, treated), np.asarray(worth + sold, np.float64))
    made = np.asarray(worth, np.float64)
    return Plant(feed, flows, cost, burdens, made, tonnes / case.throughput_t, sold)


def _recovery(case: Case, feed: Feed, tonnes: Array, fee: Array, cathode_usd: Array) -> Plant:
    """The plant of the route."""
    if case.route == PYROMETALLURGICAL:
        flows = pyrometallurgical(feed, case.figures)
    elif case.route == "direct":
        flows = direct(feed, case.figures)
    else:
        flows = hydrometallurgical(feed, case.figures)
    worth = np.zeros_like(case.throughput_t)
    renewed = {cathode_product(name): name for name in feed.cathode}
    for name, kilograms in flows.products.items():
        if name in renewed:
            worth = worth + kilograms * _renewed_price(case, renewed[name], cathode_usd)
        else:
            worth = worth + kilograms * case.prices.of_product(name)
    burdens = plant_burdens(flows, case.place, case.figures, case.slips)
    cost = _cost(case, flows, feed, tonnes, fee, worth)
    return Plant(feed, flows, cost, burdens, worth, tonnes / case.throughput_t)


def _renewed_price(case: Case, chemistry: str, cathode_usd: Array) -> Array:
    """The first stream's chemistry at the modelled price, any other at its given or list price."""
    if chemistry == case.streams[0].chemistry:
        return cathode_usd
    return case.prices.given_cathode.get(chemistry, case.prices.cathode[chemistry])


def _cost(case: Case, flows: Flows, feed: Feed, tonnes: Array, fee: Array, revenue: Array) -> PlantCost:
    return plant_cost(
        flows,
        tonnes,
        fee,
        revenue,
        len(feed.cathode),
        drivers(feed, case.figures),
        case.place,
        case.prices,
        case.finance,
        case.figures,
        case.slips,
    )


def _taken_apart(case: Case) -> Disassembly:
    """Packs taken apart upstream, where the battery is a pack and the feed are its modules or cells."""
    nothing = none(case.throughput_t)
    if case.battery != PACK:
        return nothing
    found = []
    for stream in case.streams:
        share = stream.throughput_t / case.throughput_t
        if stream.feed in ("eol_module", "eol_cell"):
            into = FEEDS[stream.feed]
            first = case.streams[0].chemistry
            one = disassembly(
                stream.chemistry,
                into,
                stream.throughput_t,
                case.place,
                case.prices,
                case.figures,
                case.slips,
                first,
            )
        else:
            one = nothing
        found.append((one, share))
    return _summed(found, nothing)


def _summed(found: Sequence[tuple[Disassembly, Array]], nothing: Disassembly) -> Disassembly:
    zero = nothing.cost_usd
    products: dict[str, Array] = {}
    for one, share in found:
        for name, kilograms in one.products.items():
            products[name] = products.get(name, zero) + kilograms * share

    def weighed(name: str) -> Array:
        return np.asarray(sum((getattr(one, name) * share for one, share in found), zero), np.float64)

    return Disassembly(
        weighed("pack_to_module_usd"),
        weighed("module_to_cell_usd"),
        weighed("revenue_usd"),
        products,
        weighed("packs_kg"),
        weighed("hours"),
    )


def _moved_by_truck(case: Case, black_mass_t: Array, leached: Flows, cathode_t: Array) -> Transport:
    """kg carried on each segment per kg of feed, and what it costs; the same for every route."""
    is_pack = case.battery == PACK
    masses = case.figures.parameter["transport"]
    black_mass = black_mass_t / case.throughput_t
    salts = leached.products["lithium_carbonate_crude"] + sum(
        leached.products[product] * masses[f"mass_{salt}"] / masses[f"mass_{element}_element"]
        for product, (element, salt) in SALTS.items()
    )
    end_of_life = case.share(END_OF_LIFE)
    packs = _taken_apart(case).packs_kg if is_pack else np.zeros_like(black_mass)
    if is_pack and not case.slips.pack_for_scrap:
        packs = packs - (1 - end_of_life)
    moved = {
        "1": packs,
        "2": end_of_life,
        "3": black_mass,
        "4": case.share(SCRAP),
        "5": salts * black_mass,
        "6": cathode_t / case.throughput_t,
    }
    miles = distances(is_pack, case.changes.distance, case.figures)
    return transport(miles, moved, is_pack, case.place, case.figures, case.slips)


def _joined(
    case: Case,
    preprocessing: Plant | None,
    recovery: Plant,
    carried: Transport,
    apart: Disassembly,
    cathode_usd: Array,
) -> Evaluation:
    """Both plants per kg of feed."""
    plants = [plant for plant in (preprocessing, recovery) if plant is not None]
    zero = np.zeros_like(case.throughput_t)
    burdens = Burdens(zero, zero, zero)
    products: dict[str, Array] = {}
    for plant in plants:
        burdens = burdens.plus(plant.burdens.times(plant.share))
        for name, kilograms in plant.flows.products.items():
            if name != BLACK_MASS_PRODUCT:
                products[name] = products.get(name, zero) + kilograms * plant.share
    return Evaluation(
        case=case,
        preprocessing=preprocessing,
        recovery=recovery,
        transport=carried,
        disassembly=apart,
        cost_usd=np.asarray(sum(plant.cost.unit_cost * plant.share for plant in plants), np.float64),
        revenue_usd=np.asarray(sum(plant.revenue_usd * plant.share for plant in plants), np.float64),
        burdens=burdens,
        products=products,
        fee_usd=_fee(case, case.streams),
        cathode_price_usd=cathode_usd,
    )
