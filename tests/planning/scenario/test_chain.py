"""What becomes of retired batteries: where they go, what comes back, and whether it adds up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.planning.scenario.conftest import FEW

from kitaran.planning import scenario
from kitaran.planning.fleet.routes import (
    AGAIN,
    FORMAL,
    HOARD,
    IN_VEHICLES,
    INFORMAL,
    INFORMAL_PROCESSING,
    LOST,
    RECYCLING,
    RETIRED,
    REUSE,
    SCRAP,
)
from kitaran.planning.scenario import Scenario
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.chain import Chain
from kitaran.planning.scenario.chain_links import GROUPS, RECOVERED, RESIDUES, along
from kitaran.planning.scenario.chain_measures import handled_by
from kitaran.planning.scenario.chain_recovery import BLACK_MASS_EXPORT, ELEMENTS, LITHIUM_PROCESSES
from kitaran.planning.scenario.chain_rules import SECOND_USES
from kitaran.planning.scenario.chain_run import HEADLINE, Whole
from kitaran.planning.scenario.economy_result import YEARS, EconomyResult
from kitaran.planning.scenario.forecast import Forecast
from kitaran.planning.scenario.needs import needs
from kitaran.planning.scenario.region import Region
from kitaran.reference import read

LEAD = GROUPS.index("lead_acid")
PB = ELEMENTS.index("Pb")


def _followed(economy: str, samples: int = 30, **changes: object) -> tuple[EconomyResult, Chain]:
    changed = Scenario.model_validate({"name": "x", "title": "X", **changes})
    region = Region(Assumptions(changed, samples, 1, None), None)
    return Whole(Forecast.of(changed, region, compared=False)).economy(economy)


@pytest.fixture(scope="module")
def bangladesh() -> tuple[EconomyResult, Chain]:
    return _followed("BGD")


@pytest.fixture(scope="module")
def thailand() -> tuple[EconomyResult, Chain]:
    return _followed("THA")


def test_every_retired_tonne_is_collected_hoarded_lost_or_sent_abroad(
    bangladesh: tuple[EconomyResult, Chain],
) -> None:
    result, found = bangladesh
    ways = (IN_VEHICLES, FORMAL, INFORMAL, HOARD, LOST)
    gone = np.sum([found.links[RETIRED, way].sum(axis=0) for way in ways], axis=0)
    assert gone == pytest.approx(result.headline["retired_mass"].value, rel=1e-9)


def test_retired_scrapped_and_released_batteries_all_end_somewhere(
    thailand: tuple[EconomyResult, Chain],
) -> None:
    _, found = thailand
    starts = {start for start, _ in found.links} - {to for _, to in found.links}
    assert starts == {RETIRED, SCRAP} | {name + AGAIN for name in ("hoard", "stockpile", REUSE, *SECOND_USES)}
    ends = {to for _, to in found.links} - {start for start, _ in found.links}
    begun = np.sum([flow for (start, _), flow in found.links.items() if start in starts], axis=0)
    ended = np.sum([flow for (_, to), flow in found.links.items() if to in ends], axis=0)
    assert ended == pytest.approx(begun, rel=1e-9, abs=1e-9)
    assert {RECOVERED, RESIDUES, LOST, IN_VEHICLES} < ends


def test_lead_comes_back_by_the_formal_share_and_the_yields(bangladesh: tuple[EconomyResult, Chain]) -> None:
    """About 0.3 formal at 0.99, and of 0.67 informal 0.15 sold on and the rest smelted at 0.7."""
    result, found = bangladesh
    year = 2024 - YEARS[0]
    share = np.median(found.recovered[PB, year] / result.headline["contained_pb"].value[year])
    expected = 0.30 * 0.99 + 0.67 * (0.15 * 0.99 + 0.85 * 0.70)
    assert share == pytest.approx(expected, rel=0.06)
    home = found.links["secondary_lead_smelting", RECOVERED][LEAD]
    entering = found.links[RECYCLING, "secondary_lead_smelting"][LEAD]
    assert np.median(home[year] / entering[year]) == pytest.approx(0.99 * 17.4 / 28.6, rel=0.1)


def test_no_lead_acid_battery_is_used_again(bangladesh: tuple[EconomyResult, Chain]) -> None:
    _, found = bangladesh
    for use in (REUSE, *SECOND_USES):
        assert not found.links[FORMAL, use][LEAD].any()


def test_elements_that_retire_are_recovered_lost_sent_away_or_in_stock(
    thailand: tuple[EconomyResult, Chain],
) -> None:
    result, found = thailand
    for number, element in enumerate(ELEMENTS):
        arrived = result.headline[f"contained_{element.lower()}"].value.sum()
        ended = sum(amount[number].sum() for stream in found.streams for amount in stream.fates.values())
        assert ended >= arrived * (1 - 1e-9)  # production scrap comes on top
    back = sum(stream.fates["recovered_at_home"] for stream in found.streams)
    assert (back <= found.recovered + 1e-9).all()


def test_collecting_more_gives_more_metal_back_and_never_less() -> None:
    def back(percent: float) -> np.ndarray:
        target = {"year": 2026, "value": percent, "unit": "percent"}
        return np.median(_followed("THA", collection=[target])[1].recovered, axis=-1)

    few, some, many = (back(percent).cumsum(axis=1)[:, -1] for percent in (20, 50, 90))
    wanted = [ELEMENTS.index(element) for element in ("Li", "Co", "Ni", "Mn", "graphite")]
    assert (few[wanted] < some[wanted]).all()
    assert (some[wanted] < many[wanted]).all()


def test_a_scenario_sets_formal_collection(thailand: tuple[EconomyResult, Chain]) -> None:
    target = {"year": 2030, "value": 0.8, "unit": "fraction", "battery_type": "lithium"}
    _, found = _followed("THA", collection=[target])
    year = 2030 - YEARS[0]
    stays = sum(found.links[RETIRED, way][0, year] for way in (FORMAL, INFORMAL, HOARD, LOST))
    assert found.links[RETIRED, FORMAL][0, year] == pytest.approx(0.8 * stays)
    before = thailand[1].links[RETIRED, FORMAL][:, : year - 1]
    assert found.links[RETIRED, FORMAL][:, : year - 1] == pytest.approx(before)


def test_repurposing_delays_recycling_and_gives_storage(thailand: tuple[EconomyResult, Chain]) -> None:
    path = {"year": 2025, "value": 1.0, "unit": "fraction"}
    _, eager = _followed("THA", repurposing=[path])
    _, plain = thailand
    for use in SECOND_USES:
        assert (eager.used_again(use)[-1] > plain.used_again(use)[-1]).all()
    year = 2035 - YEARS[0]
    assert (eager.links[FORMAL, RECYCLING][0, year] < plain.links[FORMAL, RECYCLING][0, year]).all()


def test_where_the_ageing_engine_is_off_some_batteries_still_get_a_second_life() -> None:
    _, found = _followed("THA", battery_lifetimes="tables")
    assert found.used_again(SECOND_USES[0])[-1].min() > 0


def test_reused_batteries_save_new_ones(thailand: tuple[EconomyResult, Chain]) -> None:
    result, found = thailand
    assert found.reused[-1].sum() > 0
    content, draws = result.classes[0].content, found.rules.draws
    without = needs(result.trail, draws, result.placed, content, {})["demand_li"].value
    needed = result.headline["demand_li"].value
    assert (needed <= without * (1 + 1e-12)).all()
    assert (needed[-1] < without[-1]).all()


def test_packs_for_black_mass_are_opened_at_home_and_scrap_is_no_pack(
    thailand: tuple[EconomyResult, Chain],
) -> None:
    _, found = thailand
    handled = handled_by(found)
    lithium = sum(mass for name, mass in handled.treated.items() if name in LITHIUM_PROCESSES)
    black_mass = along(found.links, (RECYCLING, BLACK_MASS_EXPORT))
    scrap = along(found.links, (SCRAP, RECYCLING))
    assert scrap[-1].any()
    assert black_mass[-1].any()
    assert handled.dismantled == pytest.approx(lithium + black_mass - scrap, rel=1e-9, abs=1e-9)


def test_the_headline_names_what_the_issue_of_circularity_asks_for(made: Path) -> None:
    found = {row["quantity"] for row in scenario.read_run(made).headline("THA", 2035)}
    assert set(HEADLINE) < found


def test_the_region_s_shares_are_those_of_its_sums(made: Path) -> None:
    run = scenario.read_run(made)
    members = [economy for economy in FEW if economy != "TWN"]
    drawn = {
        name: np.sum([run.samples(each, 2040, name) for each in members], axis=0)
        for name in ("recovered_co", "demand_co")
    }
    expected = drawn["recovered_co"] / drawn["demand_co"]
    assert run.samples("ASIA_PACIFIC", 2040, "secondary_share_co") == pytest.approx(expected, rel=1e-4)


def test_a_run_holds_routes_stores_and_fates_for_economies_and_the_region(made: Path) -> None:
    run = scenario.read_run(made)
    rows = run.routes("BGD", 2035)
    assert set(rows[0]) == {"economy", "year", "from", "to", "chemistry_group", "unit", "p10", "p50", "p90"}
    assert {row["chemistry_group"] for row in rows} <= set(GROUPS)
    assert any((row["from"], row["to"]) == (INFORMAL, INFORMAL_PROCESSING) for row in rows)
    assert all(0 <= row["p10"] <= row["p50"] <= row["p90"] for row in rows)
    assert {row["place"] for row in run.stores("THA", 2040)} >= {"hoard", "stockpile", *SECOND_USES}
    fates = {row["fate"] for row in run.material_fates("ASIA_PACIFIC", 2040, "li")}
    assert {"recovered_at_home", "lost_uncollected", "into_stock"} <= fates


def test_what_retires_is_told_by_age_and_state_of_health(made: Path) -> None:
    rows = scenario.read_run(made).retired_condition("THA", "car")
    later = [row for row in rows if row["year"] >= 2030]
    assert all(3 < row["age"] < 20 for row in later)
    for row in later:
        assert 1 >= row["soh_above_60"] >= row["soh_above_70"] >= row["soh_above_78"] >= row["soh_above_86"]
    assert later[0]["age"] < later[-1]["age"]  # a young fleet loses young vehicles first
    rickshaws = scenario.read_run(made).retired_condition("BGD", "three_wheeler", 2022)[0]
    assert rickshaws["age"] < 6


def _of(table: str, **keys: str) -> float:
    return read(table).where(**keys).resolve().rows[0].central


@pytest.mark.parametrize("element", ["Co", "Ni", "Mn"])
def test_yields_of_leaching_are_those_of_the_plant_model(element: str) -> None:
    names = {"Co": "cobalt", "Ni": "nickel", "Mn": "manganese"}
    leached = _of("plant_yields", process="hydrometallurgical", product=names[element])
    black_mass = _of("plant_yields", product="black_mass", driver="Active cathode material")
    own = _of("recovery_yields", process="hydrometallurgical", element=element)
    assert own == pytest.approx(black_mass * leached, rel=1e-3)


def test_informal_and_smelting_yields_are_those_of_the_process_model() -> None:
    for process in ("informal_lithium", "informal_lead", "secondary_lead_smelting"):
        for row in read("plant_informal").where(process=process, quantity="recovery").resolve():
            if row.text("item") in ELEMENTS:
                own = _of("recovery_yields", process=process, element=row.text("item"))
                assert own == pytest.approx(row.central)


@pytest.mark.parametrize(
    ("element", "material", "content"),
    [
        ("Li", "Lithium Carbonate", 0.188),
        ("Co", "Co2+ in Co salt/oxide", 1.0),
        ("Ni", "Ni2+ in Ni salt/oxide", 1.0),
        ("Mn", "Manganese Sulfate", 0.364),
        ("Cu", "Copper", 1.0),
        ("graphite", "Graphite", 1.0),
    ],
)
def test_emissions_of_primary_metals_are_those_of_the_plant_model(
    element: str, material: str, content: float
) -> None:
    grams = _of("plant_burdens", group="material", item=material, quantity="GHG_g")
    per_kg = grams / 907184.74 / content
    assert _of("route_effects", step=f"primary_{element}", effect="ghg") == pytest.approx(per_kg, rel=0.01)
