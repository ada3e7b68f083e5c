"""`/b/{id}` of a part that has no passport: a module out of a pack, a pack built anew. Only who has or had it
may know of it; to everybody else it is answered as what is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from kitaran.registry.custody import disclosure
from kitaran.registry.custody import repository as custody
from kitaran.registry.custody.contents import UNKNOWN, told
from kitaran.registry.parties.repository import Operator
from kitaran.registry.passport.kinds import item_of
from kitaran.web.battery import history, words
from kitaran.web.battery_acts.recorded import roots_of
from kitaran.web.facility.words import chemistry_words, kind_words
from kitaran.web.pages import Page

TEMPLATE = "battery_acts/part.html"


def part_page(connection: Connection, battery: str, caller: Operator) -> Page | None:
    """The page of a part for who may know of it; None for anybody else, and if there is none."""
    item = item_of(battery if battery.isprintable() else "")
    found = history.custody_of_item(connection, item, caller)
    if found is None:
        return None
    lines = history.lineage_of_item(connection, item, caller)
    standing = custody.standing(connection, item)
    made = told(connection, [item]).get(item)
    facts: dict[str, Any] = {
        "id": battery,
        "origin": "part",
        "form": None if standing is None else standing.form,
        "chemistry": UNKNOWN if made is None else made.chemistry,
        "count": found["count"],
        "mass_kg": found["mass_kg"],
        "inside": _inside(connection, found, caller),
        "custody": history.present(found, history.names_of(connection)),
        "history": history.timeline(connection, item, caller, [], found),
        "made_of": roots_of(connection, item) if lines is not None and lines["up"] else [],
    }
    if lines is not None:
        nodes = {edge[end] for way in ("up", "down") for edge in lines[way] for end in ("source", "product")}
        with_page = history.with_page(connection, nodes, caller)
        facts["lineage"] = {way: [one for one in lines[way] if _next_to(item, one)] for way in lines}
        facts["with_page"] = sorted(with_page.keys() - {item})
    return Page(facts, _shown(facts), template=TEMPLATE)


def _inside(connection: Connection, found: Mapping[str, Any], caller: Operator) -> str | None:
    """The battery in which it is, if the caller may know of that one."""
    around = found["inside"]
    return str(around) if around and disclosure.may_see_now(connection, around, caller) else None


def _next_to(item: str, edge: Mapping[str, Any]) -> bool:
    """Whether an edge touches the item itself."""
    return item in (edge["source"], edge["product"])


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": kind_words()[facts["form"] or "other"],
        "chemistry_name": chemistry_words(facts["chemistry"]),
        "event_words": words.event_words(),
        "basis_words": words.basis_words(),
        "custody_words": words.custody_words(),
        "signed_words": words.signed_words(),
    }
