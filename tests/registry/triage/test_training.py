"""The health model is judged on cells that it has not seen, and written as plain numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kitaran.foundation.errors import InputError
from kitaran.registry.triage import estimate, health_model
from kitaran.registry.triage.fitted_health import HealthModel, from_json, to_json
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.training import Labelled, train
from tests.registry.triage.cells import rows


def labelled(given: list[dict[str, str]]) -> Labelled:
    soh = np.array([float(row["soh"]) for row in given])
    return Labelled(pulse_tests_of(given, "made"), soh, np.array([row["physical_cell"] for row in given]))


@pytest.fixture(scope="module")
def model() -> HealthModel:
    return train(labelled(rows()), {"file": "made"})


def test_cells_never_seen_are_told_from_their_resistance(model: HealthModel) -> None:
    unseen = labelled(rows(cells=9, seed=11, name="other"))
    told = estimate(unseen.tests, model)
    assert told.in_domain.mean() > 0.8
    known = told.in_domain
    assert np.abs(told.soh - unseen.soh)[known].max() < 0.03
    assert np.all(told.low[known] < told.high[known])


def test_voltages_read_to_a_millivolt_are_told_by_a_fit_to_such_voltages(model: HealthModel) -> None:
    """Whole millivolts hide what little the pulses of a good cell show, so the interval is wider."""
    unseen = labelled(rows(cells=9, seed=11, name="other"))
    coarse = replace(unseen.tests, voltages=np.round(unseen.tests.voltages, 3))
    fine, told = estimate(unseen.tests, model), estimate(coarse, model)
    both = fine.in_domain & told.in_domain
    assert told.in_domain.mean() > 0.7
    assert np.abs(told.soh - unseen.soh)[told.in_domain].max() < 0.06
    assert (told.high - told.low)[both].min() > (fine.high - fine.low)[both].max()


def test_what_the_label_says_changes_no_figure_but_is_remarked(model: HealthModel) -> None:
    given = rows(cells=9, seed=3)
    right, wrong, blank = (
        estimate(pulse_tests_of([row | {"chemistry": name} for row in given], "made"), model)
        for name in ("NMC", "LFP", "")
    )
    np.testing.assert_array_equal(right.soh, wrong.soh)
    np.testing.assert_array_equal(right.soh, blank.soh)
    assert all("voltages are like" in each for each in wrong.remark[wrong.in_domain])
    assert not any(blank.remark[blank.in_domain])


def test_what_names_the_capacity_is_never_read(model: HealthModel) -> None:
    given = rows(cells=9, seed=3)
    named = [
        row | {"ID": "0.9", "batch": "x", "q_measured_ah": "9", "SOC_real": "1", "soh": ""} for row in given
    ]
    np.testing.assert_array_equal(
        estimate(pulse_tests_of(given, "made"), model).soh, estimate(pulse_tests_of(named, "made"), model).soh
    )


def test_a_nominal_capacity_of_another_format_is_not_answered(model: HealthModel) -> None:
    told = estimate(pulse_tests_of(rows(cells=9, nominal="21"), "made"), model)
    assert not told.in_domain.any()
    assert np.isnan(told.soh).all()


def test_a_model_written_and_read_answers_the_same(model: HealthModel) -> None:
    tests = pulse_tests_of(rows(cells=9, seed=2), "made")
    again = from_json(to_json(model))
    np.testing.assert_allclose(estimate(tests, again).soh, estimate(tests, model).soh, atol=1e-6)
    assert to_json(again) == to_json(model)


def test_a_format_with_too_few_cells_is_refused() -> None:
    with pytest.raises(InputError, match="3 cells"):
        train(labelled(rows(cells=3)), {})


def test_the_record_of_the_shipped_model_keeps_what_is_promised() -> None:
    record = health_model().record
    by_voltages, with_charge = record["all"]["voltages"], record["all"]["ampere_hours"]  # type: ignore[index]
    assert by_voltages["mean_absolute_error"] <= 0.029
    assert by_voltages["root_mean_square_error"] <= 0.040
    assert with_charge["mean_absolute_error"] <= 0.019
    for told, width in ((by_voltages, 0.14), (with_charge, 0.105)):
        assert 0.87 <= told["in_interval"] <= 0.96
        assert told["interval_width"] <= width
    unlike = dict(record["unlike"])  # type: ignore[call-overload]
    assert unlike.pop("false_alarms") <= 0.10
    assert min(unlike.values()) >= 0.95


def test_the_record_tells_how_good_it_is_on_whole_millivolts() -> None:
    told = health_model().record["read_to_a_millivolt"]
    by_voltages, with_charge = told["all"]["voltages"], told["all"]["ampere_hours"]  # type: ignore[index]
    assert by_voltages["mean_absolute_error"] <= 0.032
    assert with_charge["mean_absolute_error"] <= 0.020
    assert all(0.87 <= one["in_interval"] <= 0.96 for one in (by_voltages, with_charge))
    unlike = dict(told["unlike"])  # type: ignore[index]
    assert unlike.pop("false_alarms") <= 0.10
    assert min(unlike.values()) >= 0.95
