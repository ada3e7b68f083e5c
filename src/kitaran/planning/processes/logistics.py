"""What moves and what is taken apart before the plants: disassembly of packs, kg on each leg of transport."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.case import END_OF_LIFE, FEEDS, PACK, SCRAP
from kitaran.planning.processes.chain import Case
from kitaran.planning.processes.disassembly import Disassembly, disassembly, none
from kitaran.planning.processes.flows import Flows
from kitaran.planning.processes.transport import Transport, distances, transport

SALTS = {"cobalt": ("Co", "CoSO4"), "nickel": ("Ni", "NiSO4"), "manganese": ("Mn", "MnSO4")}


def taken_apart(case: Case) -> Disassembly:
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


def moved_by_truck(case: Case, black_mass_t: Array, leached: Flows, cathode_t: Array) -> Transport:
    """kg carried on each segment per kg of feed, and what it costs; the same for every route."""
    is_pack = case.battery == PACK
    masses = case.figures.parameter["transport"]
    black_mass = black_mass_t / case.throughput_t
    salts = leached.products["lithium_carbonate_crude"] + sum(
        leached.products[product] * masses[f"mass_{salt}"] / masses[f"mass_{element}_element"]
        for product, (element, salt) in SALTS.items()
    )
    end_of_life = case.share(END_OF_LIFE)
    packs = taken_apart(case).packs_kg if is_pack else np.zeros_like(black_mass)
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
