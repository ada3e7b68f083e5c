"""The chain of one case: disassembly, transport, pre-processing, recovery, per kg of feed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kitaran.planning.processes.burdens import Burdens, plant_burdens
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.case import PYROMETALLURGICAL, Stream
from kitaran.planning.processes.cathode_production import cathode_price
from kitaran.planning.processes.chain import Case, Evaluation, Plant
from kitaran.planning.processes.direct import cathode_product, direct
from kitaran.planning.processes.disassembly import Disassembly
from kitaran.planning.processes.feed import Feed, drivers, mixed
from kitaran.planning.processes.fees import black_mass_value
from kitaran.planning.processes.flows import Flows
from kitaran.planning.processes.hydrometallurgical import hydrometallurgical
from kitaran.planning.processes.logistics import moved_by_truck, taken_apart
from kitaran.planning.processes.mechanical import mechanical_preprocessing
from kitaran.planning.processes.plant_cost import PlantCost, plant_cost
from kitaran.planning.processes.pyrometallurgical import pyrometallurgical
from kitaran.planning.processes.transport import Transport

BLACK_MASS_PRODUCT = "black_mass"


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
        moved_by_truck(case, black_mass_t, leached, cathode_t),
        taken_apart(case),
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
