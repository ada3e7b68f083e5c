"""Tables of a run that tell what becomes of retired batteries: routes, stores, materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.scenario.battery_life import SOH_LIMITS
from kitaran.planning.scenario.chain import Chain
from kitaran.planning.scenario.chain_links import GROUPS, stocks_of
from kitaran.planning.scenario.chain_recovery import ELEMENTS
from kitaran.planning.scenario.economy_result import YEARS, ClassResult
from kitaran.planning.scenario.tables import NUMBER, TEXT, WHOLE, Table, cycled, repeated
from kitaran.planning.uncertainty.quantiles import quantiles

Array = NDArray[np.float64]
Rows = Mapping[tuple[str, ...], Array]

_BAND = {"p10": NUMBER, "p50": NUMBER, "p90": NUMBER}
_PLACE = {"economy": TEXT, "year": WHOLE}
_KEYS = {
    "routes": ("from", "to", "chemistry_group"),
    "stores": ("place", "chemistry_group"),
    "material_fates": ("element", "fate"),
}
_HEALTH = {
    f"soh_above_{round(100 * SOH_LIMITS[at])}": at
    for at in (int(np.searchsorted(SOH_LIMITS, limit)) for limit in (0.6, 0.7, 0.78, 0.86))
}
_UNITS = {"routes": "t", "stores": "GWh", "material_fates": "t"}


def tables() -> dict[str, Table]:
    """routes: mass on every link; stores: energy that waits or serves at year's end; material_fates: what
    becomes of each element that retires or is scrapped."""
    told = {
        name: Table({**_PLACE, **dict.fromkeys(keys, TEXT), "unit": TEXT, **_BAND})
        for name, keys in _KEYS.items()
    }
    condition = dict.fromkeys(("energy", "age", *_HEALTH), NUMBER)
    return {**told, "retired_condition": Table({**_PLACE, "vehicle_class": TEXT, **condition})}


def add_condition(table: Table, economy: str, part: ClassResult) -> None:
    """Mean energy [GWh] that retires of a class by year, mean years since the sale of its vehicles, and the
    share whose state of health is above some limits; NaN where no model tells."""
    energy = part.counted[1].mean(axis=-1)
    years = np.flatnonzero(energy.sum(axis=1) > 0)
    told = ~np.isnan(part.healthy[..., 0])
    weight = np.where(told, energy, 0.0)
    above = np.einsum("ym,yml->yl", weight, np.nan_to_num(part.healthy)[..., list(_HEALTH.values())])
    known = weight.sum(axis=1)[:, None]
    share = np.divide(above, known, out=np.full_like(above, np.nan), where=known > 0)
    age = np.nansum(energy * part.age, axis=1) / np.maximum(energy.sum(axis=1), 1e-30)
    table.add(
        len(years),
        economy=economy,
        year=YEARS[years],
        vehicle_class=part.vehicle_class,
        energy=energy.sum(axis=1)[years],
        age=age[years],
        **{name: share[years, column] for column, name in enumerate(_HEALTH)},
    )


def rows_of(made: Chain) -> dict[str, dict[tuple[str, ...], Array]]:
    """Rows by table: by keys, (year, sample)."""
    links: dict[tuple[str, ...], Array] = {
        (start, to, group): flow[number]
        for (start, to), flow in made.links.items()
        for number, group in enumerate(GROUPS)
        if flow[number].any()
    }
    stores: dict[tuple[str, ...], Array] = {
        (place, group): stock[number]
        for place, stock in stocks_of(made.streams).items()
        for number, group in enumerate(GROUPS)
        if stock[number].any()
    }
    fates: dict[tuple[str, ...], Array] = {}
    for stream in made.streams:
        for fate, amount in stream.fates.items():
            for number, element in enumerate(ELEMENTS):
                if amount[number].any():
                    known = fates.get((element.lower(), fate), 0.0)
                    fates[element.lower(), fate] = known + amount[number]
    return {"routes": links, "stores": stores, "material_fates": fates}


@dataclass
class Flows:
    """Rows of every economy as they come, and the region's sums of samples."""

    made: Mapping[str, Table]
    sums: dict[str, dict[tuple[str, ...], Array]] = field(default_factory=dict)

    def add(self, found: Chain, in_region: bool) -> None:
        for name, rows in rows_of(found).items():
            self._write(name, found.economy, rows)
            if in_region:
                total = self.sums.setdefault(name, {})
                for keys, amount in rows.items():
                    total[keys] = total[keys] + amount if keys in total else amount

    def close(self, region: str) -> None:
        for name, rows in self.sums.items():
            self._write(name, region, rows)

    def _write(self, name: str, economy: str, rows: Rows) -> None:
        if not rows:
            return
        ordered = sorted(rows)
        p10, p50, p90 = (part.reshape(-1) for part in quantiles(np.stack([rows[keys] for keys in ordered])))
        named = {
            key: repeated([keys[number] for keys in ordered], len(YEARS))
            for number, key in enumerate(_KEYS[name])
        }
        self.made[name].add(
            len(ordered) * len(YEARS),
            economy=economy,
            year=cycled(YEARS, len(ordered)),
            unit=_UNITS[name],
            p10=p10,
            p50=p50,
            p90=p90,
            **named,
        )
