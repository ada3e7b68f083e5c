"""Take a battery apart: what comes out with its weight, and the balance against the whole."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from kitaran.foundation.errors import Fault
from kitaran.registry.custody import contents, schemas
from kitaran.registry.custody import tables as t
from kitaran.registry.custody.amounts import kg, less, spelt, total
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.service import new_id
from kitaran.web.battery_acts.form import Form, Typed, count_of, mass_of, options_of, recorded, stop_at
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.battery_acts.words import form_words
from kitaran.web.facility.intake_form import amount
from kitaran.web.language import gettext as _

ROWS: Final = 2
MOST_ROWS: Final = 12
MOST_PIECES: Final = 200
"""Pieces with a label each, of one row: more are taken out as one lot."""
_NOTHING: Final = Decimal(0)
LOT, EACH = "lot", "each"


def _first(connection: Connection, subject: Subject, _query: Mapping[str, str]) -> Typed:
    """One row for the housing if what was built into it is known, else one for modules or cells too."""
    smaller = "module" if subject.form == "pack" else "cell" if subject.form == "module" else subject.form
    places = subject.works["dismantle"]
    kinds = ["other"] if inner_of(connection, subject) else [smaller, "other"]
    first = {"rows": str(len(kinds)), **{f"form-{row}": kind for row, kind in enumerate(kinds)}}
    return Typed({**first, "facility": places[0].id if places else ""})


def _rows(typed: Typed) -> int:
    """Rows of the form; another one if that was clicked."""
    text = typed["rows"]
    known = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else ROWS
    return max(1, min(MOST_ROWS, known + (typed["do"] == "more")))


def forms_in(form: str) -> list[str]:
    """What can be in a battery of this form: nothing larger."""
    return list(schemas.FORMS[schemas.FORMS.index(form) :])


def inner_of(connection: Connection, subject: Subject) -> list[dict[str, Any]]:
    """What went into it whole and can come out again under its own id."""
    c = t.item.c
    query = sa.select(t.item).where(c.inside == subject.item, c.status == "inside").order_by(c.item)
    rows = list(connection.execute(query))
    told = contents.told(connection, [one.item for one in rows])
    return [
        {
            "item": one.item,
            "end": one.item[-6:],
            "form": one.form,
            "count": one._mapping["count"],
            "mass_kg": one.mass_kg,
            "names": list(told[one.item].names) if one.item in told else [],
        }
        for one in rows
    ]


def _shown(connection: Connection, subject: Subject, typed: Typed) -> dict[str, Any]:
    words, there = form_words(), _NOTHING
    if subject.standing is not None and subject.standing.mass_kg is not None:
        there = subject.standing.mass_kg
    inner = inner_of(connection, subject)
    out = _weighed(typed, inner)
    return {
        "rows": _rows(typed),
        "forms": [(one, words[one]) for one in forms_in(subject.form)],
        "labelled": [(EACH, _("each with a label of its own")), (LOT, _("together as one lot"))],
        "inner": inner,
        "facilities": options_of(subject.works["dismantle"]),
        "whole_kg": spelt(there),
        "whole_count": 1 if subject.standing is None else subject.standing.count,
        "out_kg": spelt(out),
        "missing_kg": spelt(max(_NOTHING, less(there, out))),
        "too_much_kg": spelt(max(_NOTHING, less(out, there))),
    }


def _weighed(typed: Typed, inner: list[dict[str, Any]]) -> Decimal:
    """Mass [kg] of all that stands in the form and is readable."""
    masses = [_NOTHING]
    for row in range(_rows(typed)):
        each, pieces = amount(typed[f"mass_kg-{row}"]), typed[f"pieces-{row}"] or "1"
        if each is not None and pieces.isascii() and pieces.isdigit() and len(pieces) <= 9:
            masses.append(kg(each) * int(pieces))
    masses += [
        kg(mass)
        for number, one in enumerate(inner)
        if one["item"] in typed.several.get("inner", ())
        and (mass := amount(typed[f"inner_kg-{number}"] or one["mass_kg"] or "")) is not None
    ]
    rest = amount(typed["rest_kg"])
    return total([*masses, *([] if rest is None else [kg(rest)])])


def _record(connection: Connection, subject: Subject, typed: Typed, hand: Hand) -> str:
    faults: list[Fault] = []
    parts = [one for row in range(_rows(typed)) for one in _parts(subject, typed, row, faults)]
    parts += _came_out(connection, subject, typed, faults)
    rest = _rest(subject, typed, faults)
    if not parts and not faults:
        cause = _("Nothing comes out.")
        faults.append(Fault("mass_kg-0", cause, _("Say what came out, and what each weighs.")))
    _check_balance(subject, [*parts, *([rest] if rest else [])], faults)
    stop_at(faults)
    payload = {"parts": parts, "rest": rest, "facility": typed["facility"] or None}
    payload["waste_code"] = typed["waste_code"].upper() or None
    items = [subject.item, *(one["item"] for one in parts)]
    return recorded(hand, "custody.split", subject, payload, typed, items)


def _parts(subject: Subject, typed: Typed, row: int, faults: list[Fault]) -> list[dict[str, Any]]:
    """What one row says; nothing of a row without a weight."""
    if not (typed[f"mass_kg-{row}"] or typed[f"pieces-{row}"]):
        return []
    form = typed[f"form-{row}"]
    if form not in forms_in(subject.form):
        faults.append(Fault(f"form-{row}", _("That is in no such battery."), _("Choose one of the list.")))
    pieces = count_of(typed, f"pieces-{row}", faults, _most(typed, row))
    each = mass_of(typed, f"mass_kg-{row}", faults)
    if each is None:
        return []
    if typed[f"labelled-{row}"] == LOT and pieces > 1:
        whole = spelt(kg(each) * pieces)
        return [{"item": item_of(new_id()), "form": form, "count": pieces, "mass_kg": whole}]
    return [{"item": item_of(new_id()), "form": form, "mass_kg": each} for _piece in range(pieces)]


def _most(typed: Typed, row: int) -> int:
    """The most pieces of a row: with a label each, or as a lot."""
    return 1_000_000 if typed[f"labelled-{row}"] == LOT else MOST_PIECES


def _came_out(
    connection: Connection, subject: Subject, typed: Typed, faults: list[Fault]
) -> list[dict[str, Any]]:
    """What went in before and is ticked."""
    ticked = typed.several.get("inner", ())
    found = []
    for number, one in enumerate(inner_of(connection, subject)):
        if one["item"] not in ticked:
            continue
        name = f"inner_kg-{number}"
        mass = mass_of(typed, name, faults) if typed[name] else one["mass_kg"]
        found.append(
            {"item": one["item"], "form": one["form"], "count": one["count"], "mass_kg": mass or "0"}
        )
    return found


def _rest(subject: Subject, typed: Typed, faults: list[Fault]) -> dict[str, Any] | None:
    """What stays of a lot."""
    if subject.standing is None or not (typed["rest_count"] or typed["rest_kg"]):
        return None
    count = count_of(typed, "rest_count", faults, subject.standing.count)
    mass = mass_of(typed, "rest_kg", faults)
    return None if mass is None else {"count": count, "mass_kg": mass}


def _check_balance(subject: Subject, pieces: list[dict[str, Any]], faults: list[Fault]) -> None:
    there = subject.standing.mass_kg if subject.standing is not None else None
    out = total(kg(one["mass_kg"]) for one in pieces)
    if there is not None and out > there:
        told = {"out": spelt(out), "there": spelt(there)}
        cause = _("%(out)s kg cannot come from %(there)s kg.") % told
        remedy = _("Weigh again; if the whole was heavier, weigh that first and put its weight right.")
        faults.append(Fault("mass_kg-0", cause, remedy))


FORMS: Final[dict[str, Form]] = {"split": Form("battery_acts/split.html", _first, _shown, _record)}
