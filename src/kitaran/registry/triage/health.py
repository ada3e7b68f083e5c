"""State of health of a battery from what was measured, with an interval, or the answer that nothing like it
was ever seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kitaran.registry.triage.columns import VOLTAGE_COLUMNS
from kitaran.registry.triage.features import read_coarsely
from kitaran.registry.triage.fitted_health import HealthModel, KnownFormat, from_json
from kitaran.registry.triage.limits import Limits, packaged_limits
from kitaran.registry.triage.pulse_tests import PulseTests

Array = NDArray[np.float64]

PARAMETERS = "health_parameters.json"


@dataclass(frozen=True)
class Health:
    """State of health of each battery; NaN where it cannot be told.

    soh, low, high : (test,) middle and interval of 90 % [fraction]
    in_domain      : (test,) whether something like it was measured before, or its own capacity was
    like           : (test,) format whose tests it resembles most; empty without voltages
    distance       : (test,) how unlike it is; above 1 is unlike anything seen; NaN without voltages
    method         : (test,) capacity_test, pulse_ampere_hours, pulse, or empty
    remark         : (test,) why there is no answer, or what weakens it; else empty
    """

    soh: Array
    low: Array
    high: Array
    in_domain: NDArray[np.bool_]
    like: NDArray[np.str_]
    distance: Array
    method: NDArray[np.str_]
    remark: NDArray[np.str_]


@cache
def health_model() -> HealthModel:
    """The model that is shipped."""
    return from_json(files(__package__).joinpath(PARAMETERS).read_text(encoding="utf-8"))


def estimate(tests: PulseTests, model: HealthModel | None = None, limits: Limits | None = None) -> Health:
    """State of health from pulse tests, or from a capacity test where one was made.

    The format is judged from the voltages: what the label says of the chemistry changes no figure, and is
    remarked where the voltages gainsay it. A nominal capacity far from the format's is another format.
    Ampere-hours in the cell sharpen the answer where they are known and within what was trained.
    Voltages read to whole millivolts are judged by a fit to such voltages, whose interval is wider.
    """
    known, within = model or health_model(), limits or packaged_limits()
    tested: NDArray[np.bool_] = np.asarray(np.isfinite(tests.voltages).all(axis=1))
    told = _nothing(tests)
    coarse = tested & read_coarsely(tests.voltages)
    for rows, formats in ((tested & ~coarse, known.formats), (coarse, known.coarse)):
        if rows.any():
            _from_pulses(tests, np.flatnonzero(rows), told, formats, within)
    return _from_capacity(tests, told, within)


def _nothing(tests: PulseTests) -> Health:
    count = len(tests)
    empty = np.full(count, "", dtype="U200")
    nan = np.full(count, np.nan)
    remark = np.full(count, "No pulse test and no capacity test was made.", dtype="U200")
    no = np.zeros(count, dtype=np.bool_)
    lacks = np.isnan(tests.voltages)
    for row in np.flatnonzero(lacks.any(axis=1) & ~lacks.all(axis=1)):
        names = ", ".join(np.array(VOLTAGE_COLUMNS)[lacks[row]].tolist())
        remark[row] = f"The pulse test lacks {names}: without all of U1 to U21 it tells nothing."
    return Health(nan.copy(), nan.copy(), nan.copy(), no, empty.copy(), nan.copy(), empty.copy(), remark)


def _from_pulses(
    tests: PulseTests,
    rows: NDArray[np.int_],
    told: Health,
    formats: tuple[KnownFormat, ...],
    limits: Limits,
) -> None:
    """Fill the answers of tests that were read alike."""
    distances = np.stack([each.likeness.distance(tests.voltages[rows]) for each in formats])
    nearest = distances.argmin(axis=0)
    told.distance[rows] = distances.min(axis=0)
    for index, known in enumerate(formats):
        of_format = rows[nearest == index]
        told.like[of_format] = known.name
        _of_format(tests, told, of_format, known, limits)


def _of_format(
    tests: PulseTests, told: Health, rows: NDArray[np.int_], known: KnownFormat, limits: Limits
) -> None:
    """Fill the answers of the tests that resemble one format most."""
    nominal, pulse = tests.nominal_ah[rows], tests.pulse_s[rows]
    other = np.abs(nominal / known.nominal_ah - 1) > limits["same_nominal"]
    pulsed = np.abs(pulse / limits["pulse_s"] - 1) > limits["pulse_tolerance"]
    unlike = told.distance[rows] > 1
    told.in_domain[rows] = ~(other | pulsed | unlike)
    told.remark[rows] = np.select(
        [unlike, pulsed, other],
        [
            "Unlike any battery that was measured before: the voltages fit no known format.",
            f"The pulses were not of {limits['pulse_s']:g} s, as in the tests that the estimate rests on.",
            f"The voltages are like {known.name}, but the nominal capacity is another.",
        ],
        default="",
    )
    share = tests.ampere_hours_share[rows]
    counted = (share >= known.shares[0]) & (share <= known.shares[1])
    for way, chosen in (("voltages", ~counted), ("ampere_hours", counted)):
        now = rows[told.in_domain[rows] & chosen]
        curve = known.curves[way]
        told.soh[now] = curve.soh(tests.voltages[now], tests.ampere_hours_share[now])
        told.low[now] = told.soh[now] - curve.curve.below
        told.high[now] = told.soh[now] + curve.curve.above
        told.method[now] = "pulse" if way == "voltages" else "pulse_ampere_hours"
    label = np.char.upper(tests.chemistry[rows])
    gainsaid = told.in_domain[rows] & (label != "") & (label != known.chemistry.upper())
    told.remark[rows[gainsaid]] = (
        f"The label names another chemistry, but the voltages are like {known.name}."
    )


def _from_capacity(tests: PulseTests, told: Health, limits: Limits) -> Health:
    """A full capacity test is what the estimate stands in for, and goes before it."""
    share = tests.capacity_ah / tests.nominal_ah
    rows = np.flatnonzero(np.isfinite(share))
    error = limits["capacity_test_error"]
    told.soh[rows] = share[rows]
    told.low[rows], told.high[rows] = share[rows] * (1 - error), share[rows] * (1 + error)
    told.in_domain[rows] = True
    told.method[rows] = "capacity_test"
    told.remark[rows] = ""
    unknown = np.isfinite(tests.capacity_ah) & ~np.isfinite(tests.nominal_ah) & ~told.in_domain
    told.remark[unknown] = "The nominal capacity is not known, so the capacity test tells no health."
    return told
