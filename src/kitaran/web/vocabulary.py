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
        "sales": _("Vehicles sold"),
        "sales_share": _("Share of sales that is electric"),
        "stock": _("Vehicles in use"),
        "market": _("All vehicles sold"),
        "projection": _("Published projection"),
        "projected_sales": _("Published projection"),
        "target": _("Target"),
        "targets": _("Target"),
        "capacity": _("Battery capacity"),
        "battery_capacity": _("Battery capacity"),
        "chemistry": _("Chemistry of batteries"),
        "chemistry_share": _("Chemistry of batteries"),
        "composition": _("Material content"),
        "lifetime": _("Length of life"),
        "lifetimes": _("Length of life"),
        "use": _("Use of vehicles"),
        "use_share": _("Use of vehicles"),
        "class_split": _("Split of two- and three-wheelers"),
        "powertrain_share": _("Split of battery-electric and plug-in hybrid"),
        "spares": _("Spare batteries for swapping"),
        "swap_spares": _("Spare batteries for swapping"),
        "used_trade": _("Second-hand trade"),
        "assumption": _("Assumption of the forecast"),
        "assumptions": _("Assumption of the forecast"),
    }
    return words.get(code, code.replace("_", " "))
