"""Recording an event by a click: a form as a payload, the signature, and faults beside their fields."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request

from kitaran.api import registry
from kitaran.foundation.errors import Fault, KitaranError
from kitaran.registry.parties.accounts import Person
from kitaran.web.access import require, signed_in
from kitaran.web.language import gettext as _

Given = Mapping[str, str]


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form as one line each, in normal form C; several values of a name with a blank between.
    Empty ones are left out.
    """
    async with request.form(max_files=0, max_fields=60) as form:
        names = dict.fromkeys(name for name, value in form.multi_items() if isinstance(value, str))
        texts = {name: " ".join(str(value) for value in form.getlist(name)) for name in names}
    lines = {name: tidy(text) for name, text in texts.items()}
    return {name: text for name, text in lines.items() if text}


def tidy(text: str) -> str:
    """A text as one line in normal form C, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def record(
    request: Request,
    kind: str,
    item: str,
    payload: Mapping[str, Any],
    roles: Iterable[str] = (),
    sealed: Mapping[str, str | None] | None = None,
) -> Person:
    """Sign and record for the person who is signed in. Raises as `require` and the log do."""
    person = require(request, *roles)
    registry.of(request).whole().hand_of(person).record(kind, item, payload, sealed)
    return person


def faults_of(error: KitaranError) -> list[dict[str, Any]]:
    """Faults beside the fields of the form: `$.payload.storage.days` stands beside `storage`."""
    return [_shown(fault) for fault in error.faults]


def _shown(fault: Fault) -> dict[str, Any]:
    path = fault.place.removeprefix("$.payload.").removeprefix("$.disclosures.words.")
    field = path.partition(".")[0].partition("[")[0] if path != fault.place else ""
    return {**fault.as_dict(), "field": field, "place": "" if field else fault.place}


def moment(given: Given, name: str) -> str | None:
    """A day or a day and time of a form, in UTC, as the record writes it."""
    text = given.get(name)
    if text is None:
        return None
    day, mark, clock = text.partition("T")
    return f"{day}T{clock if mark else '00:00'}:00.000Z"


def may(request: Request, *roles: str) -> bool:
    """Whether the reader is signed in with one of the roles."""
    person = signed_in(request)
    return person is not None and bool(person.roles & set(roles))


def rooms(request: Request, here: str) -> list[dict[str, Any]]:
    """The pages beside each other, shown in the head of the page as rooms behind one door."""
    listed = [("/facilities", _("Facilities")), ("/alerts", _("Recalls and alerts"))]
    if signed_in(request) is not None:
        listed += [("/incidents", _("Incidents")), ("/technicians", _("Technicians"))]
    listed.append(("/privacy", _("Personal data")))
    return [{"path": path, "label": label, "here": path == here} for path, label in listed]
