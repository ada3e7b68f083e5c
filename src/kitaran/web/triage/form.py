"""One battery as it was typed in: the fields of the form, and what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kitaran.foundation.errors import Fault, InputError
from kitaran.reference import economies
from kitaran.registry.triage.columns import COLUMNS, SAFETY, VOLTAGE_COLUMNS
from kitaran.registry.triage.pulse_tests import PulseTests, pulse_tests_of
from kitaran.web.language import gettext as _

PULSE = "pulse"
FIRST_PLACE = "THA"
TYPED = tuple(column.name for column in COLUMNS if column.name not in VOLTAGE_COLUMNS)
SIGNS = tuple(column.name for column in SAFETY)
_WORDS = frozenset(("id", "chemistry"))
_LONGEST = 2_000


@dataclass(frozen=True)
class Typed:
    """The form's fields as the address has them.

    given : texts by column; pulse: the 21 voltages, as pasted; place: economy
    """

    given: Mapping[str, str]
    pulse: str = ""
    place: str = FIRST_PLACE

    @property
    def asked(self) -> bool:
        """Whether anything of a battery was given."""
        return bool(self.pulse or any(self.given.values()))


def typed_of(query: Mapping[str, str]) -> Typed:
    """The battery of an address."""
    given = {name: query.get(name, "").strip()[:_LONGEST] for name in TYPED}
    return Typed(given, query.get(PULSE, "").strip()[:_LONGEST], query.get("place", FIRST_PLACE).strip())


def cells_of(typed: Typed) -> dict[str, str]:
    """The battery as a row of a file of tests. Raises InputError whose faults have the field as place."""
    row = {name: text if name in _WORDS else _point(text) for name, text in typed.given.items()}
    faults = []
    voltages = _voltages(typed.pulse)
    if typed.pulse and len(voltages) != len(VOLTAGE_COLUMNS):
        cause = _("%(count)s voltages were given.") % {"count": len(voltages)}
        faults.append(Fault(PULSE, cause, _("Give all 21, from U1 to U21, with blanks between.")))
        voltages = []
    row |= dict(zip(VOLTAGE_COLUMNS, voltages, strict=False))
    if typed.place not in {economy.code for economy in economies()}:
        faults.append(Fault("place", _("No such economy is known."), _("Choose one of the list.")))
    try:
        pulse_tests_of([row], "form")
    except InputError as error:
        faults += [_at_field(fault) for fault in error.faults]
    if faults:
        raise InputError(faults[0].cause, faults=faults)
    return row


def read_typed(typed: Typed) -> PulseTests:
    """The one battery as tests. Raises InputError whose faults have the field as place."""
    return pulse_tests_of([cells_of(typed)], "form")


def checked_place(place: str) -> str:
    """The economy of an upload. Raises InputError if there is no such one."""
    if place not in {economy.code for economy in economies()}:
        raise InputError(_("No such economy is known."), "place", _("Choose one of the list."))
    return place


def _point(text: str) -> str:
    """A number with a decimal comma as one with a point."""
    return text.replace(",", ".") if re.fullmatch(r"-?\d+,\d+", text) else text


def _voltages(text: str) -> list[str]:
    if "." in text:
        return re.findall(r"[^\s,;]+", text)
    return [_point(each) for each in re.findall(r"[^\s;]+", text)]


def _at_field(fault: Fault) -> Fault:
    name = fault.place.rpartition("column ")[2]
    field = PULSE if name in VOLTAGE_COLUMNS else name if name in TYPED else ""
    cause = _("%(cause)s (voltage %(name)s)") % {"cause": fault.cause, "name": name}
    return Fault(field, cause if field == PULSE else fault.cause, fault.remedy)
