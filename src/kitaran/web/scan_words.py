"""Words of `/scan`: what a code is, and what its parts say."""

from __future__ import annotations

from kitaran.registry.identity import ParsedCode, application_identifiers, code
from kitaran.web.language import gettext as _


def scheme_words() -> dict[str | None, str]:
    """What a code of each scheme is called."""
    return {
        code.DIGITAL_LINK: _("GS1 Digital Link"),
        code.ELEMENT_STRING: _("GS1 code"),
        code.GTIN: _("Trade item number (GTIN)"),
        code.TRACTION_BATTERY_CODE: _("Chinese traction battery code (GB/T 34014)"),
        code.VIN: _("Number of a vehicle (VIN)"),
        None: _("A code of no scheme that is known here"),
    }


def title(read: ParsedCode, battery: str | None, own: bool) -> str:
    """What was found, in a line."""
    if battery is not None:
        return _("This battery is in the registry")
    return _("The address of a battery's page") if own else scheme_words()[read.scheme]


def part_words() -> dict[str, str]:
    """Parts of the codes that are not of GS1."""
    return {
        "traction_battery_code": _("Code"),
        "manufacturer": _("Maker"),
        "product": _("What it is"),
        "chemistry": _("Chemistry"),
        "specification": _("Specification"),
        "tracing": _("Maker's tracing"),
        "serial": _("Serial number"),
        "second_use": _("In second use"),
        "produced": _("Made on"),
        "vin": _("Number"),
        "world_manufacturer_identifier": _("Maker of the vehicle"),
        "year_letter": _("Letter of the model year"),
    }


def keys_of(read: ParsedCode) -> list[tuple[str, str]]:
    """Name and value of each part: the title of a GS1 application identifier with its number."""
    return [(_name(key), value) for key, value in read.keys.items()]


def _name(key: str) -> str:
    known = application_identifiers.find(key)
    return f"({key}) {known.title}" if known is not None else part_words().get(key, key)
