"""A new passport for what was built of a battery, linked to the old one, which then ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.errors import Fault
from kitaran.registry.custody import lineage, stock
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport.kinds import item_of
from kitaran.web.battery_acts.form import Form, Typed, chosen_of, needed, recorded, stop_at
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.facility.stock import item_facts
from kitaran.web.language import gettext as _


def _first(_connection: Connection, _subject: Subject, query: Mapping[str, str]) -> Typed:
    return Typed({"successor": query.get("successor", "")[:64]})


def built_of(connection: Connection, subject: Subject) -> list[dict[str, Any]]:
    """What the person has that was made of this battery and has no passport yet, the newest first."""
    made = {edge.product: edge.seq for edge in lineage.edges(connection, subject.item, "down")}
    mine = [one for one in stock.in_hand(connection, subject.me) if one.item in made and one.battery is None]
    ordered = sorted(mine, key=lambda one: (-made[one.item], one.item))
    return [item_facts(one) for one in ordered if one.status == "held"]


def _shown(connection: Connection, subject: Subject, _typed: Typed) -> dict[str, Any]:
    models = passports.models(connection, subject.me)
    return {
        "successors": built_of(connection, subject),
        "models": [(one.id, str(one.content["model_name"])) for one in models],
    }


def _record(connection: Connection, subject: Subject, typed: Typed, hand: Hand) -> str:
    faults: list[Fault] = []
    known = [one["item"].removeprefix(item_of("")) for one in built_of(connection, subject)]
    models = [one.id for one in passports.models(connection, subject.me)]
    new = chosen_of(typed, "successor", known, faults, _("It is not said which battery gets the passport."))
    model = chosen_of(typed, "model", models, faults, _("No model is chosen."))
    remedy = _("Give the number that stands on the new battery.")
    serial = needed(typed, "serial_number", faults, _("The serial number is missing."), remedy)
    remedy = _("Say it in a sentence: who reads it later was not there.")
    account = needed(typed, "account", faults, _("It is not said what was done."), remedy)
    stop_at(faults)
    payload = {
        "battery": subject.id,
        "successor": new,
        "operator": subject.me,
        "model": model,
        "attributes": {"serial_number": serial},
        "account": account.replace("\n", " "),
    }
    items = [subject.item, item_of(new)]
    return recorded(hand, "passport.repurposed", subject, payload, typed, items)


FORMS: Final[dict[str, Form]] = {"repurpose": Form("battery_acts/repurpose.html", _first, _shown, _record)}
