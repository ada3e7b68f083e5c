"""Words of the value page: forms, conditions, ways to sell, terms, inputs, reasons."""

from __future__ import annotations

from kitaran.web.language import gettext as _
from kitaran.web.lifetime.words import duty_words
from kitaran.web.vocabulary import chemistry, vehicles


def forms() -> dict[str, str]:
    """What is for sale."""
    return {
        "pack": _("battery pack"),
        "vehicle": _("whole vehicle"),
        "module": _("modules"),
        "cells": _("loose cells"),
        "black_mass": _("black mass"),
    }


def conditions() -> dict[str, str]:
    """In what state it is."""
    return {
        "sound": _("sound"),
        "unknown": _("not known"),
        "damaged": _("damaged, swollen, wet or burnt"),
    }


def ways() -> dict[str, str]:
    """Ways to sell, as headings of rows."""
    return {
        "drive_on": _("Sell the vehicle to drive on"),
        "reuse": _("Second life"),
        "recycle": _("Recycling"),
        "sell_black_mass": _("Sale to a refinery"),
    }


def because(driver: str, route: str, barred: bool) -> str:
    """Why the value is what it is, in one sentence."""
    if route == "drive_on" and driver == "vehicle_market":
        return _("because the market pays no more for a vehicle of its age.")
    if route == "drive_on":
        return _("because body and battery together are worth that much.")
    if driver == "used_market":
        return _("because used packs of its health sell for no more.")
    if driver == "remaining_throughput":
        return _("because that is what its remaining use is worth, less work, risk and transport.")
    if driver == "gate_fee":
        return _("because what its metals fetch does not pay the way to a recycler.")
    if route == "sell_black_mass":
        return _("because refineries pay that share of the metals in it.")
    if barred:
        return _("because its metals are all that can be sold.")
    return _("because its metals are worth more than the use that is left.")


def reasons() -> dict[str, str]:
    """What a reader must know."""
    return {
        "damaged": _(
            "It is damaged: it may only be recycled, and travels in packaging approved for that. "
            "Do not open it, do not charge it, keep it outdoors and apart."
        ),
        "no_ageing_model": _(
            "No model says how batteries of this chemistry age in a second use: only their material counts."
        ),
        "costs_to_hand_over": _(
            "Handing it over costs money. Ask for the gate fee in writing, and only of a licensed recycler."
        ),
        "recycling_worth_more": _("Recycling is worth more than a second life."),
        "market_pays_no_more": _("What it could still do is worth more than the market pays."),
        "too_worn": _("More than half of its modules are expected to be too worn or to fail."),
        "not_tested": _(
            "Nobody has tested it: its health is taken from what retired batteries usually have."
        ),
        "condition_unknown": _(
            "Its condition is not known: have an electrician look for damage and isolation faults first."
        ),
        "age_unknown": _("Its age is not known; a usual one is taken."),
        "nobody_assumed_to_pay": _(
            "Nobody is assumed to pay for its metals, nor to be paid. If you have an offer, enter it below."
        ),
    }


def terms() -> dict[str, str]:
    """Items of the sum, in its order."""
    return {
        "body": _("Vehicle without battery"),
        "battery": _("Battery in the vehicle"),
        "throughput": _("Remaining use"),
        "metals": _("What its metals fetch"),
        "rejects": _("Modules that go to recycling"),
        "body_scrap": _("Vehicle body as scrap"),
        "test": _("Testing"),
        "opening": _("Opening to modules"),
        "rebuild": _("Rebuilding, with parts"),
        "equipment": _("Hall and test equipment"),
        "warranty": _("Reserve for warranty"),
        "fire": _("Reserve for fire and insurance"),
        "market_limit": _("The market pays no more"),
        "stopped": _("Spared by stopping after the test"),
        "removal": _("Taking it out of the vehicle"),
        "reconditioning": _("Repair, cleaning and sale"),
        "transport": _("Packing and transport"),
    }


def input_words(name: str) -> str:
    """An input in words; one that this version does not know is told by its name."""
    base, _slash, rest = name.partition("/")
    if base == "composition":
        formula, _dot, item = rest.partition(".")
        parts = {"pack_mass": _("Mass of a pack"), "cell_mass": _("Mass of cells")}
        said = {"item": item, "chemistry": chemistry(formula)}
        return parts.get(item) or _("%(item)s in %(chemistry)s") % said
    if base in ("longest_years", "soh_least"):
        words = {"longest_years": _("Years of use counted on"), "soh_least": _("Least health of a module")}
        return f"{words[base]}: {duty_words(rest)}"
    if base in ("new_price", "body_mass", "depreciation", "depreciation_of_body"):
        words = {
            "new_price": _("Price of a new vehicle"),
            "body_mass": _("Mass of the vehicle without battery"),
            "depreciation": _("What an electric vehicle loses in a year"),
            "depreciation_of_body": _("What a vehicle without battery loses in a year"),
        }
        return f"{words[base]}: {vehicles(rest)}"
    known = _inputs()
    return known.get(name) or known.get(base) or _line(rest) or name.replace("_", " ")


