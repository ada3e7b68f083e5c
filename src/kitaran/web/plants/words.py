"""Words of the plant pages: routes, forms of feed, items of cost, products, parameters of a place."""

from __future__ import annotations

from kitaran.web.language import gettext as _


def routes() -> dict[str, str]:
    """Each route in the reader's words."""
    return {
        "hydrometallurgical": _("Hydrometallurgy: leach black mass in acid"),
        "pyrometallurgical": _("Pyrometallurgy: smelt as received"),
        "direct": _("Direct recycling: renew the cathode material"),
    }


def short_routes() -> dict[str, str]:
    """Each route in one word."""
    return {
        "hydrometallurgical": _("hydrometallurgy"),
        "pyrometallurgical": _("pyrometallurgy"),
        "direct": _("direct recycling"),
    }


def forms() -> dict[str, str]:
    """What the plant takes."""
    return {
        "pack": _("packs, shredded whole"),
        "pack_to_module": _("packs, opened to modules"),
        "pack_to_cell": _("packs, opened to cells"),
        "cell": _("cells at the end of life"),
        "rejected_cells": _("rejected cells of makers"),
        "electrode_scrap": _("electrode scrap of makers"),
        "black_mass": _("black mass, bought"),
    }


def price_sets() -> dict[str, str]:
    """The sets of prices."""
    return {"2025-26": _("2025 and 2026, newest found"), "2022-23": _("2022 and 2023, published model")}


# Items of the model that make one item of the chart, in its order.
SPENT = {
    "feed": ("feed",),
    "reagents": ("reagents", "consumables_and_packaging"),
    "energy": ("electricity", "natural_gas", "diesel", "process_water"),
    "wastes": ("solid_waste", "waste_water"),
    "labour": ("labour", "administration"),
    "upkeep": ("maintenance", "tax_rent_environment", "research", "interest_on_fixed_capital"),
    "capital": ("annual_capital_charge", "interest_on_working_capital", "selling_and_royalty"),
}


def spendings() -> dict[str, str]:
    """On what the money goes, from the bottom of the bar."""
    return {
        "feed": _("price of the feed"),
        "reagents": _("reagents"),
        "energy": _("energy and water"),
        "wastes": _("wastes"),
        "labour": _("labour"),
        "upkeep": _("upkeep, tax, rent"),
        "capital": _("capital and selling"),
        "disassembly": _("opening packs"),
        "transport": _("transport"),
    }


def product(code: str) -> str:
    """A product in words; cathode material keeps its formula."""
    words = {
        "lithium_carbonate_crude": _("lithium carbonate, crude"),
        "cobalt": _("cobalt in salt"),
        "nickel": _("nickel in salt"),
        "manganese": _("manganese in salt"),
        "copper": _("copper"),
        "copper_metal": _("copper metal"),
        "aluminium": _("aluminium"),
        "steel": _("steel"),
        "graphite": _("graphite"),
        "electronics": _("electronic parts"),
        "plastics": _("plastics"),
        "insulation": _("insulation"),
    }
    if code.startswith("cathode_"):
        return _("cathode material %(name)s") % {"name": code.removeprefix("cathode_")}
    return words.get(code, code.replace("_", " "))


def parameter(code: str) -> str:
    """A figure of a place in words."""
    words = {
        "capital_cost_factor_k_geo": _("Plant cost, United States = 1"),
        "wage_usd_per_h": _("Labour, all cost to the employer"),
        "electricity_usd_per_kWh": _("Electricity"),
        "natural_gas_usd_per_mmBtu": _("Natural gas, or LPG in its place"),
        "water_usd_per_gal": _("Process water"),
        "wastewater_usd_per_gal": _("Waste water"),
        "landfill_usd_per_short_ton": _("Gate fee of solid waste"),
        "building_cost_usd_per_m2": _("Industrial building"),
        "diesel_usd_per_mmBtu": _("Diesel"),
        "road_freight_usd_per_t_km": _("Road freight"),
        "electricity_co2e_g_per_kWh": _("Greenhouse gases of electricity"),
        "coal_share": _("Share of coal in electricity"),
        "renewables_share": _("Share of renewables in electricity"),
    }
    return words.get(code, code.replace("_", " "))
