"""The outlook of a battery in a place and a duty: its loss over years, how sure that is, what drives it.

    >>> from kitaran.planning import lifetime
    >>> here = lifetime.outlook(lifetime.Question("NMC622", "Bangkok", "ride_hailing_two_wheeler"))
    >>> here.years_to_threshold                      # Span(earliest, median, latest)   # doctest: +SKIP

The chosen place and the changes tried in it are stepped by the day, other models and places by the month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kitaran import reference
from kitaran.planning.lifetime.band import Z_OF_80_PERCENT
from kitaran.planning.lifetime.catalogue import AgeingModel
from kitaran.planning.lifetime.chemistry import loss_spread
from kitaran.planning.lifetime.climate import Normals
from kitaran.planning.lifetime.drivers import DayShare, Parts, day_shares, parts_of_loss
from kitaran.planning.lifetime.equations import Array
from kitaran.planning.lifetime.levers import Lever, lever_lives
from kitaran.planning.lifetime.monthly import MONTHS, crossing, soh_by_month
from kitaran.planning.lifetime.pack import certified_energy, relative_power
from kitaran.planning.lifetime.pack_temperature import pack_heat
from kitaran.planning.lifetime.progression import States, closed_form, fresh_states
from kitaran.planning.lifetime.question import Question, checked_threshold, models_of, setting_of
from kitaran.planning.lifetime.rates import prepare
from kitaran.planning.lifetime.second_life import days_to
from kitaran.planning.lifetime.setting import Setting
from kitaran.planning.lifetime.simulation import YEAR_DAYS
from kitaran.planning.lifetime.stressors import Windows
from kitaran.planning.lifetime.tested_range import OutsideTestedRange, outside_tested_range
from kitaran.planning.lifetime.wellbeing import loss_when_fresh


@dataclass(frozen=True)
class Span:
    """Years that hold 8 results in 10, and the middle one; infinite beyond the horizon."""

    earliest: float
    median: float
    latest: float


@dataclass(frozen=True)
class PlaceLife:
    """The same battery and duty elsewhere.

    years   : to the threshold, infinite beyond the horizon
    soh     : at the horizon
    outside : share of time outside the tested range
    """

    place: Normals
    years: float
    soh: float
    outside: float


@dataclass(frozen=True)
class Outlook:
    """What becomes of the battery.

    p10, p50, p90 : (year + 1,) state of health at the ends of years; 8 times in 10 between p10 and p90
    resistance    : (year + 1,) relative to a fresh cell, or None where the model has none
    efc           : (year + 1,) throughput [equivalent full cycle]
    by_model      : (year + 1,) state of health by each model that speaks for the chemistry
    outside       : share of time outside the model's tested range, and by which stressor
    parts         : loss by time and by use when the threshold is reached, or at the horizon
    days          : share of time and of ageing by temperature of the pack
    levers        : what would lengthen the life, one change at a time
    places        : the same battery and duty in the places compared
    hand_over     : states on the day on which the median reaches the threshold, or None
    setting       : the place's own, without those compared
    proxy         : True if the model was fitted on another chemistry
    grades        : model, climate, duty, pack heat; `grade` is the weakest
    """

    question: Question
    model: AgeingModel
    setting: Setting
    threshold: float
    p10: Array
    p50: Array
    p90: Array
    years_to_threshold: Span
    resistance: Array | None
    efc: Array
    by_model: dict[str, Array]
    outside: dict[str, Any]
    parts: Parts
    days: tuple[DayShare, ...]
    levers: tuple[Lever, ...]
    places: tuple[PlaceLife, ...]
    hand_over: States | None
    proxy: bool
    grades: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Normals:
        return self.setting.places[0]

    @property
    def certified_energy(self) -> Array:
        """State of certified energy of the median, (year + 1,); by capacity alone without a resistance."""
        return certified_energy(self.p50, self.resistance, loss_when_fresh())

    @property
    def power(self) -> Array | None:
        """Power relative to a fresh cell, (year + 1,), or None where the model has no resistance."""
        return None if self.resistance is None else relative_power(self.resistance)

    @property
    def grade(self) -> str:
        """The weakest of what the result rests on."""
        return max(self.grades.values())


def outlook(question: Question, compared: tuple[str, ...] = ()) -> Outlook:
    """Age one battery in its place, and the same one in the places compared.

    compared : further places, as `comparison.capitals()`
    InputError for a threshold, horizon or cooling that cannot be; NotFoundError for an unknown battery,
    place or duty, and for a chemistry without a model, which retires by the table `lifetimes`.
    """
    threshold = checked_threshold(question)
    model, others, proxy = models_of(question.battery)
    here = setting_of(question.duty, question.cooling, (question.place, *compared))
    own = life(here.windows, 0)
    changes, lives = lever_lives(here)
    run = _age(model, lives, question.years, threshold)
    outside = outside_tested_range(model, here.windows)
    beside = {each.id: soh_by_month(each, own, question.years)[:, 0] for each in others}
    band = _band(run.soh[:, 0], beside, float(outside.share[0]))
    reached = days_to(run.soh.T, threshold) / YEAR_DAYS
    parts = parts_of_loss(model, run.reached)
    return Outlook(
        question=question,
        model=model,
        setting=replace(here, places=here.places[:1], windows=own),
        threshold=threshold,
        p10=band.low[::YEAR_DAYS],
        p50=run.soh[::YEAR_DAYS, 0],
        p90=band.high[::YEAR_DAYS],
        years_to_threshold=Span(
            _first_year(band.low, threshold), float(reached[0]), _first_year(band.high, threshold)
        ),
        resistance=run.resistance,
        efc=_throughput(own, run.soh[:, 0])[::YEAR_DAYS],
        by_model={model.id: run.soh[::YEAR_DAYS, 0], **{name: soh[::MONTHS] for name, soh in beside.items()}},
        outside=outside.as_dict(),
        parts=parts,
        days=day_shares(model, own, parts),
        levers=tuple(
            replace(change, years=float(years), soh=float(soh))
            for change, years, soh in zip(changes, reached[1:], run.soh[-1, 1:], strict=True)
        ),
        places=_places(model, here, outside, question.years, threshold),
        hand_over=run.reached if np.isfinite(reached[0]) else None,
        proxy=proxy,
        grades=_grades(model, here, question.cooling, proxy),
    )


def life(windows: Windows, index: int) -> Windows:
    """The windows of one of several lives."""

    def of(values: Array) -> Array:
        return values[:, index : index + 1] if values.shape[1] > 1 else values

    return replace(windows, **{name: of(getattr(windows, name)) for name in windows.__dataclass_fields__})


@dataclass(frozen=True)
class _Run:
    """soh (day + 1, life); of the first life resistance (year + 1,), and states at threshold or horizon."""

    soh: Array
    resistance: Array | None
    reached: States


def _age(model: AgeingModel, lives: Windows, years: int, threshold: float) -> _Run:
    days = years * YEAR_DAYS
    soh = np.ones((days + 1, lives.lives))
    resistance = np.ones(years + 1)
    reached: States = {}

    def record(day: int, capacity: Array, states: Mapping[str, Array]) -> None:
        soh[day] = capacity
        if not reached and (capacity[0] <= threshold or day == days):
            reached.update({name: values[:1].copy() for name, values in states.items()})
        if model.resistance is not None and day % YEAR_DAYS == 0:
            first = {name: values[:1] for name, values in states.items()}
            resistance[day // YEAR_DAYS] = float(np.squeeze(model.resistance(first)))

    closed_form(prepare(model, lives, sound=True), fresh_states(model, lives.lives), days, record, {})
    return _Run(soh, None if model.resistance is None else resistance, reached)


@dataclass(frozen=True)
class _BandOfDays:
    low: Array
    high: Array


def _band(soh: Array, beside: dict[str, Array], outside: float) -> _BandOfDays:
    """Band about the median by the day; at the ends of years it is that of `band.soh_band`.

    The spread runs straight between years, and the first year has that of its end: where hardly anything is
    lost, the ratio of the models' losses says nothing.
    """
    ends = np.stack([soh[::YEAR_DAYS], *(each[::MONTHS] for each in beside.values())])[:, 1:]
    spread = loss_spread(1.0 - ends, np.broadcast_to(outside, ends.shape[1:]))
    year = np.arange(soh.size) / YEAR_DAYS
    factor = np.exp(Z_OF_80_PERCENT * np.interp(year, np.arange(1, spread.size + 1), spread))
    return _BandOfDays(np.maximum(1.0 - (1.0 - soh) * factor, 0.0), 1.0 - (1.0 - soh) / factor)


def _places(
    model: AgeingModel, here: Setting, outside: OutsideTestedRange, years: int, threshold: float
) -> tuple[PlaceLife, ...]:
    """The places after the first."""
    if len(here.places) == 1:
        return ()
    soh = soh_by_month(model, here.windows, years)
    return tuple(
        PlaceLife(place, crossing(soh[:, n], threshold), float(soh[-1, n]), float(outside.share[n]))
        for n, place in enumerate(here.places)
    )[1:]


def _first_year(soh: Array, threshold: float) -> float:
    return float(days_to(soh[None, :], threshold)[0] / YEAR_DAYS)


def _throughput(own: Windows, soh: Array) -> Array:
    days = np.arange(soh.size - 1) % own.days
    return np.append(0.0, np.cumsum(own.throughput[days, 0] * soh[:-1]))


def _grades(model: AgeingModel, here: Setting, cooling: str | None, proxy: bool) -> dict[str, str]:
    way = here.use.cooling if cooling is None else cooling
    return {
        "model": reference.lower_grade(model.grade) if proxy else model.grade,
        "climate": here.places[0].grade,
        "duty": here.use.grade,
        "pack_heat": pack_heat(here.use.thermal_pack, way).grade,
    }