def _inputs() -> dict[str, str]:
    return {
        "soh": _("State of health"),
        "ageing": _("Speed of ageing"),
        "age_not_told": _("Age"),
        "oldest_years": _("Age at which housing and electronics end it"),
        "cell_spread_of_loss": _("Spread of health between modules"),
        "second_life_end": _("Health at which second life ends"),
        "retire_at": _("Health at which use in a vehicle ends"),
        "discount_rate": _("Discount rate"),
        "new_pack": _("World price of a new battery"),
        "new_pack_usd_per_kwh": _("Price of a new battery"),
        "small_buyer_markup": _("What a small buyer pays over the world price"),
        "trust_discount": _("Discount for short warranty and unknown history"),
        "used_pack": _("Price of usable used packs"),
        "used_pack_usd_per_kwh": _("Price of usable used packs"),
        "used_price_soh": _("Health to which that price refers"),
        "failure_share": _("Packs that fail the first test"),
        "failure_share_unknown": _("Packs that fail the first test"),
        "warranty_reserve": _("Reserve for warranty"),
        "fire_reserve_usd_per_kwh": _("Reserve for fire and insurance"),
        "work_usd_per_kwh": _("Cost of all work"),
        "packs_per_year": _("Packs worked on in a year"),
        "hours_exponent": _("How hours grow with the size of a pack"),
        "hours_reference_kwh": _("Pack for which hours are given"),
        "wage_usd_per_h": _("Wage"),
        "electricity_usd_per_kWh": _("Electricity"),
        "building_cost_usd_per_m2": _("Building"),
        "road_freight_usd_per_t_km": _("Road freight"),
        "distance_km": _("Distance"),
        "cobalt": _("Price of cobalt"),
        "nickel": _("Price of nickel"),
        "lithium_carbonate": _("Price of lithium carbonate"),
        "lead": _("Price of lead"),
        "cobalt_usd_per_kg": _("Price of cobalt"),
        "nickel_usd_per_kg": _("Price of nickel"),
        "lithium_carbonate_usd_per_kg": _("Price of lithium carbonate"),
        "lead_usd_per_kg": _("Price of lead"),
        "scrap_lead_acid": _("Share of the price of lead that is paid"),
        "recycler_pays_usd_per_kg": _("What a recycler offers"),
        "module_mass_share": _("Mass of modules over that of a pack"),
        "body_scrap_usd_per_kg": _("Price of scrap vehicles"),
        "reconditioning_share": _("Repair, cleaning and sale"),
        "new_vehicle_usd": _("Price of a new vehicle"),
    }


def _line(parameter: str) -> str:
    """Parameters of the repurposing line, of fees and of collection."""
    words = {
        "hours_removal": _("Hours to take a pack out"),
        "hours_incoming_test": _("Hours of the first test"),
        "hours_open_bolted": _("Hours to open a pack"),
        "hours_module_test": _("Hours to test its modules"),
        "hours_rebuild": _("Hours to rebuild"),
        "bolted_yield": _("Modules that survive opening"),
        "test_capital_usd": _("Test equipment"),
        "test_cycles": _("Cycles of a test"),
        "test_round_trip_loss": _("Loss in a test cycle"),
        "overhead_on_labour": _("Overhead on labour"),
        "matching_penalty": _("Modules set aside by matching"),
        "area_m2_per_pack": _("Floor area"),
        "parts_usd_per_kwh": _("New parts: electronics, wiring, housing"),
        "lfp_fee_mended": _("What a recycler pays for a kg"),
        "distance_local_km": _("Distance to the workshop"),
        "distance_2_to_preprocessor": _("Distance to the recycler"),
        "distance_3_preprocessor_to_recovery": _("Distance to the refinery"),
        "packaging_damaged_usd_per_kg": _("Packaging of damaged batteries"),
    }
    if parameter in words:
        return words[parameter]
    if parameter.startswith("payable_nico"):
        return _("Share of cobalt and nickel that is paid")
    if parameter.startswith("payable_li"):
        return _("Share of lithium that is paid")
    return ""
