"""What an item was made of and what became of it, to any depth.

The graph is one of intervals: an edge says that so much of a source went into a product at a time. A path
goes on only in time, so that a module that went into a pack and came out again is no ancestor of itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import disclosure, repository
from kitaran.registry.custody import tables as t
from kitaran.registry.parties.repository import Operator

Way = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Edge:
    """So many pieces and so much mass [kg] of a source went into a product."""

    source: str
    product: str
    seq: int
    act: str
    count: int
    mass_kg: str
    at: str


def edges(connection: Connection, item: str, way: Way) -> list[Edge]:
    """Every edge above or below an item, oldest first, by one recursive query."""
    c = t.part.c
    near, far = (c.source, "product") if way == "down" else (c.product, "source")
    walk = sa.select(t.part).where(near == item).cte("walk", recursive=True)
    later = c.seq > walk.c.seq if way == "down" else c.seq < walk.c.seq
    walk = walk.union(sa.select(t.part).join(walk, sa.and_(near == walk.c[far], later)))
    query = sa.select(walk).order_by(walk.c.seq, walk.c.source, walk.c.product)
    return [Edge(*one) for one in connection.execute(query)]


def of(connection: Connection, item: str, caller: Operator) -> dict[str, Any]:
    """The lineage of an item as far as the caller may follow it.

    An edge is seen by who held or owned source or product when it was made; what its item was made of, by
    its owner, too. Where it may not go on, the walk ends. Raises NotFoundError as `disclosure.check` does.
    """
    disclosure.check(connection, item, caller)
    above, below = edges(connection, item, "up"), edges(connection, item, "down")
    if not disclosure.reads_all(caller):
        now = repository.standing(connection, item)
        own = now is not None and now.owner == caller.id
        nodes = {name for edge in (*above, *below) for name in (edge.source, edge.product)}
        windows = disclosure.windows_of(connection, nodes, caller.id)
        seen = {
            edge
            for edge in (*above, *below)
            if any(disclosure.within(windows.get(name, []), edge.seq) for name in (edge.source, edge.product))
        }
        above = above if own else _connected(item, [edge for edge in above if edge in seen], "up")
        below = _connected(item, [edge for edge in below if edge in seen], "down")
    return {"item": item, "up": [asdict(edge) for edge in above], "down": [asdict(edge) for edge in below]}


def _connected(item: str, kept: Collection[Edge], way: Way) -> list[Edge]:
    """Edges that can still be reached from the item."""
    reached, ordered = {item}, sorted(kept, key=lambda edge: edge.seq, reverse=way == "up")
    found = []
    for edge in ordered:
        near, far = (edge.source, edge.product) if way == "down" else (edge.product, edge.source)
        if near in reached:
            reached.add(far)
            found.append(edge)
    return sorted(found, key=lambda edge: (edge.seq, edge.source, edge.product))
