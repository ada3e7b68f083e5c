"""A battery's life in words: how long, how sure, outside of what, and what a change would bring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from kitaran.web.figures import THIN, figure, whole
from kitaran.web.language import gettext as _
from kitaran.web.quantities import Answer
from kitaran.web.vocabulary import chemistry

if TYPE_CHECKING:
    from kitaran.planning.lifetime import Outlook, Span
    from kitaran.planning.lifetime.drivers import DayShare
    from kitaran.planning.lifetime.levers import Lever


def years_words(years: float, horizon: int) -> str:
    """Years to two figures; what lies beyond the horizon is told as more than it."""
    if not math.isfinite(years):
        return _("more than %(years)s") % {"years": horizon}
    return figure(years, 2) if years >= 0.1 else _("under 0.1")


def percent(share: float) -> str:
    """A share as a whole percentage; little is told as under one."""
    if 0 < share < 0.005:
        return _("under %(limit)s") % {"limit": f"1{THIN}%"}
    return f"{round(100 * share)}{THIN}%"


def tenths(share: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{100 * share:.1f}{THIN}%"


def life_answer(span: Span, threshold: float, horizon: int) -> Answer:
    """How long the battery lasts, in parts, so that a page can set the figure apart."""
    said = {"share": percent(threshold), "years": horizon}
    early, late = years_words(span.earliest, horizon), years_words(span.latest, horizon)
    if not math.isfinite(span.earliest):
        before = _("It keeps more than %(share)s of its capacity for") % said
        sure = _("at least 9 times in 10. Nothing is computed beyond that.")
        return Answer(before, _("more than %(years)s years,") % said, sure, "")
    if math.isfinite(span.median):
        before = _("It falls to %(share)s of its capacity after") % said
        amount = _("about %(years)s years;") % {"years": years_words(span.median, horizon)}
        between = _("8 times in 10 between %(early)s and %(late)s years.") % {"early": early, "late": late}
        return Answer(before, amount, between, "")
    before = _("More likely than not it keeps more than %(share)s of its capacity for") % said
    within = _("1 time in 10 it falls there within %(early)s years.") % {"early": early}
    return Answer(before, _("more than %(years)s years;") % said, within, "")


def next_answer(years: Span, end: float, horizon: int) -> Answer:
    """How long a second life lasts."""
    said = {"share": percent(end)}
    early, late = years_words(years.earliest, horizon), years_words(years.latest, horizon)
    return Answer(
        _("Down to %(share)s it serves") % said,
        _("%(years)s years") % {"years": years_words(years.median, horizon)},
        _("more;"),
        _("8 times in 10 between %(early)s and %(late)s years.") % {"early": early, "late": late},
    )


def stressors() -> dict[str, str]:
    """What can lie outside the tested range."""
    return {
        "temperature below tested": _("colder than tested"),
        "temperature above tested": _("hotter than tested"),
        "state of charge": _("state of charge beyond the tested one"),
        "depth of discharge below tested": _("shallower cycles than tested"),
        "depth of discharge above tested": _("deeper cycles than tested"),
        "charge rate": _("charged faster than tested"),
        "discharge rate": _("discharged faster than tested"),
    }


def reasons(outside: dict[str, Any]) -> list[tuple[str, str]]:
    """Each stressor outside the tested range and its share of time."""
    words = stressors()
    return [(words.get(r["stressor"], r["stressor"]), percent(r["share"])) for r in outside["reasons"]]


def tested_words(of: Outlook) -> str:
    """The conditions under which the cell was tested."""
    tested = of.model.tested
    shallow, deep = percent(tested.dod[0]), percent(tested.dod[1])
    cycles = deep if shallow == deep else _("%(low)s to %(high)s") % {"low": shallow, "high": deep}
    return _(
        "Tested at %(cold)s to %(hot)s\u00a0°C, in cycles of %(cycles)s of capacity, charging at up to "
        "%(charge)s and discharging at up to %(discharge)s times capacity an hour."
    ) % {
        "cold": whole(tested.temperature_c[0]),
        "hot": whole(tested.temperature_c[1]),
        "cycles": cycles,
        "charge": whole(tested.charge_c_rate),
        "discharge": whole(tested.discharge_c_rate),
    }


def coolings() -> dict[str, str]:
    """The ways to cool a pack."""
    return {"none": _("no cooling"), "air": _("air cooling"), "liquid": _("liquid cooling")}


def duty_words(code: str) -> str:
    """A duty in words; one that this version does not know is told by its title in the table."""
    words = {
        "private_car": _("Private car"),
        "taxi": _("Taxi"),
        "private_two_wheeler": _("Private scooter or motorcycle"),
        "ride_hailing_two_wheeler": _("Ride-hailing or delivery motorcycle"),
        "swap_two_wheeler": _("Swapped pack of a scooter"),
        "e_rickshaw": _("E-rickshaw"),
        "city_bus": _("City bus"),
        "delivery_van": _("Delivery van"),
        "truck": _("Short-haul truck"),
        "bidirectional_car": _("Private car that also feeds the grid"),
        "home_solar": _("Home storage with solar"),
        "peak_shaving": _("Peak shaving"),
        "charging_buffer": _("Buffer of a charging station"),
        "telecom_backup": _("Backup of a telecom mast"),
        "forklift": _("Forklift"),
    }
    return words.get(code) or code.replace("_", " ")


def battery_words(code: str) -> str:
    """A chemistry in words, or the cell of a model."""
    from kitaran.planning.lifetime import catalogue

    models = catalogue()
    return models[code].cell if code in models else chemistry_words(code)


def chemistry_words(code: str) -> str:
    """A chemistry in words. The tables of ageing write NiMH where results write nimh."""
    return chemistry(code.lower() if code == "NiMH" else code)


def grade_roles() -> dict[str, str]:
    """What a life rests on."""
    return {
        "climate": _("Climate"),
        "duty": _("Duty"),
        "pack_heat": _("Heat of the pack"),
        "model": _("Ageing model"),
    }


def lever_words(lever: Lever, charge_to: float) -> str:
    """One change in words."""
    if lever.id == "mild_pack":
        return _("Pack at %(degrees)s\u00a0°C day and night") % {"degrees": whole(lever.level)}
    if lever.id == "gentle_charge":
        said = {"top": percent(lever.level), "before": percent(charge_to)}
        return _("Charging ends at %(top)s instead of %(before)s") % said
    return _("Half the energy a day")


def days_words(day: DayShare) -> str:
    """A band of pack temperatures."""
    if not math.isfinite(day.low_c):
        return _("below %(high)s\u00a0°C") % {"high": whole(day.high_c)}
    if not math.isfinite(day.high_c):
        return _("%(low)s\u00a0°C and more") % {"low": whole(day.low_c)}
    return _("%(low)s to %(high)s\u00a0°C") % {"low": whole(day.low_c), "high": whole(day.high_c)}
