"""Mass by link and group of chemistries: what a picture of the flows of a year is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.routes import (
    AGAIN,
    INFORMAL_PROCESSING,
    RECYCLING,
    RETIRED,
    SCRAP,
    Link,
    Routes,
)
from kitaran.planning.materials.content import CHEMISTRIES

if TYPE_CHECKING:
    from kitaran.planning.scenario.chain import Stream

Array = NDArray[np.float64]

GROUPS = ("lithium", "lead_acid", "other")
RECOVERED, RESIDUES = "recovered", "residues"
_OTHER = ("sodium_ion",)


def links_of(streams: Sequence[Stream], content: Array) -> dict[Link, Array]:
    """Mass by link, (group, year, sample) [t], with what each process recovers and leaves.

    content : (chemistry, element, sample) [t/GWh]
    Only elements that are followed count as recovered; casings, steel, aluminium and plastics are residues.
    """
    links: dict[Link, Array] = {}
    for stream in streams:
        of_members = content[list(stream.members)]
        groups = np.array([group_of(CHEMISTRIES[m]) for m in stream.members])
        for link, flow in stream.mass.links.items():
            _add(links, link, flow, groups)
        mass, energy = stream.mass.into(RECYCLING), stream.energy.into(RECYCLING)
        _add(links, (RECYCLING, stream.treated.export), mass * stream.treated.leaving[:, None], groups)
        for process, share in stream.treated.shares.items():
            each = _recovered(energy * share[:, None], of_members, stream.treated.yields[process])
            _add(links, (RECYCLING, process), mass * share[:, None], groups)
            _add(links, (process, RECOVERED), each, groups)
            _add(links, (process, RESIDUES), mass * share[:, None] - each, groups)
        entering = stream.mass.into(INFORMAL_PROCESSING)
        picked = _recovered(
            stream.energy.into(INFORMAL_PROCESSING), of_members, stream.treated.informal_yields
        )
        _add(links, (INFORMAL_PROCESSING, RECOVERED), picked, groups)
        _add(links, (INFORMAL_PROCESSING, RESIDUES), entering - picked, groups)
    return links


def sources_of(streams: Sequence[Stream], retired: Array, scrap: Array | None) -> dict[str, Array]:
    """What comes out of every place where flows begin, (group, year, sample) [t].

    retired, scrap : (year, chemistry, sample) mass [t]
    """
    found: dict[Link, Array] = {}
    for stream in streams:
        groups = np.array([group_of(CHEMISTRIES[m]) for m in stream.members])
        members = list(stream.members)
        _add(found, ("", RETIRED), retired[:, members], groups)
        if scrap is not None:
            _add(found, ("", SCRAP), scrap[:, members], groups)
        for name, stock in stream.mass.stocks.items():
            released = stream.mass.into(name) - np.diff(stock, axis=0, prepend=0.0)
            _add(found, ("", name + AGAIN), released, groups)
    return {place: flow for (_, place), flow in found.items()}


def stocks_of(streams: Sequence[Stream]) -> dict[str, Array]:
    """Energy in stores and second uses at year's end, (group, year, sample) [GWh]."""
    found: dict[Link, Array] = {}
    for stream in streams:
        groups = np.array([group_of(CHEMISTRIES[m]) for m in stream.members])
        for name, stock in stream.energy.stocks.items():
            _add(found, ("", name), stock, groups)
    return {place: stock for (_, place), stock in found.items()}


def half(found: Routes, columns: slice) -> Routes:
    """Routes of some of the columns of the chemistry axis."""
    return Routes(
        {link: flow[:, columns] for link, flow in found.links.items()},
        {name: stock[:, columns] for name, stock in found.stocks.items()},
    )


def group_of(chemistry: str) -> int:
    name = "other" if chemistry in _OTHER else "lead_acid" if chemistry == "lead_acid" else "lithium"
    return GROUPS.index(name)


def along(links: Mapping[Link, Array], *wanted: Link) -> Array:
    """(year, sample) [t] of all groups on links; what stands nowhere is zero."""
    shape = next(iter(links.values())).shape[1:]
    total: Array = np.sum(
        [np.zeros(shape), *(links[link].sum(axis=0) for link in wanted if link in links)], axis=0
    )
    return total


def _recovered(energy: Array, content: Array, yields: Array) -> Array:
    """Mass recovered, (year, chemistry, sample) [t]; yields (element, 1, sample)."""
    per_gwh: Array = np.einsum("mes,es->ms", content, yields[:, 0])
    return energy * per_gwh


def _add(links: dict[Link, Array], link: Link, flow: Array, groups: NDArray[np.int_]) -> None:
    total = links.setdefault(link, np.zeros((len(GROUPS), flow.shape[0], flow.shape[2])))
    for group in set(groups.tolist()):
        total[group] += flow[:, groups == group].sum(axis=1)
