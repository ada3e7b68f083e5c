"""Packs into modules into cells and back. Mass never grows: what is missing afterwards stays visible.

Each act writes edges of the graph of lineage: so many pieces and so much mass of a source went into a
product by this event. An item that went whole into another is inside it, and can come out again as itself.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.registry.custody import repository, schemas
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.acts import Act
from kitaran.registry.custody.amounts import kg, less, spelt, total
from kitaran.registry.custody.holding import (
    at_rest,
    check_items,
    check_new,
    check_unclaimed,
    mine,
    nothing_to_ask,
)
from kitaran.registry.custody.repository import Standing
from kitaran.registry.ledger.envelope import Event
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import Recorded
from kitaran.registry.parties.licensed_acts import LicensedAct

_NOTHING: Final = Decimal(0)


def _divisible(connection: Connection, event: Event, item: str) -> Standing:
    """The item, if the actor holds it and either owns it or has it for treatment, at rest, with its mass."""
    found = at_rest(connection, event, mine(connection, event, item, repository.HOLDER))
    if event.actor != found.owner and found.basis != schemas.TREATMENT:
        raise NotAllowedError(
            f"{item} belongs to another operator.", "$.items", "Take it over for treatment, or buy it."
        )
    if found.mass_kg is None:
        raise ConflictError(f"The mass of {item} is not known.", "$.items", "Weigh it and correct it first.")
    return found


# -- split


def _split_new(event: Event) -> frozenset[str]:
    return frozenset(one["item"] for one in event.payload["parts"])


def _splits(connection: Connection, event: Event, at: datetime) -> None:
    nothing_to_ask(connection, event, at)
    payload = event.payload
    parts, rest = payload["parts"], payload.get("rest")
    check_items(event, [event.items[0], *(one["item"] for one in parts)])
    whole = _divisible(connection, event, event.items[0])
    inner = repository.standings(connection, _split_new(event))
    check_new(connection, _split_new(event) - set(inner))
    for index, one in enumerate(parts):
        _check_part(whole, one, inner.get(one["item"]), f"$.payload.parts[{index}]")
    pieces = [*parts, *([rest] if rest else [])]
    _check_mass(whole.mass_kg or _NOTHING, pieces, "$.payload.parts")
    same = [one.get("count", 1) for one in parts if one["form"] == whole.form] + (
        [rest["count"]] if rest else []
    )
    if sum(same) > whole.count:
        raise ConflictError(f"{whole.item} has {whole.count} pieces.", "$.payload.parts", "Count again.")
    if any(one["form"] != whole.form for one in parts):
        LicensedAct("dismantle")(connection, event, at)


def _check_part(whole: Standing, one: dict[str, Any], inner: Standing | None, place: str) -> None:
    """A new piece is no larger in kind than the whole; one that comes out again is what went in."""
    if inner is None:
        if schemas.FORMS.index(one["form"]) < schemas.FORMS.index(whole.form):
            raise NotAllowedError(f"No {one['form']} is in a {whole.form}.", place, "Look at its form.")
        return
    if inner.status != "inside" or inner.inside != whole.item:
        raise ConflictError(f"The id {inner.item} is taken.", place, "Choose another id.")
    before = (inner.form, inner.count)
    if (one["form"], one.get("count", 1)) != before or kg(one["mass_kg"]) > (inner.mass_kg or _NOTHING):
        raise ConflictError(f"{inner.item} went in as another.", place, "Say what went in, or less mass.")


def _check_mass(there: Decimal, pieces: list[dict[str, Any]], place: str) -> None:
    wanted = total(kg(one["mass_kg"]) for one in pieces)
    if wanted > there:
        raise ConflictError(
            f"{spelt(wanted)} kg cannot come from {spelt(there)} kg.",
            place,
            "Weigh again; if the whole was heavier, correct its mass first.",
        )


def _split_door(connection: Connection, event: Event, at: datetime) -> None:
    known = repository.standings(connection, event.items)
    check_unclaimed(connection, event, set(event.items) - set(known) - {event.items[0]})


def _split(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    whole = repository.standing(connection, event.items[0])
    assert whole is not None  # checked
    inner = repository.standings(connection, _split_new(event))
    for one in event.payload["parts"]:
        _come_out(connection, recorded, whole, one, inner.get(one["item"]))
    rest = event.payload.get("rest")
    if rest:
        left = {"count": rest["count"], "mass_kg": kg(rest["mass_kg"])}
        repository.change(connection, recorded, whole.item, **left)
    else:
        repository.change(connection, recorded, whole.item, status="closed", count=0, mass_kg=_NOTHING)
        repository.end(connection, recorded, whole.item)
        gone = (t.item.c.inside == whole.item, t.item.c.status == "inside")
        connection.execute(sa.update(t.item).where(*gone).values(status="closed", inside=None))


def _come_out(
    connection: Connection, recorded: Recorded, whole: Standing, one: dict[str, Any], inner: Standing | None
) -> None:
    _edge(connection, recorded, "split", whole.item, one["item"], one)
    now = {"mass_kg": kg(one["mass_kg"]), "holder": whole.holder, "owner": whole.owner, "basis": whole.basis}
    if inner is None:
        form = {"form": one["form"], "count": one.get("count", 1)}
        repository.add(connection, recorded, one["item"], **form, **now)
        return
    repository.change(connection, recorded, inner.item, status="held", inside=None, **now)
    for role in (repository.HOLDER, repository.OWNER):
        repository.begin(connection, recorded, inner.item, role, getattr(whole, role))


# -- merge


def _merged_new(event: Event) -> frozenset[str]:
    return frozenset([event.payload["result"]["item"]])


def _merges(connection: Connection, event: Event, at: datetime) -> None:
    nothing_to_ask(connection, event, at)
    result, takes = event.payload["result"], event.payload["takes"]
    check_items(event, [result["item"], *(one["item"] for one in takes)])
    check_new(connection, [result["item"]])
    sources = [_divisible(connection, event, one["item"]) for one in takes]
    if len({one.owner for one in sources}) > 1:
        raise NotAllowedError("They belong to several owners.", "$.payload.takes", "Let one own all of it.")
    for index, (one, source) in enumerate(zip(takes, sources, strict=True)):
        _check_taken(one, source, f"$.payload.takes[{index}]")
    _check_mass(total(kg(one["mass_kg"]) for one in takes), [result], "$.payload.result.mass_kg")
    if not _only_lots(result, takes, sources):
        LicensedAct("repurpose")(connection, event, at)


def _check_taken(one: dict[str, Any], source: Standing, place: str) -> None:
    """No more than there is; the last piece takes the rest of the mass with it."""
    mass, there = kg(one["mass_kg"]), source.mass_kg or _NOTHING
    if one.get("count", 1) > source.count or mass > there:
        raise ConflictError(f"{source.item} holds less than that.", place, "Count and weigh again.")
    if (one.get("count", 1) == source.count) != (mass == there):
        raise ConflictError(
            f"Of {source.item} either all pieces and all mass are taken, or less of both.",
            place,
            "Correct its mass first.",
        )


def _only_lots(result: dict[str, Any], takes: list[dict[str, Any]], sources: list[Standing]) -> bool:
    """Whether pieces are only put together into one lot, and nothing is built."""
    same_form = all(source.form == result["form"] for source in sources)
    return same_form and result.get("count", 1) == sum(one.get("count", 1) for one in takes)


def _merge_door(connection: Connection, event: Event, at: datetime) -> None:
    check_unclaimed(connection, event, event.items[:1])


def _merge(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    result, takes = event.payload["result"], event.payload["takes"]
    sources = repository.standings(connection, event.items[1:])
    for one in takes:
        _go_in(connection, recorded, sources[one["item"]], one, result["item"])
    first = sources[takes[0]["item"]]
    repository.add(
        connection,
        recorded,
        result["item"],
        form=result["form"],
        count=result.get("count", 1),
        mass_kg=kg(result["mass_kg"]),
        holder=first.holder,
        owner=first.owner,
        basis=first.basis,
    )


def _go_in(
    connection: Connection, recorded: Recorded, source: Standing, one: dict[str, Any], into: str
) -> None:
    _edge(connection, recorded, "merge", source.item, into, one)
    if one.get("count", 1) == source.count:
        repository.change(connection, recorded, source.item, status="inside", inside=into)
        repository.end(connection, recorded, source.item)
        return
    left = less(source.mass_kg or _NOTHING, kg(one["mass_kg"]))
    repository.change(
        connection, recorded, source.item, count=source.count - one.get("count", 1), mass_kg=left
    )


def _edge(
    connection: Connection, recorded: Recorded, act: str, source: str, product: str, one: dict[str, Any]
) -> None:
    row = {
        "source": source,
        "product": product,
        "seq": recorded.seq,
        "act": act,
        "count": one.get("count", 1),
        "mass_kg": spelt(kg(one["mass_kg"])),
        "at": recorded.event.envelope["occurred_at"],
    }
    connection.execute(sa.insert(t.part), [row])


ACTS: Final = (
    Act("custody.split", schemas.Split, _splits, _split, _split_new, _split_door),
    Act("custody.merged", schemas.Merged, _merges, _merge, _merged_new, _merge_door),
)
