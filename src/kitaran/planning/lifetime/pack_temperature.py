"""Temperature of a pack: one heat capacity that takes in losses and sun and gives to air or coolant.

    C dT/dt = G (T_air + sun - T) + loss |P| + G_liquid (T_coolant - T)

All per kWh of nameplate energy. Each hour is integrated exactly at constant inputs. A passive pack lags the
air by many hours; ambient plus a constant is never used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kitaran import reference
from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.assumptions import figure
from kitaran.planning.lifetime.duty import Duty, DutyYear
from kitaran.planning.lifetime.equations import Array

COOLINGS = ("none", "air", "liquid")
HOUR_S = 3600.0
SUNRISE, SUNSET = 6, 18
TIME_CONSTANTS_TO_FORGET = 40  # exp(-40) of a start is below rounding


@dataclass(frozen=True)
class PackHeat:
    """Thermal properties of a pack, per kWh of nameplate energy.

    heat_capacity [J/K]; parked, driving, cooled conductance [W/K]; sun_rise [K] mean excess in daytime sun;
    loss share of power lost as heat one way; cooling_from, coolant [degC]
    """

    heat_capacity: float
    parked: float
    driving: float
    cooled: float
    sun_rise: float
    loss: float
    cooling_from: float
    coolant: float
    grade: str

    @property
    def time_constant_h(self) -> float:
        """Time in which a parked pack goes 63 % of the way to the air [h]."""
        return self.heat_capacity / self.parked / HOUR_S


def pack_heat(pack: str, cooling: str) -> PackHeat:
    """Thermal properties from the table `thermal`. InputError for a cooling the pack cannot have."""
    table = reference.read("thermal")
    own, any_pack = table.where(pack=pack), table.where(pack="ALL")
    conductances = {
        row.text("state"): (row.number("value") or 0.0)
        for row in own.where(parameter="conductance").resolve()
    }
    if cooling not in COOLINGS or (cooling != "none" and cooling not in conductances):
        able = [name for name in COOLINGS if name == "none" or name in conductances]
        raise InputError(
            f"A {pack} has no cooling {cooling!r}.", "cooling", f"Choose one of {', '.join(able)}."
        )
    parked = (
        conductances["passive"] if cooling == "none" and "passive" in conductances else conductances["parked"]
    )
    starts = any_pack.where(parameter="cooling_from", state=cooling)
    return PackHeat(
        heat_capacity=figure(own.where(parameter="heat_capacity"), "heat capacity").value,
        parked=parked,
        driving=max(parked, conductances.get("driving", parked)),
        cooled=conductances.get(cooling, 0.0),
        sun_rise=figure(own.where(parameter="sun_rise"), "rise in the sun").value,
        loss=figure(any_pack.where(parameter="loss"), "loss").value,
        cooling_from=figure(starts, "cooling").value if len(starts) else np.inf,
        coolant=figure(any_pack.where(parameter="coolant"), "coolant").value,
        grade=max(row.text("grade") for row in own),
    )


def pack_temperature(air_c: ArrayLike, use: Duty, year: DutyYear, cooling: str | None = None) -> Array:
    """Pack temperature through a repeating year, (..., 8761) [degC].

    air_c   : (..., 8761) air temperature [degC]
    cooling : none, air or liquid; the duty's usual one without it
    """
    way = use.cooling if cooling is None else cooling
    heat = pack_heat(use.thermal_pack, way)
    air = np.asarray(air_c, dtype=float)
    flat = air.reshape(-1, air.shape[-1])
    outside = flat[:, :-1] + heat.sun_rise * use.sun_share * _daylight() * ~year.moving
    gain = 1000.0 * heat.loss * np.abs(year.c_rate)
    conductance = np.where(year.moving, heat.driving, heat.parked)
    active = year.moving | year.charging
    temperature = np.empty_like(flat)
    now = outside.mean(axis=1)
    hours = flat.shape[1] - 1
    forgotten = min(hours, int(np.ceil(TIME_CONSTANTS_TO_FORGET * heat.time_constant_h)))
    for start in (hours - forgotten, 0):  # the end of the year before forgets how it was begun
        for hour in range(start, hours):
            temperature[:, hour] = now
            cooled = heat.cooled * ((now > heat.cooling_from) & active[hour])
            now = _after_an_hour(now, outside[:, hour], gain[hour], conductance[hour], cooled, way, heat)
    temperature[:, -1] = now
    return temperature.reshape(air.shape)


def _after_an_hour(
    now: Array, outside: Array, gain: float, conductance: float, cooled: Array, way: str, heat: PackHeat
) -> Array:
    """Exact solution of an hour at constant inputs; liquid goes to the coolant, a fan to the air outside."""
    sink = heat.coolant if way == "liquid" else outside
    total = conductance + cooled
    end = (conductance * outside + cooled * sink + gain) / total
    return np.asarray(end + (now - end) * np.exp(-total * HOUR_S / heat.heat_capacity))


def _daylight() -> Array:
    """Sun through the hours of a year, mean one from sunrise to sunset, (8760,)."""
    hour = np.arange(8760) % 24 + 0.5
    up = np.sin(np.pi * (hour - SUNRISE) / (SUNSET - SUNRISE))
    return np.asarray(np.where((hour > SUNRISE) & (hour < SUNSET), np.pi / 2 * up, 0.0))
