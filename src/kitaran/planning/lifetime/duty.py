"""Duties: what a battery does in a day, made into an hourly year of state of charge."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kitaran import reference
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.lifetime.assumptions import figure
from kitaran.planning.lifetime.equations import Array
from kitaran.reference import FactTable

EMPTIEST = 0.02


@dataclass(frozen=True)
class Activity:
    """Hours in which the battery works; share of the day's discharge, export or charge."""

    start_hour: float
    end_hour: float
    kind: str
    share: float


@dataclass(frozen=True)
class Duty:
    """A daily use.

    discharge_per_day, export_per_day : parts of nameplate energy [1/day]
    """

    id: str
    title: str
    vehicle_class: str
    thermal_pack: str
    cooling: str
    pack_kwh: float
    discharge_per_day: float
    export_per_day: float
    charge_to: float
    days_between_charges: int
    sun_share: float
    hours: tuple[Activity, ...]
    grade: str


@dataclass(frozen=True)
class DutyYear:
    """A duty by the hour: time and soc (8761,); per hour (8760,) the C-rate [1/h] and where the pack is."""

    time_s: Array
    soc: Array
    c_rate: Array
    moving: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    charging: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def duties() -> tuple[str, ...]:
    """Ids of the packaged duties."""
    return tuple(row.text("duty") for row in reference.read("duties"))


def duty(duty_id: str, **changed: float) -> Duty:
    """A packaged duty, with fields of `Duty` changed by name; NotFoundError names those that exist."""
    rows = reference.read("duties").where(duty=duty_id)
    if not len(rows):
        raise NotFoundError(f"There is no duty {duty_id!r}.", "duty", f"Choose one of {', '.join(duties())}.")
    row = rows.rows[0]
    figures = reference.read("duty_profiles").where(duty=duty_id)
    pack_kwh = figure(figures.where(parameter="pack"), "pack").value
    packaged = Duty(
        id=duty_id,
        title=row.text("title"),
        vehicle_class=row.text("vehicle_class"),
        thermal_pack=row.text("thermal_pack"),
        cooling=row.text("cooling"),
        pack_kwh=pack_kwh,
        discharge_per_day=_discharge(figures, pack_kwh),
        export_per_day=_or_zero(figures, "export_per_day"),
        charge_to=figure(figures.where(parameter="charge_to"), "charge_to").value,
        days_between_charges=round(figure(figures.where(parameter="days_between_charges"), "days").value),
        sun_share=figure(figures.where(parameter="sun_share"), "sun_share").value,
        hours=_hours(duty_id),
        grade=max(line.text("grade") for line in figures),
    )
    return replace(packaged, **changed)  # type: ignore[arg-type]


def _discharge(figures: FactTable, pack_kwh: float) -> float:
    given = figures.where(parameter="discharge_per_day")
    if len(given):
        return figure(given, "discharge_per_day").value
    km = figure(figures.where(parameter="km_per_day"), "km_per_day").value
    return km * figure(figures.where(parameter="kwh_per_km"), "kwh_per_km").value / pack_kwh


def _or_zero(figures: FactTable, parameter: str) -> float:
    rows = figures.where(parameter=parameter)
    return figure(rows, parameter).value if len(rows) else 0.0


def _hours(duty_id: str) -> tuple[Activity, ...]:
    rows = reference.read("duty_hours").where(duty=duty_id)
    return tuple(
        Activity(
            row.number("start_hour") or 0.0,
            row.number("end_hour") or 0.0,
            row.text("activity"),
            row.number("share") or 0.0,
        )
        for row in rows
    )


def duty_year(use: Duty) -> DutyYear:
    """Hourly year of a duty. InputError if a day draws more than the pack holds."""
    cycle = 24 * use.days_between_charges
    net = np.zeros(cycle)
    moving, charging = np.zeros(cycle, dtype=bool), np.zeros(cycle, dtype=bool)
    hour = np.arange(cycle)
    for day in range(use.days_between_charges):
        for item in use.hours:
            inside = np.clip(
                np.minimum(hour + 1, 24 * day + item.end_hour) - np.maximum(hour, 24 * day + item.start_hour),
                0,
                1,
            )
            net += _drawn(use, item, day) * inside / (item.end_hour - item.start_hour)
            moving |= (inside > 0) & (item.kind == "drive")
            charging |= (inside > 0) & (item.kind == "charge") & (day == use.days_between_charges - 1)
    course = np.concatenate([[0.0], np.cumsum(net)])
    soc = course - course.max() + use.charge_to
    if soc.min() < EMPTIEST:
        raise InputError(
            f"The duty {use.id} empties the pack to {soc.min():.2f} of its energy between charges.",
            f"duty {use.id}",
            "Give a larger pack, fewer days between charges or less energy a day.",
        )
    places = np.arange(8760) % cycle
    year = np.append(soc[places], soc[8760 % cycle])
    time_s = np.arange(8761) * np.float64(3600.0)
    return DutyYear(time_s, year, net[places], moving[places], charging[places])


def _drawn(use: Duty, item: Activity, day: int) -> float:
    """Change of state of charge that an activity makes on a day of the charging cycle."""
    if item.kind == "charge":
        if day < use.days_between_charges - 1:
            return 0.0
        return item.share * (use.discharge_per_day + use.export_per_day) * use.days_between_charges
    return -item.share * (use.export_per_day if item.kind == "export" else use.discharge_per_day)
