"""Build a new battery of several: what goes in is ticked in the stock, the new one is weighed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import stamp
from kitaran.foundation.errors import Fault
from kitaran.registry.custody import offers, stock
from kitaran.registry.custody import repository as custody
from kitaran.registry.custody.amounts import kg, spelt, total
from kitaran.registry.custody.schemas import TREATMENT
from kitaran.registry.custody.stock import Held
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.service import new_id
from kitaran.web.battery_acts.form import (
    Form,
    Typed,
    chosen_of,
    count_of,
    mass_of,
    options_of,
    recorded,
    stop_at,
)
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.battery_acts.words import form_words
from kitaran.web.facility.stock import found, item_facts
from kitaran.web.language import gettext as _

SHOWN: Final = 30
_NOTHING: Final = Decimal(0)


def _first(_connection: Connection, subject: Subject, _query: Mapping[str, str]) -> Typed:
    places = subject.works["repurpose"]
    first = {"form": "pack", "facility": places[0].id if places else "", "item": subject.item}
    return Typed(first, {"item": (subject.item,)})


def _there(connection: Connection, subject: Subject) -> list[Held]:
    """What can go in: in hand, weighed, whole, at rest, of one owner as this one, and its own to divide."""
    owner = subject.me if subject.standing is None else subject.standing.owner
    held = [
        one
        for one in stock.in_hand(connection, subject.me)
        if one.status == "held" and one.mass_kg is not None and one.owner == owner
    ]
    known = custody.standings(connection, [one.item for one in held])
    offered = _offered(connection, list(known))
    return [
        one
        for one in held
        if one.item in known
        and one.item not in offered
        and (owner == subject.me or known[one.item].basis == TREATMENT)
        and not custody.installed(connection, one.item)
    ]


def _offered(connection: Connection, items: list[str]) -> set[str]:
    running = offers.running(connection, items, stamp())
    return {one["item"] for offer in running for one in offers.items_of(connection, offer.id)}


def _shown(connection: Connection, subject: Subject, typed: Typed) -> dict[str, Any]:
    there = _there(connection, subject)
    chosen = typed.several.get("item", ())
    ticked = [one for one in there if one.item in chosen]
    matching = [one for one in found(there, typed["q"]) if one.item not in chosen]
    words = form_words()
    return {
        "ticked": [item_facts(one) for one in ticked],
        "matching": [item_facts(one) for one in matching[:SHOWN]],
        "more": max(0, len(matching) - SHOWN),
        "forms": [(one, words[one]) for one in words if one != "other"],
        "facilities": options_of(subject.works["repurpose"]),
        "taken_kg": spelt(_sum(ticked)),
    }


def _sum(held: list[Held]) -> Decimal:
    return total(one.mass_kg or _NOTHING for one in held)


def _record(connection: Connection, subject: Subject, typed: Typed, hand: Hand) -> str:
    """What is ticked goes in, of a lot so many pieces as are said; the new battery weighs no more."""
    faults: list[Fault] = []
    chosen = typed.several.get("item", ())
    taken = [one for one in _there(connection, subject) if one.item in chosen]
    if not taken or len(taken) < len(set(chosen)):
        cause = _("Something that is ticked cannot go in now.") if chosen else _("Nothing is ticked.")
        faults.append(Fault("item", cause, _("Tick what goes in.")))
    takes = [_taken(one, typed, faults) for one in taken]
    form = chosen_of(typed, "form", list(form_words()), faults, _("It is not said what is built."))
    mass = mass_of(typed, "mass_kg", faults)
    there = total(kg(one["mass_kg"]) for one in takes)
    if mass is not None and kg(mass) > there:
        told = {"out": spelt(kg(mass)), "there": spelt(there)}
        cause = _("%(out)s kg cannot come from %(there)s kg.") % told
        faults.append(Fault("mass_kg", cause, _("Weigh again; or tick all that went in, its housing too.")))
    stop_at(faults)
    new = item_of(new_id())
    result = {"item": new, "form": form, "mass_kg": mass}
    payload = {"result": result, "takes": takes, "facility": typed["facility"] or None}
    items = [new, *(one.item for one in taken)]
    return recorded(hand, "custody.merged", subject, payload, typed, items)


def _taken(one: Held, typed: Typed, faults: list[Fault]) -> dict[str, Any]:
    """All of an item; of a lot the pieces that are named, with what they weigh together."""
    end = one.item[-6:]
    whole = {"item": one.item, "count": one.count, "mass_kg": spelt(one.mass_kg or _NOTHING)}
    if one.count == 1 or not typed[f"take_count-{end}"]:
        return whole
    count = count_of(typed, f"take_count-{end}", faults, one.count)
    if count == one.count:
        return whole
    mass = mass_of(typed, f"take_kg-{end}", faults)
    if mass is not None and kg(mass) >= (one.mass_kg or _NOTHING):
        cause = _("Some pieces of the lot cannot weigh as much as all of it.")
        faults.append(Fault(f"take_kg-{end}", cause, _("Weigh what goes in.")))
    return {"item": one.item, "count": count, "mass_kg": mass or "0"}


FORMS: Final[dict[str, Form]] = {"merge": Form("battery_acts/merge.html", _first, _shown, _record)}
