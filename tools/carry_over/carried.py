"""Which tables are carried over, and by which module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import climate
import composition
import e_bikes
import economies
import etm
import fleets
import identifiers
import iea
import manufacturing
import money
import national
import packs
import passport_attributes
import plant_places
import plants
import prices
import splits
from sources import Register

Rows = list[dict[str, Any]]


def tables(shared: Path, register: Register) -> dict[str, Rows]:
    """Rows by table name. Rows of own/ join when a table is written; some tables consist of nothing else."""
    vehicles = (
        iea.history(shared),
        national.earlier(shared),
        national.rows(shared, register),
        e_bikes.rows(shared, register),
    )
    macro = money.macro(shared)
    return {
        "economies": economies.rows(shared),
        "ev_sales": [row for sold, _ in vehicles for row in sold],
        "ev_stock": [row for _, in_use in vehicles for row in in_use],
        "ev_sales_share": iea.shares(shared, "EV sales share"),
        "ev_stock_share": iea.shares(shared, "EV stock share"),
        "ev_sales_projection": iea.projections(shared) + etm.projections(shared),
        "battery_demand": iea.battery_demand(shared),
        "published_claims": [],
        "claim_assumptions": [],
        "used_trade_parameters": [],
        "reported_retirements": [],
        "vehicle_stock": fleets.vehicle_stock(shared, register),
        "ev_targets": fleets.targets(shared, register),
        "used_trade": fleets.used_trade(shared, register),
        "class_split": splits.three_wheelers(shared, register),
        "powertrain_share": splits.plug_in_hybrids(shared),
        "battery_capacity": etm.capacities(shared) + packs.capacities(shared, register),
        "chemistry_share": etm.chemistries(shared),
        "composition": composition.rows(shared),
        "pack_specific_energy": [],
        "composition_by_year": [],
        "battery_components": manufacturing.battery_components(shared),
        "manufacturing_capacity": [],
        "manufacturing_assumptions": [],
        "production_share": [],
        "vehicle_origin": manufacturing.vehicle_origin(shared),
        "lifetimes": packs.replacement_intervals(shared, register),
        "use_share": [],
        "swap_spares": [],
        "macro": macro,
        "exchange_rates": money.exchange_rates(shared),
        "prices": prices.rows(shared, register),
        "climate_normals": climate.rows(shared),
        "gs1_application_identifiers": identifiers.rows(shared),
        "passport_attributes": passport_attributes.rows(shared),
        "currency_numbers": [],
        "traction_battery_codes": [],
        "value_assumptions": [],
        "value_applications": [],
        "value_lives": [],
        "value_used_prices": [],
        "vehicle_values": [],
        "collection_routes": [],
        "retirement_routes": [],
        "second_life_uses": [],
        "recovery_routes": [],
        "recovery_capacity": [],
        "recovery_yields": [],
        "route_effects": [],
        "triage_families": [],
        "triage_limits": [],
        "triage_ways": [],
        **plants.tables(shared),
        "plant_places": plant_places.rows(shared, register, macro),
    }
