"""An act of a shipment page: its form, what a browser sends of it, and the payload of its event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import UploadFile

from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.ledger.kinds import LOOK_AT_SCHEMA
from kitaran.registry.movement import files
from kitaran.registry.movement.words import SEND_SEALED
from kitaran.web.language import gettext as _
from kitaran.web.parties_clicks import Given, faults_of, moment, tidy

WHOLE: Final = frozenset({"shipments", "notice_days"})
LISTS: Final = frozenset({"conditions"})
"""One line of a form that the event keeps as a list."""
_MOMENTS: Final = frozenset(
    ("departs", "arrives_by", "arrived", "completed", "first_departure", "last_departure")
) | {"valid_from", "valid_until", "period_from", "period_until"}
_MOST_FIELDS: Final = 1_000


@dataclass(frozen=True)
class Field:
    """One field of a form.

    kind    : text, long, decimal, numeric, date, time, file, select, or many (boxes to tick), with options
    changes : `value` is what stands; it is sent only if it is changed
    beside  : it is no part of the payload
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    hint: str = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    changes: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Act:
    """An act: its form; fixed : what it says without being asked; first : whether it is the one to do now

    of : the question, barrier or economy that it is about, if there may be several alike; letter_of :
    economy whose letter is entered; grave : it cannot be undone and is set apart
    """

    name: str
    button: str
    fields: tuple[Field, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    first: bool = False
    of: str = ""
    letter_of: str = ""
    about: str = ""
    grave: bool = False

    @property
    def key(self) -> str:
        """What sets its fields apart from those of the other forms of the page."""
        return f"{self.name}-{self.of[:12]}" if self.of else self.name


async def form_with_file(request: Request) -> tuple[dict[str, str], bytes]:
    """The fields of a form as one line each, several values of a name with a blank between, and its file.

    The file holds up to one byte more than is kept; it is empty if none was chosen.
    """
    async with request.form(max_files=1, max_fields=_MOST_FIELDS) as form:
        names = dict.fromkeys(name for name, value in form.multi_items() if isinstance(value, str))
        texts = {name: tidy(" ".join(str(value) for value in form.getlist(name))) for name in names}
        sent = form.get("file")
        content = b""
        if isinstance(sent, UploadFile) and sent.filename:
            content = await sent.read(files.MOST_BYTES + 1)
    return {name: text for name, text in texts.items() if text}, content


def chosen(acts: Iterable[Act], name: str, given: Given) -> Act:
    """The act of a form. Raises InputError if it is not open to the person now."""
    for one in acts:
        if one.name == name and one.of == given.get("of", ""):
            return one
    raise InputError(_("This cannot be done now."), name, _("Look at the page again."))


def payload_of(act: Act, given: Given) -> dict[str, Any]:
    """A form as the payload of its event: numbers of a count as numbers, times as the record writes them."""
    told: dict[str, Any] = dict(act.fixed)
    for one in act.fields:
        text = given.get(one.name, "")
        if one.beside or (one.changes and _same(one, text)):
            continue
        if one.kind == "many":
            told[one.name] = text.split()
        elif text:
            told[one.name] = _value(one, text, given)
    return told


def _same(one: Field, text: str) -> bool:
    return sorted(text.split()) == sorted(one.value.split()) if one.kind == "many" else text == one.value


def _value(one: Field, text: str, given: Given) -> Any:
    if one.name in WHOLE:
        return int(text) if text.isdecimal() else text
    if one.name in LISTS:
        return [text]
    return moment(given, one.name) if one.kind == "time" else text


def faults_beside(error: KitaranError, act: Act | None) -> list[dict[str, Any]]:
    """Faults beside the fields of the act's form; a fault of the event itself stands at the top alone."""
    names = set() if act is None else {one.name for one in act.fields}
    found = []
    for one in faults_of(error):
        known = act is not None and one["field"] in names
        one = in_words(one)
        place = "" if one["place"].startswith("$") else one["place"]
        field_ = f"{act.key}-{one['field']}" if known and act is not None else ""
        found.append({**one, "field": field_, "place": place})
    return found


def in_words(one: dict[str, Any]) -> dict[str, Any]:
    """A fault of the schema, which is written for programs, in words for who fills a form."""
    if one["remedy"] not in (LOOK_AT_SCHEMA, SEND_SEALED):
        return one
    if one["cause"].startswith("Value error, "):
        said = one["cause"].removeprefix("Value error, ")
        return {**one, "cause": said[:1].upper() + said[1:], "remedy": _("Correct it.")}
    return {**one, "cause": _("This is missing or is written otherwise."), "remedy": _remedy(one["field"])}


def _remedy(name: str) -> str:
    if name.endswith("_kg"):
        return _("Write a number of kilograms, such as 1250.5.")
    if name in WHOLE:
        return _("Write a whole number.")
    if name in _MOMENTS:
        return _("Choose a day.")
    return _("Fill it in, or choose one of the list.")


def ticked(given: Given, name: str) -> Sequence[str]:
    """The boxes of a field that are ticked."""
    return given.get(name, "").split()
