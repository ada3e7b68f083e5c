"""`/b/{id}/recorded/{event}`: the receipt of an act, labels of what was made, and what comes next."""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.foundation.database import reading
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody import lineage
from kitaran.registry.custody.amounts import kg, less, spelt, total
from kitaran.registry.identity import labels
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.receipt import custody_of
from kitaran.registry.parties.roles import READS_ALL
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport.kinds import item_of
from kitaran.web.battery.words import event_words, signed_words
from kitaran.web.battery_acts import words
from kitaran.web.battery_acts.pages import facts_of, frame
from kitaran.web.battery_acts.rules import acts_of
from kitaran.web.battery_acts.subject import Subject, subject_of
from kitaran.web.entries import Entry
from kitaran.web.facility.frame import opened, public_address
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

HERE: Final = "/b/{battery}/recorded/{event}"
_LONGEST_NAME: Final = 36
pages = Pages()


@pages.page(HERE, "battery_acts/recorded.html")
def recorded_page(request: Request, battery: str, event: str) -> Page:
    """One event about this battery that the person's organisation signed."""
    with reading(opened(request).engine) as connection:
        subject = subject_of(request, connection, battery)
        told = _event(connection, subject, event)
        made = made_by(told)
        facts = {
            **facts_of(connection, subject),
            "event": told["id"],
            "what": told["kind"],
            "at": told["occurred_at"],
            "recorded_at": told["recorded_at"],
            "place": told["place"],
            "by": told["actor"],
            "signed": custody_of(told),
            "seq": told["seq"],
            "leaf_hash": told["leaf_hash"],
            "made": made,
            "balance": _balance(told),
            "came_out_kg": spelt(total(kg(one["mass_kg"]) for one in made)),
            "successor": told["payload"].get("successor"),
            "passport_of": [] if len(made) != 1 else roots_of(connection, made[0]["item"]),
            "acts": acts_of(subject),
        }
    shown = {
        **frame(subject),
        "event_words": event_words(),
        "signed_words": signed_words(),
        "form_words": words.form_words(),
    }
    return Page(facts, shown)


@pages.router.get(HERE + "/labels.pdf")
def labels_file(request: Request, battery: str, event: str) -> Response:
    """Labels of what was made, to print."""
    with reading(opened(request).engine) as connection:
        subject = subject_of(request, connection, battery)
        told = _event(connection, subject, event)
    made = made_by(told)
    if not made:
        raise NotFoundError(_("Nothing was made then that needs a label."), event, _("Look at what was."))
    several = [
        labels.Label(public_address(request, f"/b/{one['battery']}"), _lines(subject, told, one))
        for one in made
    ]
    headers = {"Content-Disposition": f'inline; filename="labels-{event[:8]}.pdf"'}
    return Response(labels.sheet(several, now().date()), media_type="application/pdf", headers=headers)


def _lines(subject: Subject, told: dict[str, Any], one: dict[str, Any]) -> tuple[str, ...]:
    """Words beside the code: what it is, of what, when, and its number."""
    pieces = f", {one['count']} ×" if one["count"] > 1 else ""
    source = told["items"][0] if told["kind"] == "custody.split" else ""
    of = _("out of …%(end)s") % {"end": source[-6:]} if source else _("built anew")
    return (
        f"{words.form_words()[one['form']].capitalize()}, {one['mass_kg']} kg{pieces}",
        _short(subject.person.operator.name),
        f"{of}, {told['occurred_at'][:10]}",
        one["battery"],
    )


def _short(name: str) -> str:
    """A name as it fits beside the code."""
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1].rstrip() + "…"


def made_by(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What is new by an event: the parts of a split, the result of a merger."""
    payload = told["payload"]
    several = payload.get("parts") or ([payload["result"]] if "result" in payload else [])
    return [
        {
            "item": one["item"],
            "battery": one["item"].removeprefix(item_of("")),
            "end": one["item"][-6:],
            "form": one["form"],
            "count": one.get("count", 1),
            "mass_kg": one["mass_kg"],
        }
        for one in several
    ]


def roots_of(connection: Connection, item: str) -> list[str]:
    """Batteries with a passport in force of which an item was made."""
    above = {edge.source for edge in lineage.edges(connection, item, "up")}
    known = [passports.battery(connection, one.removeprefix(item_of(""))) for one in sorted(above)]
    return [one.id for one in known if one is not None and one.state == "in_force"]


def _balance(told: dict[str, Any]) -> dict[str, str] | None:
    """Mass in and out of a merger; of a split the whole is told by the lineage."""
    payload = told["payload"]
    if "takes" not in payload:
        return None
    taken = total(kg(one["mass_kg"]) for one in payload["takes"])
    out = kg(payload["result"]["mass_kg"])
    return {"taken_kg": spelt(taken), "out_kg": spelt(out), "missing_kg": spelt(less(taken, out))}


def _event(connection: Connection, subject: Subject, event: str) -> dict[str, Any]:
    """The envelope with its place in the log. Raises NotFoundError, in the same words for none, unless the
    person's organisation signed it, or the person reads everything.
    """
    asked = event if event.isprintable() else ""
    row = log.rows_by_id(connection, {asked}).get(asked)
    entry = {} if row is None else canonical.loads(row.entry)
    envelope = entry.get("envelope", {})
    mine = envelope.get("actor") == subject.me or subject.person.roles & READS_ALL
    if row is None or not mine or subject.item not in envelope["items"]:
        raise NotFoundError(_("There is no such event of yours."), event, _("Look at its history."))
    return {
        **envelope,
        "recorded_at": entry["recorded_at"],
        "seq": entry["seq"],
        "leaf_hash": row.leaf_hash.hex(),
    }


ENTRY = Entry(pages.router, "/b", None, 93)
