"""Batteries retire by the ageing engine or by tables; every result says by which and what that changes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.planning.scenario.conftest import FEW

from kitaran import reference
from kitaran.planning import scenario
from kitaran.planning.fleet import (
    Family,
    Life,
    Replacement,
    SurvivalCurve,
    survival,
    vehicle_kernel,
)
from kitaran.planning.lifetime import ageing_model
from kitaran.planning.lifetime.setting import setting
from kitaran.planning.lifetime.wear import wear
from kitaran.planning.scenario import Scenario
from kitaran.planning.scenario.climates import Climates
from kitaran.planning.scenario.provenance import Trail


@pytest.fixture(scope="module")
def by_tables(plain: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables") / "few"
    scenario.run(plain.model_copy(update={"battery_lifetimes": "tables"}), folder, samples=40, seed=1)
    return folder


@pytest.fixture(scope="module")
def climates() -> Climates:
    return Climates(10, None)


# -- facts


def test_no_suspect_model_stands_for_a_chemistry_and_shares_add_up() -> None:
    whole: dict[str, float] = {}
    for row in reference.read("chemistry_models"):
        model = ageing_model(row.text("model"))
        assert model.standing != "suspect"
        assert model.soh_of_new_at_start == 1
        whole[row.text("chemistry")] = whole.get(row.text("chemistry"), 0.0) + row.central
        if row.text("chemistry") != model.chemistry:
            assert row.grade == "D", row.id
    assert whole == {name: pytest.approx(1.0) for name in whole}
    assert not {"lead_acid", "sodium_ion", "LTO", "LMO"} & whole.keys()


def test_every_use_has_a_duty_and_an_end() -> None:
    duties = {row.text("duty") for row in reference.read("duties")}
    ends = reference.read("first_life_end")
    for row in reference.read("use_share").where(region="ALL"):
        keys = {"vehicle_class": row.text("vehicle_class"), "use": row.text("use")}
        (found,) = reference.read("duty_of_use").where(region="ALL", **keys)
        assert found.text("duty") in duties
        for parameter in ("threshold", "fault_rate", "accident_rate", "battery_age_limit", "cells_in_series"):
            known = ends.where(region="ALL", vehicle_class=keys["vehicle_class"], parameter=parameter)
            assert {each.text("use") for each in known} & {"any", keys["use"]}, (keys, parameter)


def test_the_places_of_an_economy_hold_all_its_vehicles_and_have_normals() -> None:
    normals = {(row["economy"], row["place"]) for row in reference.read("climate_normals")}
    whole: dict[str, float] = {}
    for row in reference.read("climate_places"):
        assert (row["economy"], row["place"]) in normals
        whole[row.text("economy")] = whole.get(row.text("economy"), 0.0) + row.central
    assert whole == {name: pytest.approx(1.0) for name in whole}


# -- climates


def test_every_place_is_a_mixture_of_reference_climates_like_it(climates: Climates) -> None:
    for place, wanted in climates.of_places.items():
        weights = climates.mixture(place)
        assert weights.sum() == pytest.approx(1.0)
        assert weights.min() >= 0
        made = np.stack([climates.of_places[name] for name in climates.reference], axis=1) @ weights
        assert np.sqrt(np.mean((made - wanted) ** 2)) < 3.0, place


def test_a_reference_climate_is_itself(climates: Climates) -> None:
    for index, place in enumerate(climates.reference):
        assert climates.mixture(place)[index] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("place", ["THA/Bangkok", "IND/Mumbai", "JPN/Tokyo", "VNM/Hanoi"])
def test_a_mixture_ages_batteries_as_the_place_itself_does(climates: Climates, place: str) -> None:
    for name, duty in (("lfp_gr_250ah", "private_two_wheeler"), ("nmc622_gr_denso_50ah", "taxi")):
        windows = setting((place, *climates.reference), duty).windows
        loss = wear(ageing_model(name), [windows], (0.5, 1.0), 10).loss[0, :, 1, 10]
        assert climates.mixture(place) @ loss[1:] == pytest.approx(loss[0], abs=6e-3)


def test_an_economy_lives_in_its_places_or_in_its_capital(climates: Climates) -> None:
    assert climates.of_economy(Trail("THA"))[1] == ("Bangkok", "Chiang Mai", "Phuket")
    assert climates.of_economy(Trail("BTN"))[1] == ("Thimphu",)


# -- kernels


def test_a_curve_gives_the_kernel_of_the_life_it_was_read_from() -> None:
    vehicle, battery = (Life(Family.WEIBULL, np.array([mean]), 0.3) for mean in (14.0, 9.0))
    rule = Replacement(np.array([0.5]), np.array([0.9]))
    ages = np.arange(0, 61, 0.25)
    curves = [
        SurvivalCurve(ages, survival(each.family, each.mean, each.cv, ages)) for each in (vehicle, battery)
    ]
    plain = vehicle_kernel(vehicle, battery, rule, 50)
    read = vehicle_kernel(*curves, rule, 50, 4)  # type: ignore[misc]
    assert read.retired == pytest.approx(plain.retired, abs=2e-3)
    assert read.retired.sum() == pytest.approx(plain.retired.sum(), rel=5e-3)
    stock = 1 + np.cumsum(read.installed - read.retired, axis=0)
    assert read.in_use == pytest.approx(stock, abs=1e-12)


# -- results


def test_the_two_ways_stand_beside_each_other_as_if_run_alone(made: Path, by_tables: Path) -> None:
    engine, tables = scenario.read_run(made), scenario.read_run(by_tables)
    assert tables.lifetime_change() == []
    for row in engine.lifetime_change():
        if row["vehicle_class"] == "all" and row["year"] in (2025, 2035, 2050):
            keys = (row["economy"], row["year"], row["quantity"])
            assert row["engine_p50"] == pytest.approx(engine.headline(*keys)[0]["p50"], rel=1e-12)
            assert row["tables_p50"] == pytest.approx(tables.headline(*keys)[0]["p50"], rel=1e-12)


def test_every_retired_battery_retires_by_a_model_or_by_a_table(made: Path, by_tables: Path) -> None:
    for row in scenario.read_run(made).lifetime_basis(year=2035):
        assert row["by_model"] + row["by_table"] == pytest.approx(1.0)
        assert 0 <= row["by_model"] <= 1
        assert row["outside_tested_range"] is None or 0 <= row["outside_tested_range"] <= 1
    assert {row["by_model"] for row in scenario.read_run(by_tables).lifetime_basis(year=2035)} == {0.0}


def test_chemistries_without_a_model_retire_by_tables_and_the_result_says_so(made: Path) -> None:
    lives = scenario.read_run(made).battery_lives()
    basis = {(row["chemistry"], row["basis"]) for row in lives}
    assert ("LFP", "model") in basis
    assert ("lead_acid", "table") in basis
    assert ("lead_acid", "model") not in basis
    assert all(row["threshold_years_p50"] is None for row in lives if row["basis"] == "table")
    india = scenario.read_run(made).lifetime_basis("IND", 2024, "retired_batteries")
    shares = {row["vehicle_class"]: row["by_model"] for row in india}
    # India's e-rickshaws have lead-acid batteries, its cars have not.
    assert shares["three_wheeler"] < 0.2
    assert shares["car"] == pytest.approx(1.0)


def test_survival_of_every_class_is_a_share_that_never_rises(made: Path) -> None:
    run = scenario.read_run(made)
    for economy in FEW:
        by_class: dict[str, list[dict[str, float]]] = {}
        for row in run.survival(economy):
            by_class.setdefault(row["vehicle_class"], []).append(row)
        for rows in by_class.values():
            for name in ("p10", "p50", "p90", "tables_p50"):
                left = [row[name] for row in rows]
                assert left[0] == pytest.approx(1.0)
                assert all(0 <= later <= sooner + 1e-12 for sooner, later in pairwise(left))
            for row in rows:
                if row["soh_p50"] is not None:
                    assert 0.4 <= row["soh_p10"] <= row["soh_p50"] <= row["soh_p90"] <= 1


def test_what_ends_batteries_adds_up_to_no_more_than_all(made: Path) -> None:
    for row in scenario.read_run(made).battery_lives():
        if row["basis"] == "model":
            ended = [row[f"ended_{cause}"] for cause in ("wear", "age", "fault", "accident", "scrapped")]
            assert min(ended) >= 0
            assert 0.9 < sum(ended) <= 1 + 1e-9


def test_a_private_cars_battery_mostly_ends_with_the_car(made: Path) -> None:
    cars = scenario.read_run(made).battery_lives("THA", "car")
    row = next(row for row in cars if (row["use"], row["chemistry"]) == ("private", "LFP"))
    assert row["battery_years_p50"] > row["vehicle_years"]
    assert row["ended_scrapped"] > 0.5


def test_a_measured_life_of_the_workspace_goes_before_the_engine(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    header = "region,vehicle_class,use,component,battery_type,family,cv,value,low,high,unit,source,year"
    (tmp_path / "own" / "lifetimes.csv").write_text(
        f"{header},licence,grade,note\n"
        "THA,car,taxi,battery,lithium,weibull,0.3,5,4,6,year,own-fleet,2026,own,A,measured\n",
        encoding="utf-8",
    )
    (tmp_path / "own" / "sources.csv").write_text(
        "source,title,publisher,kind,url,licence,seen,year,note\n"
        "own-fleet,Own fleet,Us,own,,own,primary,2026,\n",
        encoding="utf-8",
    )
    chosen = Scenario(name="x", title="X", economies=("THA",))
    scenario.run(chosen, tmp_path / "run", samples=20, overrides=tmp_path / "own")
    basis = {
        (row["use"], row["chemistry"]): row["basis"]
        for row in scenario.read_run(tmp_path / "run").battery_lives("THA", "car")
    }
    assert basis["taxi", "LFP"] == "table"
    assert basis["private", "LFP"] == "model"


def test_the_manifest_says_by_what_batteries_retired(made: Path, by_tables: Path) -> None:
    told = scenario.read_run(made).manifest["battery_lifetimes"]
    assert told["basis"] == "engine"
    assert told["retired_by"]["retired_energy"]["by_model"] > 0.3
    assert {"chemistry_models", "duty_of_use", "first_life_end", "thermal"} <= set(
        scenario.read_run(made).manifest["inputs"]
    )
    tables = scenario.read_run(by_tables).manifest
    assert tables["battery_lifetimes"]["basis"] == "tables"
    assert "thermal" not in tables["inputs"]


def test_the_rows_behind_a_life_are_among_the_inputs(made: Path) -> None:
    rows = scenario.read_run(made).inputs("THA", role="battery_life")
    assert {row["table"] for row in rows} >= {
        "chemistry_models",
        "duty_of_use",
        "first_life_end",
        "climate_places",
        "lifetimes",
    }
