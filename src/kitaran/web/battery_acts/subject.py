"""One battery as it stands to the person who would act on it: whose it is, where it is, what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import Request
from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.custody import contents, keeping, offers
from kitaran.registry.custody import repository as custody
from kitaran.registry.custody.contents import UNKNOWN, Told
from kitaran.registry.custody.offers import Offer
from kitaran.registry.custody.repository import Standing
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.accounts import Person
from kitaran.registry.parties.facilities.repository import Facility
from kitaran.registry.parties.licensed_acts import require_facility
from kitaran.registry.parties.roles import MANAGES, WRITES_NOTHING
from kitaran.registry.parties.schemas import Activity
from kitaran.registry.passport import repository as passports
from kitaran.registry.passport.audiences import CLOSE
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.repository import Battery
from kitaran.web.access import SignInNeededError, require
from kitaran.web.facility.frame import open_facilities
from kitaran.web.facility.words import kind_words
from kitaran.web.language import gettext as _

NOTHING_SAID: Final = Told("", UNKNOWN)


@dataclass(frozen=True)
class Subject:
    """One battery and one person.

    battery   : its passport, None of a part that has none
    standing  : as custody knows it; None if custody has not met it
    holds, owns, issuer, manages : what the person's organisation is to it; all of them can be true
    licensed  : activities for which the organisation has a licence now
    host      : in what it is installed, {what, host, since}
    offer     : the open offer of it
    places    : open facilities of the organisation; of `works`, those at which it may do an activity
    """

    person: Person
    id: str
    battery: Battery | None
    told: Told
    standing: Standing | None
    holds: bool
    owns: bool
    issuer: bool
    manages: bool
    licensed: frozenset[str]
    host: Mapping[str, Any] | None
    offer: Offer | None
    places: tuple[Facility, ...]
    works: Mapping[Activity, tuple[Facility, ...]]

    @property
    def item(self) -> str:
        return item_of(self.id)

    @property
    def me(self) -> str:
        return self.person.operator.id

    @property
    def status(self) -> str:
        """As custody says: `held`, `lost`, `stolen`, `inside` or `closed`."""
        return "held" if self.standing is None else self.standing.status

    @property
    def form(self) -> str:
        return "pack" if self.standing is None else self.standing.form

    @property
    def serial_number(self) -> str | None:
        """Of its passport; of what was taken in, the first code on it."""
        if self.battery is None:
            return None
        return self.battery.serial_number or next(iter(self.told.names), None)

    @property
    def in_force(self) -> bool:
        return self.battery is not None and self.battery.state == "in_force"

    @property
    def writes(self) -> bool:
        """Whether the person's roles let it record anything."""
        return bool(self.person.roles - WRITES_NOTHING)

    @property
    def name(self) -> str:
        """What it is called in a heading: its model, else what kind of thing it is."""
        model = (self.told.label or {}).get("model_name")
        return str(model) if model else kind_words()[self.told.kind or self.form]


def concerns(request: Request, connection: Connection, battery: str) -> bool:
    """Whether who is signed in has to do with the battery, so that the page of acts opens."""
    try:
        subject_of(request, connection, battery)
    except (NotFoundError, SignInNeededError):
        return False
    return True


def subject_of(request: Request, connection: Connection, battery: str) -> Subject:
    """The battery for who is signed in. Raises SignInNeededError, NotFoundError in the same words for one
    with which the person has nothing to do and for none.
    """
    person, at = require(request), now()
    asked = battery if battery.isprintable() and len(battery) <= 100 else ""
    item, me = item_of(asked), person.operator.id
    found = passports.battery(connection, asked)
    standing = custody.standing(connection, item)
    seen_by = keeping.audiences_of(connection, person.acts_for, found, asked, at)
    brought = standing is None and custody.brought_by(connection, item) == me
    holds = brought or (standing is not None and standing.holder == me)
    owns = brought or (standing is not None and standing.owner == me)
    manages = bool(person.roles & MANAGES)
    known = found is not None or standing is not None
    if not known or not (holds or owns or manages or (found is not None and seen_by & CLOSE)):
        raise NotFoundError(
            _("There is nothing here that you may do."), battery, _("Look at the code, or ask who has it.")
        )
    open_now = offers.running(connection, [item], stamp(at))
    return Subject(
        person=person,
        id=asked,
        battery=found,
        told=contents.told(connection, [item]).get(item, NOTHING_SAID),
        standing=standing,
        holds=holds,
        owns=owns,
        issuer=found is not None and found.origin == "issued" and found.operator == me,
        manages=manages,
        licensed=_licensed(connection, me, at),
        host=_host(connection, item),
        offer=open_now[0] if open_now else None,
        places=tuple(open_facilities(connection, me)),
        works=_works(connection, me, at),
    )


def _licensed(connection: Connection, operator: str, at: datetime) -> frozenset[str]:
    held = [one for one in parties.licences(connection, operator) if one.valid_at(at)]
    return frozenset(activity for one in held for activity in one.activities)


def _host(connection: Connection, item: str) -> Mapping[str, Any] | None:
    return next((one for one in custody.stays(connection, item) if one["until"] is None), None)


def _works(connection: Connection, operator: str, at: datetime) -> dict[Activity, tuple[Facility, ...]]:
    """Facilities at which the operator may open batteries, and build them, now."""
    mine = open_facilities(connection, operator)
    wanted: tuple[Activity, ...] = ("dismantle", "repurpose")
    return {
        activity: tuple(one for one in mine if _may(connection, operator, one.id, activity, at))
        for activity in wanted
    }


def _may(connection: Connection, operator: str, facility: str, activity: Activity, at: datetime) -> bool:
    try:
        require_facility(connection, operator, facility, activity, at)
    except NotAllowedError:
        return False
    return True
