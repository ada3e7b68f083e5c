"""Words of the page of flows: places that retired batteries pass, and groups of chemistries."""

from __future__ import annotations

from kitaran.web.language import gettext as _

ALL = "all"
GROUPS = (ALL, "lithium", "lead_acid", "other")


def place(code: str) -> str:
    """The name of a place, short enough for the picture."""
    words = {
        "retired": _("Retired from vehicles"),
        "production_scrap": _("Scrap of cell plants"),
        "again": _("Out of stores and second uses"),
        "formal_collection": _("Licensed collection"),
        "informal_collection": _("Informal collection"),
        "hoard": _("Kept by owners"),
        "lost": _("Dumped or lost"),
        "exported_in_vehicles": _("Abroad in used vehicles"),
        "reuse": _("Used again in vehicles"),
        "second_use": _("Second use"),
        "stationary_storage": _("Stationary storage"),
        "light_vehicles": _("Two- and three-wheelers"),
        "forklifts": _("Forklifts"),
        "stockpile": _("Stockpiled"),
        "exported_spent": _("Abroad as spent batteries"),
        "recycling": _("Recycling"),
        "informal_processing": _("Informal processing"),
        "exported_black_mass": _("Abroad as black mass"),
        "hydrometallurgical": _("Hydrometallurgical"),
        "pyrometallurgical": _("Pyrometallurgical"),
        "direct": _("Direct recycling"),
        "secondary_lead_smelting": _("Lead smelting"),
        "recovered": _("Recovered metals and graphite"),
        "residues": _("Slag, plastics, casings"),
    }
    if code.endswith("_again"):
        return _("%(place)s, given up") % {"place": place(code.removesuffix("_again"))}
    return words.get(code, code.replace("_", " "))


def group(code: str) -> str:
    """A group of chemistries."""
    return {
        ALL: _("All batteries"),
        "lithium": _("Lithium"),
        "lead_acid": _("Lead-acid"),
        "other": _("Sodium-ion"),
    }[code]


def batteries(code: str) -> str:
    """Batteries of a group, as they stand in a sentence."""
    return {
        ALL: _("batteries"),
        "lithium": _("lithium batteries"),
        "lead_acid": _("lead-acid batteries"),
        "other": _("sodium-ion batteries"),
    }[code]


def groups() -> list[tuple[str, str]]:
    """Code and name of each group."""
    return [(code, group(code)) for code in GROUPS]
