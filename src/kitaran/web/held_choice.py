"""Choosing what one has instead of typing ids: own facilities and technicians, batteries in hand, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.foundation.errors import InputError
from kitaran.registry.custody import keeping, stock
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities import repository as facilities
from kitaran.registry.parties.technicians import repository as technicians
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport import view
from kitaran.registry.passport.names import code_alias
from kitaran.web.facility.stock import item_facts, nameplate
from kitaran.web.facility.words import chemistry_words, kind_words
from kitaran.web.language import gettext as _

MOST: Final = 30
"""Batteries in hand that a form offers, the newest first; any other is named by a code."""
_OUR_LABEL: Final = re.compile(r"(?:^|/)b/([0-9a-f]{32})/?$")
_ID: Final = re.compile(r"(?:battery/)?([0-9a-f]{32})")
_LEAST_OF_AN_ID: Final = 6
Options = list[tuple[str, str]]


def facility_options(connection: Connection, operator: str) -> Options:
    """Own facilities that are in use, by name; before them, none."""
    at = now()
    mine = [one for one in facilities.facilities(connection, at, operator) if one.open_at(at)]
    named = sorted((str(one.description["name"]), one.id) for one in mine)
    return [("", _("none")), *((id_, name) for name, id_ in named)]


def technician_options(connection: Connection, operator: str) -> Options:
    """Own technicians with a certificate that holds, by name where it is kept; before them, none."""
    at, found = now(), dict[str, str]()
    for one in technicians.certificates(connection, operator):
        if one.valid_at(at):
            found[one.technician] = one.name or one.technician
    return [("", _("none")), *sorted(found.items(), key=lambda pair: pair[1])]


def held_options(connection: Connection, operator: str, kinds: Iterable[str] = ()) -> Options:
    """Items in hand with what is known of them, the newest first; of these kinds, or of all."""
    wanted = set(kinds)
    held = [one for one in stock.in_hand(connection, operator) if not wanted or one.kind in wanted]
    return [(one.item, _said(item_facts(one))) for one in reversed(held[-MOST:])]


def _said(one: dict[str, Any]) -> str:
    """One item in one line: what it is, its label, the end of its number."""
    plate = nameplate({name: one[name] for name in ("voltage_v", "capacity_ah", "energy_kwh")})
    parts = [one["model_name"] or kind_words()[one["kind"]], chemistry_words(one["chemistry"])]
    parts += [f"{plate[name]:g} {unit}" for name, unit in _PLATE if plate[name] is not None]
    parts += [one["names"][0]] if one["names"] else []
    return ", ".join([*parts, f"…{one['end']}"])


_PLATE: Final = (("voltage_v", "V"), ("capacity_ah", "Ah"))


def battery_of(connection: Connection, person: Person, text: str) -> str | None:
    """The id of the battery that a text names: its link, its id, a serial number or code on its label, or the
    last letters of the number of one in hand; None if there is none for this person, or if there are several.
    """
    told = text.strip().removeprefix("…")
    if ours := _OUR_LABEL.search(told) or _ID.fullmatch(told.casefold()):
        return ours[1]
    held = [one for one in stock.in_hand(connection, person.operator.id) if one.battery]
    ends = [one for one in held if len(told) >= _LEAST_OF_AN_ID and one.item.endswith(told.casefold())]
    mine = [one for one in held if told in one.names] or ends
    if mine:
        return mine[0].battery if len(mine) == 1 else None
    return _of_others(connection, person, told)


def _of_others(connection: Connection, person: Person, told: str) -> str | None:
    """That of a code on a label, as far as the person may know of the battery."""
    try:
        named = passports.batteries(connection, None, limit=1, code=code_alias(told))
    except InputError:
        return None
    for one in named:
        if view.is_seen(one, keeping.audiences_of(connection, person.acts_for, one, one.id, now())):
            return one.id
    return None
