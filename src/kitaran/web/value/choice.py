"""What a reader asked about the worth of a battery, from the address; faults stand beside their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from kitaran.foundation.errors import KitaranError
from kitaran.reference.overrides import fingerprint
from kitaran.web.form_faults import Wrong
from kitaran.web.language import gettext as _

if TYPE_CHECKING:
    from kitaran.planning.market.valuation import Valuation

BATTERY = ("form", "chem", "kwh", "kg", "soh", "within", "place")
MORE = ("age", "condition", "use", "vehicle", "as_of")
# Field of the form -> name of an own figure, and by how much the reader's unit is larger
OWN_FIELDS = {
    "new": ("new_pack_usd_per_kwh", 1.0),
    "used": ("used_pack_usd_per_kwh", 1.0),
    "work": ("work_usd_per_kwh", 1.0),
    "offer": ("recycler_pays_usd_per_kg", 1.0),
    "cobalt": ("cobalt_usd_per_kg", 1.0),
    "nickel": ("nickel_usd_per_kg", 1.0),
    "lithium": ("lithium_carbonate_usd_per_kg", 1.0),
    "lead": ("lead_usd_per_kg", 1.0),
    "distance": ("distance_km", 1.0),
    "trust": ("trust_discount", 0.01),
    "rate": ("discount_rate", 0.01),
    "packs": ("packs_per_year", 1.0),
    "new_vehicle": ("new_vehicle_usd", 1.0),
}
FIELDS = (*BATTERY, *MORE, *OWN_FIELDS)
BLACK_MASS = "black_mass"
DAY = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
PER_CENT = 100
USUAL_ERROR = "3"
# Numbers with which the words of a form are tried where its own are wrong, by whether it is black mass
ANY_NUMBERS: dict[bool, dict[str, float]] = {False: {"kwh": 50.0}, True: {"kwh": 0.0, "mass_kg": 1.0}}
FIELD_OF_PLACE = {
    "chemistry": "chem",
    "economy": "place",
    "application": "use",
    "vehicle_class": "vehicle",
    "mass_kg": "kg",
    "lot": "",
    **{name: field for field, (name, _factor) in OWN_FIELDS.items()},
}


@dataclass(frozen=True)
class ValueChoice:
    """The form's fields as the address has them; soh, within, trust and rate in per cent."""

    form: str = "pack"
    chem: str = "LFP"
    kwh: str = "50"
    kg: str = "1000"
    soh: str = ""
    within: str = USUAL_ERROR
    place: str = "THA"
    age: str = ""
    condition: str = "sound"
    use: str = "home_solar"
    vehicle: str = "car"
    as_of: str = ""
    new: str = ""
    used: str = ""
    work: str = ""
    offer: str = ""
    cobalt: str = ""
    nickel: str = ""
    lithium: str = ""
    lead: str = ""
    distance: str = ""
    trust: str = ""
    rate: str = ""
    packs: str = ""
    new_vehicle: str = ""

    def query(self, **changes: str) -> str:
        """The choice as a query, with changes; fields at their first value are left out."""
        given = {name: getattr(self, name) for name in FIELDS} | changes
        first = ValueChoice()
        return urlencode({name: text for name, text in given.items() if text != getattr(first, name)})

    def address(self, path: str = "/plan/value", **changes: str) -> str:
        """Where this choice stands."""
        query = self.query(**changes)
        return f"{path}?{query}" if query else path

    @property
    def has_own(self) -> bool:
        return any(getattr(self, name) for name in OWN_FIELDS)

    @property
    def has_more(self) -> bool:
        first = ValueChoice()
        return any(getattr(self, name) != getattr(first, name) for name in MORE)


