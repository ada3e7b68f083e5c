"""Which tables are carried over, and by which module."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import climate
import composition
import e_bikes
import economies
import etm
import fleets
import iea
import money
import national
import packs
import splits
from sources import Register

Rows = list[dict[str, Any]]
Family = Callable[[Path, Register], Rows]


def tables(shared: Path, register: Register) -> dict[str, Rows]:
    """Rows by table name; own rows are added when a table is written."""
    vehicles = [part(shared, register) for part in (iea.history, national.earlier, national.rows, e_bikes.rows)]
    single: dict[str, Family] = {
        "economies": economies.rows,
        "ev_sales_share": lambda *given: iea.shares(*given, "EV sales share"),
        "ev_stock_share": lambda *given: iea.shares(*given, "EV stock share"),
        "ev_sales_projection": lambda *given: iea.projections(*given) + etm.projections(*given),
        "vehicle_stock": fleets.vehicle_stock,
        "ev_targets": fleets.targets,
        "used_trade": fleets.used_trade,
        "battery_capacity": lambda *given: etm.capacities(*given) + packs.capacities(*given),
        "chemistry_share": etm.chemistries,
        "composition": composition.rows,
        "lifetimes": packs.replacement_intervals,
        "class_split": splits.three_wheelers,
        "powertrain_share": splits.plug_in_hybrids,
        "macro": money.macro,
        "exchange_rates": money.exchange_rates,
        "prices": money.prices,
        "climate_normals": climate.rows,
        "use_share": _own_only,
        "swap_spares": _own_only,
    }
    return {
        "ev_sales": [row for sold, _ in vehicles for row in sold],
        "ev_stock": [row for _, in_use in vehicles for row in in_use],
        **{name: rows(shared, register) for name, rows in single.items()},
    }


def _own_only(shared: Path, register: Register) -> Rows:
    """Tables in which every row was judged or put together by hand."""
    return []
