"""A run: what it gives, that it repeats to the byte, and that levers move it the way they should."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from tests.planning.scenario.conftest import FEW

from kitaran.foundation.errors import InputError, WorkspaceError
from kitaran.foundation.progress import Counted
from kitaran.planning import scenario
from kitaran.planning.scenario import QUANTITIES, Scenario
from kitaran.planning.scenario.chain_run import HEADLINE


def _median(run: scenario.EconomyRun, quantity: str, year: int) -> float:
    return run.headline[quantity]["p50"][run.years.index(year)]


def _run(economy: str, **changes: object) -> scenario.EconomyRun:
    changed = Scenario.model_validate({"name": "x", "title": "X", **changes})
    return scenario.run_economy(changed, economy, samples=60, seed=1)


@cache
def _plain(economy: str) -> scenario.EconomyRun:
    return _run(economy)


def test_the_headline_has_every_economy_year_and_quantity_and_the_sum(made: Path) -> None:
    rows = scenario.read_run(made).headline()
    assert {(row["economy"], row["year"], row["quantity"]) for row in rows} == {
        (economy, year, quantity)
        for economy in (*FEW, "ASIA_PACIFIC")
        for year in range(2010, 2051)
        for quantity in (*QUANTITIES, *HEADLINE)
    }
    assert len(rows) == 6 * 41 * (10 + 32)
    assert {row["unit"] for row in rows} == {"count", "GWh", "t", "fraction", "job", "t CO2-eq"}
    assert all(row["p10"] <= row["p50"] <= row["p90"] for row in rows)
    assert all(row["p10"] >= 0 for row in rows if row["quantity"] != "ghg_avoided")
    assert {row["grade"] for row in rows} <= set("ABCD")


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(
    plain: Scenario, made: Path, tmp_path: Path
) -> None:
    scenario.run(plain, tmp_path / "again", samples=40, seed=1)
    files = sorted(file.name for file in made.iterdir())
    assert files == sorted(file.name for file in (tmp_path / "again").iterdir())
    for name in files:
        assert (tmp_path / "again" / name).read_bytes() == (made / name).read_bytes(), name
    one, other = (scenario.run_economy(plain, "LAO", samples=20, seed=seed).headline for seed in (1, 2))
    assert one != other


def test_the_result_is_one_json_object(plain: Scenario, tmp_path: Path) -> None:
    result = scenario.run(
        plain.model_copy(update={"economies": ("LAO",)}), tmp_path / "one", samples=20, seed=1
    )
    found = json.loads(result.as_json())
    assert found["manifest"] == str(tmp_path / "one" / "manifest.json")
    assert set(found["headline"][0]) == {"economy", "year", "quantity", "unit", "p10", "p50", "p90", "grade"}


def test_the_region_is_the_sum_of_samples_of_members_and_partners_stand_outside(made: Path) -> None:
    run = scenario.read_run(made)
    for quantity in ("retired_energy", "contained_pb"):
        parts = [run.samples(economy, 2040, quantity) for economy in FEW if economy != "TWN"]
        assert run.samples("ASIA_PACIFIC", 2040, quantity) == pytest.approx(np.sum(parts, axis=0), rel=1e-5)


def test_the_quantiles_are_those_of_the_samples(made: Path) -> None:
    run = scenario.read_run(made)
    row = run.headline("THA", 2035, "retired_energy")[0]
    drawn = run.samples("THA", 2035, "retired_energy")
    assert len(drawn) == 40
    assert np.quantile(drawn, (0.1, 0.5, 0.9)) == pytest.approx(
        (row["p10"], row["p50"], row["p90"]), rel=1e-5
    )


def test_one_economy_alone_gives_what_it_gives_in_the_run(plain: Scenario, made: Path) -> None:
    alone = scenario.run_economy(plain, "THA", samples=40, seed=1)
    for row in scenario.read_run(made).headline("THA"):
        at = alone.years.index(row["year"])
        assert alone.headline[row["quantity"]]["p50"][at] == row["p50"]
        assert alone.grades[row["quantity"]][at] == row["grade"]


def test_the_spread_of_sales_widens_with_the_horizon(made: Path) -> None:
    for row in (rows := scenario.read_run(made).sales("THA", "car")):
        row["spread"] = row["p90"] / row["p10"]
    by_year = {row["year"]: row["spread"] for row in rows}
    assert by_year[2023] < by_year[2027] < by_year[2030]
    two_wheelers = {
        r["year"]: r["p90"] - r["p10"] for r in scenario.read_run(made).sales("IND", "two_wheeler")
    }
    assert two_wheelers[2024] < two_wheelers[2030] < two_wheelers[2035]


def test_longer_lived_batteries_retire_later() -> None:
    plain = _plain("THA")
    longer = _run("THA", lives=[{"component": "battery", "value": 1.5, "unit": "factor"}])
    for year in (2030, 2035, 2040):
        assert _median(longer, "retired_energy", year) < _median(plain, "retired_energy", year)


def test_a_life_in_years_stands_for_the_facts() -> None:
    short = _run("THA", lives=[{"component": "battery", "value": 3, "unit": "year", "vehicle_class": "car"}])
    assert _median(short, "retired_energy", 2030) > 2 * _median(_plain("THA"), "retired_energy", 2030)


def test_a_change_elsewhere_does_not_touch_an_economy() -> None:
    changed = _run(
        "THA", lives=[{"component": "battery", "value": 2, "unit": "factor", "economies": ["LAO"]}]
    )
    assert changed.headline == _plain("THA").headline


def _cars_sold(folder: Path, percent: float) -> dict[int, float]:
    target = {"vehicle_class": "car", "year": 2035, "value": percent, "unit": "percent"}
    given = {"name": "x", "title": "X", "economies": ["LAO"], "sales_targets": [target]}
    scenario.run(Scenario.model_validate(given), folder, samples=30)
    return {row["year"]: row["p50"] for row in scenario.read_run(folder).sales("LAO", "car")}


def test_a_sales_target_is_met_exactly(tmp_path: Path) -> None:
    half, all_but_none = _cars_sold(tmp_path / "half", 45), _cars_sold(tmp_path / "most", 90)
    assert all_but_none[2035] == pytest.approx(2 * half[2035])
    assert all_but_none[2022] == pytest.approx(half[2022])


def test_without_lead_acid_no_lead_comes_back_in_the_end() -> None:
    path = [{"vehicle_class": "three_wheeler", "year": 2026, "value": 0, "unit": "fraction"}]
    plain, without = _plain("BGD"), _run("BGD", lead_acid=path)
    assert _median(plain, "contained_pb", 2025) == _median(without, "contained_pb", 2025)
    assert _median(without, "contained_pb", 2045) < 0.02 * _median(plain, "contained_pb", 2045)
    assert _median(without, "contained_li", 2045) > _median(plain, "contained_li", 2045)


def test_an_assumption_can_be_changed() -> None:
    nothing = _run("IND", assumptions=[{"name": "unrecorded_share", "value": 0, "unit": "fraction"}])
    everything = _run("IND", assumptions=[{"name": "unrecorded_share", "value": 1, "unit": "fraction"}])
    assert _median(everything, "retired_batteries", 2020) > _median(nothing, "retired_batteries", 2020)


def test_an_excluded_economy_is_not_in_the_run(tmp_path: Path) -> None:
    chosen = Scenario(name="x", title="X", economies=("LAO", "BTN"), exclude=("BTN",))
    scenario.run(chosen, tmp_path / "run", samples=20)
    assert scenario.read_run(tmp_path / "run").economies() == ["LAO", "ASIA_PACIFIC"]
    with pytest.raises(InputError, match="not part of the scenario"):
        scenario.run_economy(chosen, "BTN", samples=20)


def test_an_override_moves_the_result_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    header = "region,vehicle_class,use,component,battery_type,family,cv,value,low,high,unit,source,year"
    header = f"{header},licence,grade,note"
    row = "THA,car,private,battery,lithium,weibull,0.3,5,4,6,year,own-fleet,2026,own,A,measured"
    (tmp_path / "own" / "lifetimes.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    (tmp_path / "own" / "sources.csv").write_text(
        "source,title,publisher,kind,url,licence,seen,year,note\n"
        "own-fleet,Own fleet,Us,own,,own,primary,2026,\n",
        encoding="utf-8",
    )
    chosen = Scenario(name="x", title="X", economies=("THA",))
    scenario.run(chosen, tmp_path / "run", samples=30, overrides=tmp_path / "own")
    run = scenario.read_run(tmp_path / "run")
    assert [row.partition("@")[2] for row in run.manifest["overrides"]] == ["own-fleet"]
    plain = scenario.run_economy(chosen, "THA", samples=30)
    assert run.headline("THA", 2030, "retired_energy")[0]["p50"] > 1.5 * _median(
        plain, "retired_energy", 2030
    )
    assert any(
        entry["row_id"].endswith("@own-fleet") and entry["grade"] == "A" for entry in run.inputs("THA")
    )


def test_the_manifest_names_what_went_in_and_neither_clock_nor_path(made: Path) -> None:
    text = (made / "manifest.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert {"ev_sales", "lifetimes", "composition", "planning_assumptions", "vehicle_market"} <= set(
        found["inputs"]
    )
    assert (found["samples"], found["seed"], found["economies"]) == (40, 1, sorted(FEW))
    assert set(found["files"]) == {file.name for file in made.glob("*.parquet")}
    assert str(made.parent) not in text
    assert not {"time", "date", "created", "path"} & set(found)


def test_progress_tells_the_truth(plain: Scenario, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    report = Counted(lambda told: seen.append((told.name, told.done, told.total)))
    few = plain.model_copy(update={"economies": FEW[2:4]})
    scenario.run(few, tmp_path / "run", samples=20, progress=report)
    by_stage = {name: [done for stage, done, _ in seen if stage == name] for name, _, _ in seen}
    assert by_stage["Forecasting economies"] == [0, 1, 2]
    assert all(
        done[-1] == total for stage, done in by_stage.items() for name, _, total in seen if name == stage
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda chosen, out: scenario.run(chosen, out, samples=5), "5 samples"),
        (lambda chosen, out: scenario.run(chosen, out, samples=20_000), "20000 samples"),
        (lambda chosen, out: scenario.run(chosen, out, samples=20, seed=-1), "seed -1"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(
    plain: Scenario, tmp_path: Path, call: Callable[[Scenario, Path], object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        call(plain, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_folder_that_cannot_be_made_leaves_nothing(plain: Scenario, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    one = plain.model_copy(update={"economies": ("LAO",)})
    with pytest.raises(WorkspaceError):
        scenario.run(one, tmp_path / "file", samples=20)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "in the way"
