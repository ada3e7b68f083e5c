"""Scenario files: what is wrong is said with its line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning import scenario
from kitaran.planning.scenario.loading import dumps
from kitaran.reference import read

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "scenario-example.yaml"


def _faults(text: str) -> list[tuple[int, str]]:
    return [
        (int(fault.place.rpartition(":")[2]), fault.cause) for fault in scenario.parse(text, "file.yaml")[1]
    ]


def _file(*lines: str) -> str:
    return "\n".join(["name: mine", "title: Mine", *lines])


def test_the_packaged_scenarios_load_and_the_plain_one_stands_first() -> None:
    assert scenario.names()[0] == "asia-pacific"
    assert {"faster-electrification", "longer-lives"} <= set(scenario.names())
    for name in scenario.names():
        assert scenario.load(name).name == name


def test_the_commented_example_is_complete_and_right() -> None:
    assert scenario.check(EXAMPLE) == []
    made = scenario.load(EXAMPLE).model_dump(exclude_unset=True)
    assert set(made) == set(scenario.Scenario.model_fields)
    for key in ("lives", "sales_targets", "lead_acid", "collection", "repurposing", "assumptions"):
        entries = made[key]
        model = scenario.Scenario.model_fields[key].annotation.__args__[0]  # type: ignore[union-attr]
        assert set(model.model_fields) == {field for entry in entries for field in entry} | (
            {"economies"} if key == "lead_acid" else set()
        )


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (("econmies: all",), 3, "The key 'econmies' is not known"),
        (("economies: [THA, XYZ]",), 3, "There is no economy 'XYZ'"),
        (("economies: [tha]",), 3, "'tha' is no economy code"),
        (("sales_targets:", "  - {vehicle_class: car, year: 2077, value: 1, unit: fraction}"), 4, "2077"),
        (
            ("sales_targets:", "  - {vehicle_class: car, year: 2030, value: -1, unit: fraction}"),
            4,
            "is negative: -1",
        ),
        (
            ("sales_targets:", "  - {vehicle_class: car, year: 2030, value: 50, unit: fraction}"),
            4,
            "cannot be above 1",
        ),
        (("sales_targets:", "  - {vehicle_class: boat, year: 2030, value: 1, unit: fraction}"), 4, "'boat'"),
        (
            ("sales_targets:", "  - vehicle_class: car", "    year: 2030", "    value: 1", "    unit: kg"),
            7,
            "'kg'",
        ),
        (("lives:", "  - {component: battery, value: -2, unit: year}"), 4, "is negative: -2"),
        (("lives:", "  - {component: battery, value: 2, unit: km}"), 4, "'km'"),
        (("lives:", "  - {component: battery, unit: year}"), 4, "The key 'value' is missing"),
        (
            ("lives:", "  - {component: battery, value: 2, unit: year, colour: red}"),
            4,
            "'colour' is not known",
        ),
        (
            ("assumptions:", "  - {name: unrecorded, value: 1, unit: fraction}"),
            4,
            "no assumption 'unrecorded'",
        ),
        (
            ("assumptions:", "  - {name: peers, value: 3, unit: fraction}"),
            4,
            "The unit of peers is 1, not fraction",
        ),
        (("economies: [THA, DEU]",), 3, "DEU is a trade partner and has no forecast"),
        (("economies: [THA]", "exclude: [THA]"), 4, "No economy is left"),
        (
            (
                "lead_acid:",
                "  - {vehicle_class: e_bike, year: 2030, value: 1, unit: fraction}",
                "  - {vehicle_class: e_bike, year: 2030, value: 2, unit: percent, economies: [CHN]}",
            ),
            5,
            "e_bike in 2030 has a share already",
        ),
        (("lead_acid:", "  - {vehicle_class: car, year: 2030, value: 1, unit: fraction}"), 4, "'car'"),
        (
            ("sales_targets:", "  - {vehicle_class: e_bike, year: 2030, value: 1, unit: fraction}"),
            4,
            "'e_bike'",
        ),
        (
            ("sales_targets:", "  - {vehicle_class: car, year: soon, value: 1, unit: fraction}"),
            4,
            "'soon', which is no",
        ),
        (
            ("lives:", "  - {component: battery, value: long, unit: year}"),
            4,
            "value (lives, entry 1) is 'long'",
        ),
        (("title: Again",), 3, "'title' stands twice"),
        (("lives:", "  - {component: battery, value: true, unit: factor}"), 4, "is True, which is no number"),
        (("lives:", "  - {component: battery, value: .inf, unit: year}"), 4, "is '.inf', which is no number"),
        (("lives:", "  - {component: battery, value: 1e400, unit: year}"), 4, "which is no number"),
        (("lives:", "  - {component: battery, value: 1:30, unit: year}"), 4, "is '1:30', which is no number"),
        (("lives:", f"  - {{component: battery, value: {'9' * 5000}, unit: year}}"), 4, "which is no number"),
        (("about: 'a\0b'",), 3, "The sign U+0000 cannot stand"),
        (("economies: &all [THA, *all]",), 3, "repeat one another"),
        (("about: " + "[" * 5000 + "]" * 5000,), 1, "nested too deep"),
        (
            ("assumptions:", "  - {name: replacement_probability, value: 2, unit: fraction}"),
            4,
            "value of replacement_probability is 2, which is out of range",
        ),
        (
            ("assumptions:", *["  - {name: peers, value: 3, unit: 1}"] * 2),
            5,
            "peers stands twice",
        ),
        (("about: [",), 3, "This is not YAML"),
        (("collection: 0.5",), 3, "collection is no list"),
        (("collection:", "  - {year: 2030, unit: percent, value: 150}"), 4, "a share cannot be above 1"),
    ],
)
def test_a_fault_is_named_with_its_line(lines: tuple[str, ...], line: int, words: str) -> None:
    found = _faults(_file(*lines))
    assert any(line <= at <= line + 1 and words in cause for at, cause in found), found


def test_all_faults_are_reported_at_once_in_the_order_of_lines() -> None:
    found = _faults(
        _file(
            "economies: [THA, QQQ]",
            "exclude: [ZZZ]",
            "lives:",
            "  - {component: wheel, value: -1, unit: year}",
            "wrong: 1",
        )
    )
    assert [line for line, _ in found] == [3, 4, 6, 6, 7]


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b"])
def test_a_file_without_keys_is_no_scenario(text: str) -> None:
    made, faults = scenario.parse(text, "file.yaml")
    assert made is None
    assert len(faults) == 1


def test_a_name_with_other_signs_is_refused_in_plain_words() -> None:
    assert _faults("name: My Plan\ntitle: T\n")[0] == (
        1,
        "The name 'My Plan' has other signs than a-z, 0-9 and hyphens.",
    )


def test_a_wrong_key_is_met_with_the_near_one() -> None:
    fault = scenario.parse(_file("sales_target: []"), "file.yaml")[1][0]
    assert fault.remedy == "Did you mean sales_targets?"
    fault = scenario.parse(_file("lives:", "  - {componnt: battery, value: 2, unit: year}"), "file.yaml")[1]
    assert "Did you mean component?" in {each.remedy for each in fault}


def test_loading_a_wrong_file_raises_every_fault(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(_file("economies: [QQQ]", "wrong: 1"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        scenario.load(file)
    assert len(caught.value.faults) == 2
    assert caught.value.exit_code == 2


def test_an_unknown_name_is_met_with_the_near_one() -> None:
    with pytest.raises(NotFoundError, match="Did you mean asia-pacific"):
        scenario.load("asia-pacfic")


def test_two_faults_of_one_entry_are_both_told() -> None:
    entry = "  - {vehicle_class: car, year: 2077, value: 130, unit: percent}"
    assert len(_faults(_file("sales_targets:", entry))) == 2


def test_a_list_of_economies_is_not_told_to_be_the_word_all() -> None:
    assert [cause for _, cause in _faults(_file("economies: [thailand]"))] == [
        "'thailand' is no economy code."
    ]
    word = scenario.parse(_file("economies: THA"), "file.yaml")[1][0]
    assert word.remedy == "Give all, or a list such as [THA, LAO]."


def test_the_unit_1_needs_no_quotes_and_numbers_mean_what_they_read() -> None:
    made, faults = scenario.parse(
        _file("assumptions:", "  - {name: peers, value: 010, unit: 1}"), "file.yaml"
    )
    assert faults == []
    assert made is not None
    assert made.assumptions[0].value == 10


def test_aliases_that_unfold_without_measure_are_refused_soon() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    made, faults = scenario.parse(_file(*lines), "file.yaml")
    assert made is None
    assert "repeat one another" in faults[0].cause


def test_every_packaged_assumption_lies_within_its_bounds() -> None:
    for row in read("planning_assumptions"):
        entry = f"  - {{name: {row.text('name')}, value: {row.value!r}, unit: {row.unit}}}"
        assert _faults(_file("assumptions:", entry)) == []


def test_a_file_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_text("# " + "x" * 1_000_001, encoding="utf-8")
    with pytest.raises(InputError, match="over 1 MB"):
        scenario.check(file)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_bytes(b"name: \xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        scenario.check(file)


def test_the_schema_closes_the_file_and_describes_each_key() -> None:
    schema = scenario.schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"name", "title"}
    for definition in (schema, *schema["$defs"].values()):
        for name, field in definition["properties"].items():
            assert field.get("description"), name


def test_the_same_scenario_has_the_same_text_whatever_the_order_of_its_keys() -> None:
    first, _ = scenario.parse("name: a\ntitle: T\neconomies: [THA]\n", "x")
    second, _ = scenario.parse("economies: [THA]\ntitle: T\nname: a\n", "x")
    assert first is not None
    assert second is not None
    assert dumps(first) == dumps(second)
