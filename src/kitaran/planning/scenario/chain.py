"""What becomes of retired batteries in one economy: collected, used again, recycled, recovered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kitaran.foundation.errors import KitaranError
from kitaran.planning.fleet.routes import (
    FORMAL,
    IN_VEHICLES,
    INFORMAL_PROCESSING,
    LOST,
    RECYCLING,
    REUSE,
    SPENT_EXPORT,
    Collection,
    Link,
    Retiring,
    Routes,
    assert_routes_balance,
    routes,
)
from kitaran.planning.fleet.stock import BALANCE_TOLERANCE
from kitaran.planning.materials.content import CHEMISTRIES, KG_PER_T, KWH_PER_GWH
from kitaran.planning.scenario.battery_life import SOH_LIMITS
from kitaran.planning.scenario.chain_links import half, links_of, sources_of
from kitaran.planning.scenario.chain_recovery import ABROAD, AT_HOME, INFORMALLY, Recovery, recovery
from kitaran.planning.scenario.chain_rules import TRIAGE, Rules
from kitaran.planning.scenario.economy_result import ClassResult, EconomyResult
from kitaran.planning.scenario.parameters import LEAD_ACID

Array = NDArray[np.float64]

_LIMITS = ("reuse_soh_least", "repurpose_soh_least")
TYPES = {
    "lithium": [i for i in range(len(CHEMISTRIES)) if i != LEAD_ACID],
    "lead_acid": [LEAD_ACID],
}


@dataclass(frozen=True)
class Scrap:
    """Production scrap by chemistry, (year, chemistry, sample): energy of the cells it would have been
    [GWh], and mass [t]."""

    energy: Array
    mass: Array


@dataclass(frozen=True)
class Stream:
    """Routes of one type of battery.

    members : indices of its chemistries
    energy  : flows as nameplate energy [GWh]; mass: the same flows [t]
    treated : recyclers' processes; recovered: by place, (element, year, sample) [t]
    fates   : by what becomes of them, elements (element, year, sample) [t]; they add up to what retired and
              was scrapped
    """

    battery_type: str
    members: Sequence[int]
    energy: Routes
    mass: Routes
    treated: Recovery
    recovered: Mapping[str, Array]
    fates: Mapping[str, Array]


@dataclass(frozen=True)
class Chain:
    """Everything after first life in one economy.

    links : mass by link, (group, year, sample) [t]; every place balances
    """

    economy: str
    streams: Sequence[Stream]
    links: Mapping[Link, Array]
    rules: Rules = field(repr=False)

    @property
    def recovered(self) -> Array:
        """(element, year, sample) [t] at home, abroad and informally together."""
        total: Array = np.sum(
            [self.recovered_where(place) for place in (AT_HOME, ABROAD, INFORMALLY)], axis=0
        )
        return total

    def recovered_where(self, place: str) -> Array:
        """(element, year, sample) [t] recovered AT_HOME, ABROAD or INFORMALLY."""
        total: Array = np.sum([stream.recovered[place] for stream in self.streams], axis=0)
        return total

    def used_again(self, use: str) -> Array:
        """(year, sample) energy that begins a second use [GWh]."""
        total: Array = np.sum(
            [stream.energy.links[FORMAL, use].sum(axis=1) for stream in self.streams], axis=0
        )
        return total

    @property
    def reused(self) -> Array:
        """(year, chemistry, sample) energy put into vehicles again, which need no new battery [GWh]."""
        first = self.streams[0].energy.links[FORMAL, REUSE]
        total = np.zeros((first.shape[0], len(CHEMISTRIES), first.shape[2]))
        for stream in self.streams:
            total[:, list(stream.members)] += stream.energy.links[FORMAL, REUSE]
        return total


def chain(result: EconomyResult, content: Array, rules: Rules, scrap: Scrap | None = None) -> Chain:
    """Follow the retired batteries of an economy.

    content : (chemistry, item, sample) [kg/kWh] as `materials.content` takes it
    KitaranError if a place or an element does not balance to 1e-9.
    """
    per_gwh = content[:, 1:] * (KWH_PER_GWH / KG_PER_T)
    streams = [
        _stream(result, per_gwh, rules, battery_type, _present(result, every, scrap), scrap)
        for battery_type, every in TYPES.items()
    ]
    links = links_of(streams, per_gwh)
    retired = np.sum([part.mass for part in result.classes], axis=0)
    sources = sources_of(streams, retired, scrap.mass if scrap else None)
    assert_routes_balance(links, sources, result.economy)
    return Chain(result.economy, streams, links, rules)


def _present(result: EconomyResult, members: Sequence[int], scrap: Scrap | None) -> list[int]:
    """Chemistries of a type that retire or are scrapped; the first one where none does."""
    there = np.any([part.counted[1].any(axis=(0, 2)) for part in result.classes], axis=0)
    if scrap is not None:
        there = there | scrap.energy.any(axis=(0, 2))
    return [m for m in members if there[m]] or list(members[:1])


def _stream(
    result: EconomyResult,
    per_gwh: Array,
    rules: Rules,
    battery_type: str,
    members: list[int],
    scrap: Scrap | None,
) -> Stream:
    """Energy and mass go the same ways: both are followed at once, side by side on the chemistry axis."""
    with_it = [part for part in result.classes if part.counted[1][:, members].any()] or result.classes[:1]
    retiring = [_retiring(part, rules, battery_type, members) for part in with_it]
    where = rules.collection(battery_type, "any")
    again = Collection(np.zeros_like(where.in_vehicles), where.formal, where.hoarded, where.lost)
    both = (
        None if scrap is None else np.concatenate([scrap.energy[:, members], scrap.mass[:, members]], axis=1)
    )
    found = routes(retiring, rules.triage(battery_type), again, rules.uses(), rules.life(REUSE), both)
    energy, mass = half(found, slice(None, len(members))), half(found, slice(len(members), None))
    treated = recovery(rules, battery_type, mass.into(RECYCLING).sum(axis=1))
    arrived = np.sum([part.counted[1][:, members] for part in result.classes], axis=0)
    if scrap is not None:
        arrived = arrived + scrap.energy[:, members]
    recovered, fates = _fates(energy, treated, per_gwh[members])
    _assert_elements(fates, _contained(arrived, per_gwh[members]), result.economy)
    return Stream(battery_type, members, energy, mass, treated, recovered, fates)


def _retiring(part: ClassResult, rules: Rules, battery_type: str, members: list[int]) -> Retiring:
    energy, mass = part.counted[1][:, members], part.mass[:, members]
    amount = np.concatenate([energy, mass], axis=1)
    where = rules.collection(battery_type, part.vehicle_class)
    if battery_type != "lithium":
        nothing = np.zeros_like(amount)
        return Retiring(amount, nothing, nothing, where)
    again, elsewhere = (_fit(part.healthy[:, members], rules, limit) for limit in _LIMITS)
    np.maximum(again, elsewhere, out=elsewhere)
    fit = [np.concatenate([energy * share, mass * share], axis=1) for share in (again, elsewhere)]
    return Retiring(amount, fit[0], fit[1], where)


def _fit(healthy: Array, rules: Rules, limit: str) -> Array:
    """Share of retired energy whose state of health is above a sampled limit, (year, chemistry, sample).

    healthy : (year, chemistry, limit) share above each of SOH_LIMITS, NaN where no model tells; there it is
              normal about a middle of its own
    """
    least, middle, spread = (
        rules.of("triage", TRIAGE, battery_type="lithium", parameter=name)
        for name in (limit, "soh_without_model", "soh_spread_without_model")
    )
    at = np.clip(np.interp(least, SOH_LIMITS, np.arange(SOH_LIMITS.size)), 0, SOH_LIMITS.size - 1.001)
    below = at.astype(int)
    above = healthy[..., below] * (1.0 - at + below) + healthy[..., below + 1] * (at - below)
    unknown = special.ndtr((middle - least) / np.maximum(spread, 1e-6))
    fit: Array = np.where(np.isnan(above), unknown, above)
    return fit


def _contained(energy: Array, per_gwh: Array) -> Array:
    """Elements in batteries, (element, year, sample) [t], from (year, chemistry, sample) [GWh]."""
    held: Array = np.einsum("yms,mes->eys", energy, per_gwh)
    return held


def _fates(energy: Routes, treated: Recovery, per_gwh: Array) -> tuple[dict[str, Array], dict[str, Array]]:
    """What is recovered by place, and what becomes of each element; (element, year, sample) [t]."""
    feed, spent, informal, lost, in_vehicles = (
        _contained(energy.into(place), per_gwh)
        for place in (RECYCLING, SPENT_EXPORT, INFORMAL_PROCESSING, LOST, IN_VEHICLES)
    )
    into_stock = np.sum([np.diff(stock, axis=0, prepend=0.0) for stock in energy.stocks.values()], axis=0)
    recovered = treated.recovered(feed, spent, informal)
    return recovered, {
        **{f"recovered_{place}": amount for place, amount in recovered.items()},
        "lost_at_home": feed * (1.0 - treated.leaving) - recovered[AT_HOME],
        "lost_abroad": feed * treated.leaving + spent - recovered[ABROAD],
        "lost_informal": informal - recovered[INFORMALLY],
        "lost_uncollected": lost,
        IN_VEHICLES: in_vehicles,
        "into_stock": _contained(into_stock, per_gwh),
    }


def _assert_elements(fates: Mapping[str, Array], arrived: Array, economy: str) -> None:
    """KitaranError if the fates of an element do not add up to what arrived of it."""
    broken = np.abs(np.sum(list(fates.values()), axis=0) - arrived).max()
    if not broken <= BALANCE_TOLERANCE * max(1.0, float(arrived.max())):
        raise KitaranError(
            f"Elements after first life do not balance: {broken:.1e} t are missing.",
            economy,
            "This is an error of the program; please report it with the scenario.",
        )
