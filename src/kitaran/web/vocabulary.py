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


def vehicles(code: str) -> str:
    """A vehicle class, or a joint class of a source, in the reader's words."""
    joint = {"": _("all"), "all": _("all"), "two_three_wheeler": _("Two- and three-wheelers")}
    return joint.get(code) or vehicle_classes().get(code, code)


def chemistry(code: str) -> str:
    """A chemistry in the reader's words; formulas stay as they are."""
    words = {
        "lead_acid": _("Lead-acid"),
        "sodium_ion": _("Sodium-ion"),
        "nimh": _("Nickel-metal hydride"),
    }
    return words.get(code, code)


def use(code: str) -> str:
    """Who uses a vehicle, in the reader's words."""
    words = {
        "private": _("private"),
        "taxi": _("taxi"),
        "ride_hailing": _("ride-hailing"),
        "delivery": _("delivery"),
        "transit": _("public transport"),
        "e_rickshaw": _("e-rickshaw"),
        "freight": _("goods"),
    }
    return words.get(code, code)


def roles() -> dict[str, str]:
    """What an input is used for, in the order in which a forecast needs it."""
    return {
        "sales": _("Electric vehicles sold"),
        "stock": _("Electric vehicles in use"),
        "initial_stock": _("Vehicles in use by year of first registration"),
        "market": _("Vehicles of all kinds sold"),
        "outlook": _("What others expect or aim at"),
        "people": _("Population and income"),
        "use": _("Who uses the vehicles"),
        "vehicle_life": _("How long vehicles last"),
        "battery_life": _("How long batteries last"),
        "capacity": _("Energy of a battery"),
        "chemistry": _("Chemistry of batteries"),
        "swapping": _("Spare batteries for swapping"),
        "manufacturing": _("Plants that make cells, and what they reject"),
        "composition": _("What a battery is made of"),
        "collection": _("Where retired batteries go"),
        "triage": _("What is done with collected batteries"),
        "second_life": _("Second uses of batteries"),
        "recovery": _("How materials are recovered"),
        "effects": _("Jobs and emissions by step"),
        "method": _("Assumptions of the method"),
    }


def role(code: str) -> str:
    """A role in words; an unknown one is told by its code."""
    return roles().get(code, code.replace("_", " "))


def place_of_role(code: str) -> tuple[int, str]:
    """Sort key: known roles first, in their order."""
    known = list(roles())
    return (known.index(code) if code in known else len(known), code)
