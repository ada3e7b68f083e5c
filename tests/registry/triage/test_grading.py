"""Grade of a used battery: safety before health, health on its lower bound."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError
from kitaran.registry.triage import grade, read_pulse_tests
from kitaran.registry.triage.columns import SEEN
from kitaran.registry.triage.pulse_tests import pulse_tests_of
from kitaran.registry.triage.routes import route
from tests.registry.triage.cells import rows

LOOKED = dict.fromkeys(SEEN, "0")


def capacity(ah: float, **seen: str) -> dict[str, str]:
    return {"q_nominal_ah": "50", "capacity_test_ah": f"{ah}", **LOOKED, **seen}


def graded(*given: dict[str, str]) -> list[str]:
    return [str(each) for each in grade(pulse_tests_of(given, "given")).grade]


def test_a_battery_is_graded_on_the_lower_bound_of_its_health() -> None:
    # 3 % either side: 41.3 Ah of 50 is 0.826, and its lower bound 0.801; 41.0 Ah is below
    assert graded(capacity(41.3), capacity(41.0), capacity(31.0), capacity(30.5)) == [
        "reuse",
        "repurpose",
        "repurpose",
        "recycle",
    ]


@pytest.mark.parametrize("sign", SEEN)
def test_one_sign_of_danger_is_final_and_hides_the_health(sign: str) -> None:
    answer = grade(pulse_tests_of([capacity(49.0, **{sign: "1"})], "given"))
    assert answer.grade[0] == "quarantine"
    assert math.isnan(answer.health.soh[0])
    assert not answer.health.in_domain[0]
    assert "Do not charge" in " ".join(answer.reasons[0])


def test_poor_insulation_is_a_danger_and_none_measured_is_not() -> None:
    assert graded(capacity(49.0, insulation_mohm="0.02"), capacity(49.0, insulation_mohm="20")) == [
        "quarantine",
        "reuse",
    ]


def test_a_battery_that_nobody_looked_at_is_not_called_safe() -> None:
    seen = capacity(49.0) | {"vented": ""}
    answer = grade(pulse_tests_of([seen], "given"))
    assert answer.safety.verdict[0] == "not_inspected"
    assert "not inspected" in " ".join(answer.reasons[0])


def test_no_test_at_all_asks_for_one() -> None:
    answer = grade(pulse_tests_of([{"q_nominal_ah": "50", **LOOKED}], "given"))
    assert answer.grade[0] == "test"
    assert math.isnan(answer.health.soh[0])


def test_voltages_of_nothing_that_was_ever_measured_are_told_so() -> None:
    # cells of a made-up kind, known by no row of the shipped model
    answer = grade(pulse_tests_of([row | LOOKED for row in rows()], "given"))
    assert set(answer.grade.tolist()) == {"test"}
    assert not answer.health.in_domain.any()


def test_faults_of_a_file_are_told_all_at_once_with_line_and_column(tmp_path: Path) -> None:
    heads = ["q_nominal_ah", *(f"U{number}" for number in range(1, 22)), "swollen"]
    good = ["10", *["3.5"] * 21, "0"]
    file = tmp_path / "tests.csv"
    lines = [heads, good, ["ten", *good[1:]], [*good[:1], "", *good[2:]], [*good[:-1], "maybe"]]
    file.write_text("\n".join(",".join(line) for line in lines))
    with pytest.raises(InputError) as caught:
        read_pulse_tests(file)
    assert [fault.place.split(", ", 1)[1] for fault in caught.value.faults] == [
        "line 3, column q_nominal_ah",
        "line 5, column swollen",
    ]


def test_a_file_without_voltages_or_capacity_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tests.csv"
    file.write_text("q_nominal_ah,U1\n10,3.5\n")
    with pytest.raises(InputError, match="U2"):
        read_pulse_tests(file)


def test_a_pulse_test_that_lacks_a_voltage_tells_nothing_and_names_it() -> None:
    whole = {"q_nominal_ah": "10", **LOOKED, **{f"U{number}": "3.5" for number in range(1, 22)}}
    answer = grade(pulse_tests_of([whole, whole | {"U7": "", "U9": "NaN"}], "given"))
    assert answer.grade[1] == "test"
    assert "lacks U7, U9" in answer.reasons[1][0]
    assert "lacks" not in answer.reasons[0][0]


@pytest.mark.parametrize(("said", "seen"), [("Yes", 1), ("TRUE", 1), ("n", 0), ("0.0", 0), ("n/a", math.nan)])
def test_an_answer_is_taken_in_the_words_of_a_spreadsheet(said: str, seen: float) -> None:
    (answer,) = pulse_tests_of([capacity(49.0, crash=said)], "given").seen[:, SEEN.index("crash")]
    assert answer == seen or (math.isnan(answer) and math.isnan(seen))


def test_an_economy_and_a_day_that_cannot_be_are_refused_before_anything_else() -> None:
    answer = grade(pulse_tests_of([capacity(49.0)], "given"))
    with pytest.raises(InputError, match="no economy 'XYZ'"):
        route(answer, "XYZ")
    with pytest.raises(InputError, match="is no day"):
        route(answer, "", "2026-13-01")