@dataclass(frozen=True)
class Asked:
    """A choice that can be answered.

    overrides, state : folder of the workspace's own rows, and what tells whether they have changed
    """

    choice: ValueChoice
    numbers: tuple[tuple[str, float], ...]
    own: tuple[tuple[str, float], ...]
    overrides: Path
    state: tuple[tuple[str, int, int], ...]

    def valuation(self) -> Valuation:
        """The value of the one battery."""
        from kitaran.planning.market import valuation

        choice = self.choice
        return valuation.value(
            choice.chem,
            economy=choice.place,
            form=choice.form,
            condition=choice.condition,
            application=choice.use,
            vehicle_class=choice.vehicle,
            own=dict(self.own),
            as_of=choice.as_of,
            overrides=self.overrides if self.state else None,
            **dict(self.numbers),  # type: ignore[arg-type]
        )


def choice_of(query: Mapping[str, str]) -> ValueChoice:
    """The choice of an address; fields that are not given stand at their first value."""
    return ValueChoice(**{name: query[name].strip() for name in FIELDS if name in query})


def asked_of(choice: ValueChoice, overrides: Path) -> tuple[Asked | None, Valuation | None, list[Wrong]]:
    """The question and its answer, or everything that is wrong with it."""
    wrong: list[Wrong] = []
    numbers = _numbers(choice, wrong)
    own = {}
    for field, (name, factor) in OWN_FIELDS.items():
        if getattr(choice, field) and (value := _number(getattr(choice, field), field, wrong)) is not None:
            own[name] = value * factor
    if choice.as_of and not DAY.fullmatch(choice.as_of):
        cause = _("%(text)s is no day.") % {"text": repr(choice.as_of[:20])}
        wrong.append(Wrong("as_of", "as_of", cause, _("Give a year, a month or a day, as 2026-05.")))
    given = ANY_NUMBERS[choice.form == BLACK_MASS] if wrong else numbers
    day = "" if any(each.field == "as_of" for each in wrong) else choice.as_of
    asked = Asked(
        replace(choice, as_of=day),
        tuple(given.items()),
        tuple(own.items()),
        overrides,
        fingerprint(overrides),
    )
    worth = None
    try:
        worth = asked.valuation()
    except KitaranError as error:
        for fault in error.faults:
            field = FIELD_OF_PLACE.get(fault.place, fault.place if fault.place in FIELDS else "")
            wrong.append(Wrong(field, field or fault.place, fault.cause, fault.remedy))
    return (None, None, wrong) if wrong else (asked, worth, [])


def _numbers(choice: ValueChoice, wrong: list[Wrong]) -> dict[str, float]:
    """Energy or mass, health with its range, and age."""
    found: dict[str, Any] = {}
    if choice.form == BLACK_MASS:
        found["kwh"] = 0.0
        found["mass_kg"] = _number(choice.kg, "kg", wrong)
        return found
    found["kwh"] = _number(choice.kwh, "kwh", wrong)
    if choice.soh:
        soh = _number(choice.soh, "soh", wrong)
        within = _number(choice.within or "0", "within", wrong)
        if soh is not None and not 5 <= soh <= 110:
            cause = _("A battery cannot hold %(text)s per cent of its rated capacity.") % {"text": choice.soh}
            wrong.append(Wrong("soh", "soh", cause, _("Give 5 to 110, or nothing if nobody tested.")))
        elif within is not None and not 0 <= within <= 40:
            cause = _("%(text)s points cannot be.") % {"text": choice.within}
            wrong.append(Wrong("within", "within", cause, _("Give 0 to 40.")))
        elif soh is not None and within is not None:
            found["soh"] = soh / PER_CENT
            found["soh_low"] = max(soh - within, 1) / PER_CENT
            found["soh_high"] = min(soh + within, max(soh, PER_CENT)) / PER_CENT
    if choice.age:
        found["age"] = _number(choice.age, "age", wrong)
    return found


def _number(text: str, field: str, wrong: list[Wrong]) -> float | None:
    try:
        value = float(text.replace("\u202f", "").replace(" ", "").replace(",", ""))
    except ValueError:
        value = float("nan")
    if value == value and abs(value) != float("inf"):
        return value
    cause = _("%(text)s is not a number.") % {"text": repr(text[:40])}
    wrong.append(Wrong(field, field, cause, _("Give a plain number.")))
    return None
