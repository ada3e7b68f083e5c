"""Which way retired batteries go: collection, triage, second uses, stores, the gate of the recyclers.

Everything is one unit (energy or mass) and one type of battery. Flows are links between named places; what
enters a place that holds nothing leaves it in the same year, and that is proved on every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import KitaranError
from kitaran.planning.fleet.second_life import Serving, serving, stored
from kitaran.planning.fleet.stock import BALANCE_TOLERANCE

Array = NDArray[np.float64]
Link = tuple[str, str]

FORMAL, INFORMAL, RECYCLING = "formal_collection", "informal_collection", "recycling"
RETIRED, SCRAP, REUSE, HOARD, STOCKPILE = "retired", "production_scrap", "reuse", "hoard", "stockpile"
IN_VEHICLES, SPENT_EXPORT, LOST = "exported_in_vehicles", "exported_spent", "lost"
INFORMAL_PROCESSING = "informal_processing"
AGAIN = "_again"  # a store or a use as the place that batteries come out of


@dataclass(frozen=True)
class Collection:
    """Where batteries go when they retire; each a fraction, (year, 1, sample).

    in_vehicles : of what retires, leaves the economy inside a used vehicle
    formal      : of the rest, goes to licensed collectors
    hoarded, lost : of what they do not get; what remains goes to informal collectors
    """

    in_vehicles: Array
    formal: Array
    hoarded: Array
    lost: Array


@dataclass(frozen=True)
class Triage:
    """What licensed collectors do with a battery; each a fraction, (year, 1, sample) unless said otherwise.

    passing    : of batteries above a limit of state of health, found sound by the test
    reused     : of those fit for a vehicle, put into a vehicle again
    repurposed : of those fit for another use and not reused, repurposed
    spent_export : of what is left, sent abroad as spent batteries
    stockpiled : of what is left then, stored for want of a plant or of a better price
    stockpile_years, hoard_years : (sample,) mean time in store  [year]
    informal_to_formal : of what informal collectors get, sold on to licensed recyclers
    formal_again : of what ends its second use, goes to licensed collectors
    """

    passing: Array
    reused: Array
    repurposed: Array
    spent_export: Array
    stockpiled: Array
    stockpile_years: Array
    hoard_years: Array
    informal_to_formal: Array
    formal_again: Array


@dataclass(frozen=True)
class Use:
    """A second use: its share of what is repurposed (sample,), and `leaving_by_year` of its life."""

    name: str
    share: Array
    leaving: Array


@dataclass(frozen=True)
class Retiring:
    """Batteries of one class that retire.

    amount        : (year, chemistry, sample)
    fit_again     : (year, chemistry, sample) the part whose state of health is above the limit for a vehicle
    fit_elsewhere : (year, chemistry, sample) the part above the lower limit for another use
    collection    : where they go
    """

    amount: Array
    fit_again: Array
    fit_elsewhere: Array
    collection: Collection


@dataclass(frozen=True)
class Routes:
    """Flows by link, (year, chemistry, sample), and the stocks behind stores and second uses at year's
    end."""

    links: Mapping[Link, Array]
    stocks: Mapping[str, Array]
    _into: dict[str, Array] = field(default_factory=dict, compare=False, repr=False)

    def into(self, place: str) -> Array:
        if place not in self._into:
            self._into[place] = _sum([flow for (_, to), flow in self.links.items() if to == place])
        return self._into[place]

    def out_of(self, place: str) -> Array:
        return _sum([flow for (start, _), flow in self.links.items() if start == place])


def routes(
    retiring: Sequence[Retiring],
    triage: Triage,
    again: Collection,
    uses: Sequence[Use],
    reuse_leaving: Array,
    scrap: Array | None = None,
) -> Routes:
    """Flows after first life of one type of battery.

    again         : where hoarded batteries and those at the end of a second use go; nothing leaves in
                    vehicles and nothing is hoarded twice
    reuse_leaving : `leaving_by_year` of batteries put into a vehicle again
    scrap         : (year, chemistry, sample) production scrap that joins the feed of the recyclers
    Only batteries that come from first life are looked at for another use; all others are recycled.
    """
    links = _first(retiring, triage, uses)
    hoard = stored(links[RETIRED, HOARD], triage.hoard_years)
    served = {REUSE: serving(links[FORMAL, REUSE], reuse_leaving)}
    served |= {use.name: serving(links[FORMAL, use.name], use.leaving) for use in uses}
    _collect_again(links, HOARD, hoard.leaving, again.formal, again)
    for name, use in served.items():
        _collect_again(links, name, use.leaving, triage.formal_again, again)
    stockpile = _to_recyclers(links, triage, list(served), scrap)
    stores = {HOARD: hoard, STOCKPILE: stockpile, **served}
    return Routes(links, {name: store.stock for name, store in stores.items()})


def _first(retiring: Sequence[Retiring], triage: Triage, uses: Sequence[Use]) -> dict[Link, Array]:
    """What becomes of batteries in the year in which they retire; classes that go the same ways at once."""
    links: dict[Link, Array] = {}
    for where, together in _by_collection(retiring):
        amount = _sum([each.amount for each in together])
        for place, share in _shares(where).items():
            _add(links, (RETIRED, place), amount * share)
        sound = _shares(where)[FORMAL] * triage.passing
        reused = _sum([each.fit_again for each in together]) * (sound * triage.reused)
        elsewhere = _sum([each.fit_elsewhere for each in together]) * sound
        elsewhere -= reused
        elsewhere *= triage.repurposed
        _add(links, (FORMAL, REUSE), reused)
        _add(links, (FORMAL, ""), elsewhere)
    elsewhere = links.pop((FORMAL, ""))
    whole = np.sum([use.share for use in uses], axis=0)
    return links | {(FORMAL, use.name): elsewhere * (use.share / whole) for use in uses}


def _by_collection(retiring: Sequence[Retiring]) -> list[tuple[Collection, list[Retiring]]]:
    """Classes by where their batteries go."""
    groups: dict[tuple[int, ...], list[Retiring]] = {}
    for each in retiring:
        where = each.collection
        parts = (where.in_vehicles, where.formal, where.hoarded, where.lost)
        groups.setdefault(tuple(map(id, parts)), []).append(each)
    return [(together[0].collection, together) for together in groups.values()]


def _shares(where: Collection) -> dict[str, Array]:
    """Share of what retires by where it goes, adding up to one."""
    stays = 1.0 - where.in_vehicles
    missed = stays * (1.0 - where.formal)
    return {
        IN_VEHICLES: where.in_vehicles,
        FORMAL: stays * where.formal,
        HOARD: missed * where.hoarded,
        LOST: missed * where.lost,
        INFORMAL: missed * (1.0 - where.hoarded - where.lost),
    }


def _add(links: dict[Link, Array], link: Link, flow: Array) -> None:
    if link in links:
        links[link] += flow
    else:
        links[link] = flow


def _collect_again(
    links: dict[Link, Array], name: str, leaving: Array, formal: Array, again: Collection
) -> None:
    """Collection of what comes out of a store or a second use; what is not hoarded is informal or lost."""
    start = name + AGAIN
    links[start, FORMAL] = leaving * formal
    missed = leaving - links[start, FORMAL]
    links[start, LOST] = missed * (again.lost / np.maximum(1.0 - again.hoarded, 1e-12))
    links[start, INFORMAL] = missed - links[start, LOST]


def _to_recyclers(
    links: dict[Link, Array], triage: Triage, second_uses: Sequence[str], scrap: Array | None
) -> Serving:
    """What licensed collectors do not place elsewhere goes abroad, into the stockpile or to recyclers."""
    collected = _sum([flow for (_, to), flow in links.items() if to == FORMAL])
    left = collected - _sum([links[FORMAL, use] for use in second_uses])
    links[FORMAL, SPENT_EXPORT] = left * triage.spent_export
    left = left - links[FORMAL, SPENT_EXPORT]
    links[FORMAL, STOCKPILE] = left * triage.stockpiled
    links[FORMAL, RECYCLING] = left - links[FORMAL, STOCKPILE]
    stockpile = stored(links[FORMAL, STOCKPILE], triage.stockpile_years)
    links[STOCKPILE + AGAIN, RECYCLING] = stockpile.leaving
    informal = _sum([flow for (_, to), flow in links.items() if to == INFORMAL])
    links[INFORMAL, RECYCLING] = informal * triage.informal_to_formal
    links[INFORMAL, INFORMAL_PROCESSING] = informal - links[INFORMAL, RECYCLING]
    if scrap is not None:
        links[SCRAP, RECYCLING] = scrap
    return stockpile


def _sum(flows: Sequence[Array]) -> Array:
    total = flows[0].copy()
    for flow in flows[1:]:
        total += flow
    return total


def broken_balance(links: Mapping[Link, Array], sources: Mapping[str, Array]) -> float:
    """Largest break of the balance of any place, relative to the largest flow.

    links   : flows of any one shape
    sources : what comes out of places where flows begin
    Places where flows begin must give what `sources` says; places where something enters and something
    leaves must give what they get; places where flows only end are sinks.
    """
    largest = max(1e-12, *(float(np.abs(flow).max(initial=0.0)) for flow in links.values()))
    worst = max((-float(flow.min(initial=0.0)) for flow in links.values()), default=0.0)
    for place in {start for start, _ in links}:
        out = _sum([flow for (start, _), flow in links.items() if start == place])
        entering = [flow for (_, to), flow in links.items() if to == place]
        given = sources[place] if place in sources else _sum(entering) if entering else np.zeros_like(out)
        worst = max(worst, float(np.abs(out - given).max(initial=0.0)))
    return worst / largest


def assert_routes_balance(links: Mapping[Link, Array], sources: Mapping[str, Array], economy: str) -> None:
    """KitaranError if a place gives more or less than it gets, or a flow is negative, by a relative 1e-9."""
    broken = broken_balance(links, sources)
    if not broken <= BALANCE_TOLERANCE:
        raise KitaranError(
            f"The routes after first life do not balance: a relative {broken:.1e} is missing.",
            economy,
            "This is an error of the program; please report it with the scenario.",
        )
