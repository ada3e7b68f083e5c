"""The form with which something without a passport is taken in: its fields, and what is wrong with each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile

from kitaran.foundation.errors import Fault, InputError, KitaranError
from kitaran.registry.custody.intake import LOTS
from kitaran.registry.passport.attributes import attributes
from kitaran.registry.passport.intake_photos import LARGEST_BYTES
from kitaran.registry.passport.names import code_alias
from kitaran.registry.passport.schemas import BATTERIES, MATERIALS
from kitaran.web.language import gettext as _

KINDS: Final = ("pack", "module", "cell", "lead_acid_lot", "mixed_lot", "black_mass", "salt")
NUMBERS: Final = ("mass_kg", "voltage_v", "capacity_ah", "energy_kwh", "moisture_percent")
FIELDS: Final = (
    *("battery", "what", *NUMBERS, "count", "chemistry", "known_by", "test"),
    *("label", "codes", "signs", "condition", "assay", "photo"),
)
_LONGEST: Final = 2_000
_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", re.ASCII)
_SHARE: Final = re.compile(r"(?P<item>.{1,30}?)[\s:=]+(?P<percent>[0-9.,]+)\s*%?")
_SEVERAL: Final = ("codes", "assay")


@dataclass(frozen=True)
class Typed:
    """What was typed: texts by field, the signs that were ticked, and the photo if one came."""

    given: Mapping[str, str]
    signs: tuple[str, ...] = ()
    photo: bytes | None = None


async def typed_of(form: FormData) -> Typed:
    """A sent form."""
    given = {name: _tidy(name, form.get(name)) for name in FIELDS if name not in ("signs", "photo")}
    signs = tuple(str(one)[:40] for one in form.getlist("signs"))[:20]
    return Typed(given, signs, await photo_of(form))


async def photo_of(form: FormData, most: int = LARGEST_BYTES) -> bytes | None:
    """The photo of a form, up to one byte more than `most`; None if none was chosen."""
    sent = form.get("photo")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return None
    return await sent.read(most + 1)


def payload_of(typed: Typed, what: str) -> dict[str, Any]:
    """What the form says, as the record writes it. Raises InputError whose faults have the field as place."""
    given, faults = typed.given, list[Fault]()
    numbers = {name: _amount(given, name, faults) for name in NUMBERS}
    if not given["mass_kg"]:
        faults.append(Fault("mass_kg", _("The weight is missing."), _("Weigh it, in kg.")))
    elif numbers["mass_kg"] is not None and float(numbers["mass_kg"]) == 0:
        faults.append(Fault("mass_kg", _("Nothing weighs nothing."), _("Weigh it, in kg.")))
    told = {
        "what": what,
        **numbers,
        "count": _count(given, what, faults),
        **_chemistry(given, what, faults),
        "label": given["label"] or None,
        "codes": _codes(given["codes"], faults) or None,
        "signs": list(typed.signs) or None,
        "condition": given["condition"] or None,
        "assay": _assay(given["assay"], faults) or None,
    }
    if what not in MATERIALS:
        told |= {"moisture_percent": None, "assay": None}
    if what not in BATTERIES | LOTS:
        told |= {"voltage_v": None, "capacity_ah": None, "energy_kwh": None, "signs": None}
    if faults:
        raise InputError(faults[0].cause, faults=faults)
    return told


def amount(text: str) -> str | None:
    """A number as the record writes it; a comma for the point is taken, blanks between thousands, too.

    None if it is no number of zero or more.
    """
    bare = "".join(text.split())
    if re.fullmatch(r"[0-9]+,[0-9]+", bare, re.ASCII):
        bare = bare.replace(",", ".")
    whole, point, rest = bare.partition(".")
    spelt = (whole.lstrip("0") or "0") + point + rest if whole.isdigit() else bare
    return spelt if _AMOUNT.fullmatch(spelt) else None


def _amount(given: Mapping[str, str], name: str, faults: list[Fault]) -> str | None:
    if not given[name]:
        return None
    found = amount(given[name])
    if found is None:
        cause = _("%(given)s is no number.") % {"given": repr(given[name][:30])}
        faults.append(Fault(name, cause, _("Write it as 12.5, without a unit.")))
    return found


def _count(given: Mapping[str, str], what: str, faults: list[Fault]) -> int | None:
    if what not in LOTS:
        return None
    text = given["count"]
    if not text:
        faults.append(Fault("count", _("The count is missing."), _("Count the batteries in the lot.")))
        return None
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 1_000_000 and len(text) <= 9):
        cause = _("%(given)s is no count.") % {"given": repr(text[:30])}
        faults.append(Fault("count", cause, _("Give a whole number from 1 to 1,000,000.")))
        return None
    return int(text)


def _chemistry(given: Mapping[str, str], what: str, faults: list[Fault]) -> dict[str, Any]:
    if what == "lead_acid_lot":
        return {"chemistry": "lead_acid", "known_by": "declared", "test": None}
    chemistry, known_by = given["chemistry"] or "unknown", given["known_by"] or "unknown"
    if chemistry not in attributes()["chemistry"].choices:
        faults.append(Fault("chemistry", _("No such chemistry is known."), _("Choose one of the list.")))
    elif (chemistry == "unknown") != (known_by == "unknown"):
        cause = _("Chemistry and how it is known do not fit.")
        remedy = _("Say how it is known; or leave both as not known.")
        faults.append(Fault("known_by", cause, remedy))
    return {
        "chemistry": chemistry,
        "known_by": known_by,
        "test": (given["test"] or None) if known_by == "tested" else None,
    }


def _codes(text: str, faults: list[Fault]) -> list[str]:
    codes = list(dict.fromkeys(one.strip() for one in text.splitlines() if one.strip()))
    for one in codes:
        try:
            if len(one) < 4:
                raise InputError(_("It is too short for a code."))
            code_alias(one)
        except KitaranError as error:
            cause = f"{one[:40]}: {error.cause}"
            faults.append(Fault("codes", cause, _("Look at it again; or leave it out.")))
    return codes


def _assay(text: str, faults: list[Fault]) -> list[dict[str, str]]:
    shares = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        read = _SHARE.fullmatch(line)
        percent = None if read is None else amount(read["percent"])
        if read is None or percent is None:
            cause = _("%(given)s is no share.") % {"given": repr(line[:40])}
            faults.append(Fault("assay", cause, _("Write one a line, as Ni 21.5")))
            continue
        shares.append({"item": read["item"].strip(), "percent": percent})
    return shares


def _tidy(name: str, value: Any) -> str:
    """A text in normal form C; on one line, but for fields that hold several."""
    text = unicodedata.normalize("NFC", value if isinstance(value, str) else "")[:_LONGEST]
    if name in _SEVERAL:
        return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
    return " ".join(text.split())
