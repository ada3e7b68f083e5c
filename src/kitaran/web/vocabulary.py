"""Words for the codes that stand in results: vehicle classes, chemistries, roles of an input."""

from __future__ import annotations

from kitaran.web.language import gettext as _


def vehicle_classes() -> dict[str, str]:
    """Each vehicle class in the reader's words, smallest vehicle first."""
    return {
        "e_bike": _("E-bikes"),
        "two_wheeler": _("Two-wheelers"),
        "three_wheeler": _("Three-wheelers"),
        "car": _("Cars"),
        "van": _("Vans"),
        "bus": _("Buses"),
        "truck": _("Trucks"),
    }


def chemistry(code: str) -> str:
    """A chemistry in the reader's words; formulas stay as they are."""
    words = {
        "lead_acid": _("Lead-acid"),
        "sodium_ion": _("Sodium-ion"),
        "nimh": _("Nickel-metal hydride"),
    }
    return words.get(code, code)


def role(code: str) -> str:
    """What an input is used for, in words; an unknown role is told by its code."""
    words = {
        "sales": _("Electric vehicles sold"),
        "stock": _("Electric vehicles in use"),
        "market": _("Vehicles of all kinds sold"),
        "outlook": _("What others expect or aim at"),
        "vehicle_life": _("How long vehicles last"),
        "battery_life": _("How long batteries last"),
        "capacity": _("Energy of a battery"),
        "chemistry": _("Chemistry of batteries"),
        "composition": _("What a battery is made of"),
        "use": _("Who uses the vehicles"),
        "swapping": _("Spare batteries for swapping"),
        "people": _("Population and income"),
        "method": _("Assumptions of the method"),
    }
    return words.get(code, code.replace("_", " "))
