"""The first join: a register of vehicles in the place of the modelled stock, with the run that follows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kitaran.planning import scenario
from kitaran.planning.fleet.observed_stock import Counts
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario import forecast as forecasting
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.economy_result import YEARS, ClassResult
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.observed import Observed, observed
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.scenario.region import Region

ECONOMY, YEAR, SAMPLES = "LAO", 2023, 10
ROW = YEAR - FIRST_COHORT
PLAIN = scenario.Scenario.model_validate({"name": "one", "title": "One economy", "economies": [ECONOMY]})
HEADER = (
    "economy,vehicle_class,powertrain,cohort,chemistry,counted,measure,year,value,unit,source,licence,grade\n"
)
SOURCE = (
    "source,title,publisher,kind,url,licence,seen,year,note\n"
    "own-register,Vehicle register 2023,Ministry,own,,open,primary,2023,Accepted on 2026-05-04.\n"
)
OwnRow = tuple[str, str, int, str, str, str, float]


def laid(folder: Path, rows: list[OwnRow], source: str = "own-register") -> Path:
    """Overrides with these rows: class, powertrain, cohort, chemistry, counted, measure, value."""
    units = {"in_use": "vehicle", "energy": "kWh"}
    lines = [
        f"{ECONOMY},{name},{train},{cohort},{chemistry},{counted},{measure},{YEAR},{value!r},{units[measure]},{source},open,A"
        for name, train, cohort, chemistry, counted, measure, value in rows
    ]
    folder.mkdir(exist_ok=True)
    (folder / "observed_stock.csv").write_text(HEADER + "\n".join(lines) + "\n")
    (folder / "sources.csv").write_text(SOURCE)
    return folder


def cars(by_cohort: dict[int, float], powertrain: str = "EV") -> list[OwnRow]:
    return [("car", powertrain, cohort, "any", "all", "in_use", n) for cohort, n in by_cohort.items()]


def forecast(overrides: Path | None = None) -> dict[str, ClassResult]:
    region = Region(Assumptions(PLAIN, SAMPLES, 1, overrides), overrides)
    return {part.vehicle_class: part for part in Forecast.of(PLAIN, region).economy(ECONOMY).classes}


@pytest.fixture(scope="module")
def plain() -> dict[str, ClassResult]:
    return forecast()


def modelled(plain: dict[str, ClassResult], tmp_path: Path) -> dict[int, float]:
    """Mean modelled cars in use by cohort at the end of the year."""
    start = forecast(laid(tmp_path / "look", cars({2022: 1.0})))["car"].start
    assert start is not None
    by_cohort = start.stock.modelled.sum(axis=1).mean(axis=-1)
    return {int(year): float(by_cohort[year - FIRST_COHORT]) for year in range(2010, YEAR + 1)}


def batteries(part: ClassResult) -> np.ndarray:
    """Batteries that retire, (year, sample)."""
    return np.asarray(part.counted[0].sum(axis=1))


def test_a_register_equal_to_the_own_stock_changes_nothing(
    plain: dict[str, ClassResult], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    start = forecast(laid(tmp_path / "look", cars({2022: 1.0})))["car"].start
    assert start is not None
    own = start.stock.modelled
    counted = np.full((len(COHORTS), 3, own.shape[1] + 1, SAMPLES), np.nan)
    counted[: ROW + 1, 2, :-1] = own[: ROW + 1]
    counts = Counts(counted, np.zeros((len(COHORTS), own.shape[1] + 1, 1)))
    same = Observed("car", YEAR, counts, np.full((2, 3, len(COHORTS)), np.nan), ())
    monkeypatch.setattr(forecasting, "observed", lambda code, overrides: {"car": same})
    again = forecast()["car"]
    before = plain["car"]
    for name in ("counted", "placed", "in_use", "known", "mass"):
        one, other = getattr(before, name), getattr(again, name)
        assert np.abs(other - one).max() <= 1e-6 * np.abs(one).max(), name


def test_older_vehicles_than_modelled_retire_earlier(plain: dict[str, ClassResult], tmp_path: Path) -> None:
    """The same number of cars, but ten years older: a register of used imports, as experts know them."""
    own = modelled(plain, tmp_path)
    whole = sum(own.values())
    old = dict.fromkeys(own, 0.0) | {2013: whole}
    after = batteries(forecast(laid(tmp_path / "old", cars(old)))["car"]).mean(axis=1)
    before = batteries(plain["car"]).mean(axis=1)
    soon, later = (YEARS > YEAR) & (YEARS <= 2028), (YEARS >= 2036) & (YEARS <= 2040)
    assert after[soon].sum() > 1.5 * before[soon].sum()
    assert after[later].sum() < before[later].sum()


def test_the_years_up_to_the_observation_stay_as_they_were(
    plain: dict[str, ClassResult], tmp_path: Path
) -> None:
    after = forecast(laid(tmp_path / "twice", cars(dict.fromkeys(range(2015, 2024), 500.0))))["car"]
    past = YEARS <= YEAR
    assert batteries(after)[past].tobytes() == batteries(plain["car"])[past].tobytes()
    assert after.sold.tobytes() == plain["car"].sold.tobytes()
    assert after.in_use[YEARS < YEAR].tobytes() == plain["car"].in_use[YEARS < YEAR].tobytes()


def test_a_register_touches_only_its_own_class(plain: dict[str, ClassResult], tmp_path: Path) -> None:
    after = forecast(laid(tmp_path / "cars", cars({2020: 9999.0})))
    for name in set(plain) - {"car"}:
        assert after[name].counted.tobytes() == plain[name].counted.tobytes()
        assert after[name].start is None
    assert after["car"].counted.tobytes() != plain["car"].counted.tobytes()


def test_in_use_at_the_end_of_the_year_is_what_the_register_counts(tmp_path: Path) -> None:
    counted = dict.fromkeys(range(2000, YEAR + 1), 0.0) | {2018: 300.0, 2021: 700.0}
    after = forecast(laid(tmp_path / "all", cars(counted)))["car"]
    np.testing.assert_allclose(after.in_use[YEAR - 2010], 1000.0, rtol=1e-9)


def test_what_the_register_corrects_is_reported_and_closes_the_balance(tmp_path: Path) -> None:
    after = forecast(laid(tmp_path / "more", cars({2018: 300.0, 2021: 700.0})))["car"]
    assert after.start is not None
    stock = after.start.stock
    np.testing.assert_allclose(after.start.correction, stock.in_use - stock.modelled)
    untouched = np.setdiff1d(np.arange(len(COHORTS)), [2018 - FIRST_COHORT, 2021 - FIRST_COHORT])
    assert not after.start.correction[untouched].any()
    np.testing.assert_allclose(stock.in_use[[18, 21]].sum(axis=1), [[300.0] * SAMPLES, [700.0] * SAMPLES])


def test_energy_and_chemistry_of_a_register_move_the_energy_that_retires(tmp_path: Path) -> None:
    only_lfp: list[OwnRow] = [
        ("car", "BEV", year, "LFP", "all", "in_use", 100.0) for year in range(2012, YEAR + 1)
    ]
    small: list[OwnRow] = [("car", "BEV", row[2], "LFP", "all", "energy", 20.0) for row in only_lfp]
    large: list[OwnRow] = [("car", "BEV", row[2], "LFP", "all", "energy", 40.0) for row in only_lfp]
    no_hybrids: list[OwnRow] = [("car", "PHEV", row[2], "LFP", "all", "in_use", 0.0) for row in only_lfp]
    one = forecast(laid(tmp_path / "small", [*only_lfp, *no_hybrids, *small]))["car"]
    two = forecast(laid(tmp_path / "large", [*only_lfp, *no_hybrids, *large]))["car"]
    at = 2026 - 2010
    ratio = two.known[at].mean() / one.known[at].mean()  # cars of 2024 are not counted
    assert 1.8 < ratio <= 2.0
    chemistries = one.start.stock.in_use[2016 - FIRST_COHORT].mean(axis=-1) if one.start else np.zeros(0)
    assert np.flatnonzero(chemistries > 1e-6).tolist() == [CHEMISTRIES.index("LFP")]


def test_of_two_registers_the_one_accepted_last_holds(tmp_path: Path) -> None:
    folder = laid(tmp_path / "two", cars({2019: 5.0, 2020: 6.0}))
    more = HEADER + (folder / "observed_stock.csv").read_text().split("\n", 1)[1]
    later = more + f"{ECONOMY},car,EV,2020,any,all,in_use,{YEAR},7,vehicle,own-later,open,A\n"
    (folder / "observed_stock.csv").write_text(later)
    seen = observed(ECONOMY, folder)["car"]
    assert {row.source for row in seen.rows} == {"own-later"}
    assert seen.vehicles == 7


def test_the_manifest_names_the_register_and_a_run_without_one_is_as_before(tmp_path: Path) -> None:
    with_register = laid(tmp_path / "with", cars({2018: 300.0, 2021: 700.0}))
    empty = tmp_path / "without"
    empty.mkdir()
    first, second, again, none = (tmp_path / name for name in ("a", "b", "c", "d"))
    scenario.run(PLAIN, first, SAMPLES, 1, overrides=empty)
    scenario.run(PLAIN, second, SAMPLES, 1, overrides=with_register)
    scenario.run(PLAIN, again, SAMPLES, 1, overrides=with_register)
    scenario.run(PLAIN, none, SAMPLES, 1)
    said = json.loads((second / "manifest.json").read_text())["initial_stock"]
    assert said[0]["says"] == (
        "Lao PDR starts from Vehicle register 2023 (in use at the end of 2023), accepted on 2026-05-04."
    )
    assert "initial_stock" not in json.loads((first / "manifest.json").read_text())
    assert _bytes(first) == _bytes(none)
    assert _bytes(second) == _bytes(again)
    assert (second / "observed_stock.parquet").is_file()
    assert not (first / "observed_stock.parquet").exists()
    reported = scenario.read_run(second).table("observed_stock")
    assert {row["cohort"] for row in reported} == {2018, 2021}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
