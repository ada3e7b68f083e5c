"""A finished run, read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning import scenario
from kitaran.reference import read


def test_classes_and_chemistries_add_up_to_the_whole(made: Path) -> None:
    """Medians do not add, but a single sample does: P50 of counts by class bracket the headline's."""
    run = scenario.read_run(made)
    for economy in ("THA", "ASIA_PACIFIC"):
        whole = run.headline(economy, 2035, "retired_energy")[0]
        for parts in (
            run.by_class(economy, 2035, "retired_energy"),
            run.by_chemistry(economy, 2035, "retired_energy"),
        ):
            assert sum(row["p10"] for row in parts) <= whole["p50"] <= sum(row["p90"] for row in parts)
            assert sum(row["p50"] for row in parts) == pytest.approx(whole["p50"], rel=0.15)


def test_queries_are_filtered_and_ordered(made: Path) -> None:
    run = scenario.read_run(made)
    rows = run.headline("LAO", quantity="retired_mass")
    assert [row["year"] for row in rows] == list(range(2010, 2051))
    assert {row["quantity"] for row in rows} == {"retired_mass"}
    assert run.headline("QQQ") == []
    assert run.economies()[-1] == "ASIA_PACIFIC"
    assert {row["vehicle_class"] for row in run.by_class("IND", 2030, "retired_energy")} >= {
        "car",
        "three_wheeler",
    }


def test_every_input_leads_to_a_row_of_a_table(made: Path) -> None:
    run = scenario.read_run(made)
    entries = run.inputs()
    assert len(entries) > 500
    for entry in entries:
        assert read(entry["table"]).by_id(entry["row_id"]) is not None, entry["row_id"]
        assert entry["grade"] in "ABCD"
        assert entry["role"] in scenario.ROLES


def test_a_stand_in_is_named_and_never_better_than_a_figure_of_ones_own(made: Path) -> None:
    entries = scenario.read_run(made).inputs("LAO")
    stand_ins = [entry for entry in entries if entry["proxy_for"]]
    assert {entry["proxy_for"] for entry in stand_ins} == {"LAO"}
    for entry in stand_ins:
        row = read(entry["table"]).by_id(entry["row_id"])
        assert row is not None
        assert entry["grade"] == "D" or entry["grade"] > row.grade


def test_each_economy_is_told_what_would_improve_it(made: Path) -> None:
    rows = scenario.read_run(made).grades()
    assert [row["economy"] for row in rows] == ["BGD", "IND", "LAO", "THA", "TWN"]
    for row in rows:
        assert row["weakest_role"] in scenario.ROLES
        assert row["improve"].endswith(".")
        assert "{" not in row["improve"]


def test_sales_say_whether_they_were_counted(made: Path) -> None:
    basis = {row["year"]: row["basis"] for row in scenario.read_run(made).sales("IND", "car")}
    assert basis[2023] == "observed"
    assert basis[2030] == "projected"
    assert {row["basis"] for row in scenario.read_run(made).sales("BGD", "three_wheeler")} == {
        "estimated",
        "projected",
    }


def test_the_adjustment_shows_the_stock_that_does_not_close(made: Path) -> None:
    rows = scenario.read_run(made).adjustment("IND", "three_wheeler")
    assert sum(row["adjustment"] for row in rows) > 0
    for row in rows:
        assert row["gap"] == pytest.approx(row["published_stock"] - row["modelled_stock"])


def test_a_folder_without_a_run_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no finished run"):
        scenario.read_run(tmp_path)


def test_a_run_of_a_newer_version_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(InputError, match="format 99"):
        scenario.read_run(tmp_path)


def test_an_unknown_table_is_named(made: Path) -> None:
    with pytest.raises(NotFoundError, match="no table 'secrets'"):
        scenario.read_run(made).table("secrets")
