"""What must hold for every plant, whatever its feed, place and prices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran import processes
from kitaran.foundation.errors import InputError
from kitaran.planning.processes import LEGACY, MENDED, ROUTES
from kitaran.planning.processes.case import FEEDS
from kitaran.planning.processes.slips import NAMES, register
from kitaran.reference import economies

CHEMISTRIES = processes.figures().chemistries
KNOWN = tuple(name for name in CHEMISTRIES if name != "LMO")
SCALES = np.geomspace(500, 200_000, 60)
ANY_CASE: dict[str, Any] = {
    "route": st.sampled_from(ROUTES),
    "chemistry": st.sampled_from(CHEMISTRIES),
    "feed": st.sampled_from(tuple(FEEDS)),
    "location": st.sampled_from([economy.code for economy in economies()]),
}


def answer(route: str = "hydrometallurgical", **changed: Any) -> processes.Evaluation:
    asked = {"chemistry": "NMC622", "feed": "eol_cell", "throughput_t": 10_000, "location": "IND"}
    return processes.cost(route, **{**asked, **changed})


@settings(max_examples=60, deadline=None)
@given(**ANY_CASE)
def test_no_more_mass_comes_out_than_went_in(route: str, chemistry: str, feed: str, location: str) -> None:
    case = answer(route, chemistry=chemistry, feed=feed, location=location)
    metals = {"lithium_carbonate_crude": 7 / 37}  # the carbonate's oxygen and carbon come from soda ash
    recovered = sum(kg * metals.get(name, 1) for name, kg in case.products.items())
    assert 0 < recovered < 1
    for plant in filter(None, (case.preprocessing, case.recovery)):
        assert plant.flows.solid_waste_kg > 0
        assert plant.flows.waste_water_gal > 0


@settings(max_examples=40, deadline=None)
@given(**ANY_CASE)
def test_a_larger_plant_is_cheaper_by_the_kilogram_but_for_the_step_of_its_design(
    route: str, chemistry: str, feed: str, location: str
) -> None:
    # Capacities move in steps of 0.1 t/h, so that cost may jump up; between far scales it never does.
    for legacy in (False, True):
        place = "CHN" if legacy else location
        curve = answer(
            route, chemistry=chemistry, feed=feed, location=place, throughput_t=SCALES, legacy=legacy
        )
        # Bought at a fixed fee: revenue of direct recycling moves with the scale of cathode makers.
        plants = [plant.cost for plant in (curve.preprocessing, curve.recovery) if plant]
        for plant in plants:
            capital = plant.capital.total / plant.throughput_t
            assert np.all(capital[15:] <= capital[:-15])
        assert np.all(curve.cost_usd[15:] <= curve.cost_usd[:-15] + 1e-9)


@pytest.mark.parametrize("route", ROUTES)
def test_a_curve_is_the_same_as_its_points(route: str) -> None:
    curve = processes.as_dict(answer(route, throughput_t=[2e3, 1e4, 1e5]))
    for at, tonnes in enumerate((2e3, 1e4, 1e5)):
        point = processes.as_dict(answer(route, throughput_t=tonnes))
        for name in ("cost_usd", "revenue_usd", "energy_mj", "ghg_g", "transport_usd"):
            assert curve[name][at] == pytest.approx(point[name], rel=1e-12)


@pytest.mark.parametrize("route", ROUTES)
def test_draws_of_prices_go_through_in_one_call(route: str) -> None:
    nickel, fee = np.array([10.0, 20.0, 40.0]), np.array([0.5, 1.0, 2.0])
    drawn = answer(route, changed=processes.Changes(metal={"Ni": nickel}, fee=fee))
    for at in range(3):
        alone = answer(route, changed={"metal": {"Ni": nickel[at]}, "fee": fee[at]})
        assert drawn.margin_usd[at] == pytest.approx(float(alone.margin_usd), rel=1e-12)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("legacy", [True, False])
def test_parts_of_the_cost_add_up(route: str, legacy: bool) -> None:
    case = answer(route, location="KOR", legacy=legacy)
    for plant in filter(None, (case.preprocessing, case.recovery)):
        cost = plant.cost
        whole = cost.variable + cost.fixed + cost.annual_capital_charge
        assert sum(cost.parts.values()) == pytest.approx(whole, rel=1e-12)


def test_circular_charges_are_what_they_are_said_to_be() -> None:
    cost = answer(location="USA").recovery.cost
    capital = processes.figures().parameter["capital"]
    cash = cost.variable + cost.fixed
    production = cash + cost.annual_capital_charge
    working = (
        7 / 52 * cash - 2 / 52 * (cost.parts["feed"] + cost.parts["reagents"]) + 0.02 * cost.capital.site
    )
    assert cost.working_capital == pytest.approx(working, rel=1e-12)
    charged = capital["f_selling"] + capital["f_royalty"]
    assert cost.parts["selling_and_royalty"] == pytest.approx(charged * production, rel=1e-12)
    assert cost.parts["interest_on_working_capital"] == pytest.approx(0.06 * working, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(
    route=st.sampled_from(ROUTES),
    chemistry=st.sampled_from(KNOWN),
    parameter=st.sampled_from(
        (
            "wage_usd_per_h",
            "electricity_usd_per_kWh",
            "natural_gas_usd_per_mmBtu",
            "landfill_usd_per_short_ton",
        )
    ),
    step=st.floats(0.1, 5),
)
def test_cost_is_linear_in_every_local_price(route: str, chemistry: str, parameter: str, step: float) -> None:
    costs = [
        float(answer(route, chemistry=chemistry, changed={"geo": {parameter: times * step}}).cost_usd)
        for times in (1, 2, 3)
    ]
    assert costs[2] - costs[1] == pytest.approx(costs[1] - costs[0], rel=1e-6, abs=1e-9)
    assert costs[1] > costs[0]


def test_a_changed_composition_reaches_pre_processing_and_recovery() -> None:
    plain = answer()
    richer = answer(changed={"composition": {"Copper": 0.2, "Active cathode material": 0.6}})
    assert richer.products["copper"] == pytest.approx(0.9 * 0.2)
    assert richer.products["cobalt"] > plain.products["cobalt"]
    smelted = answer("pyrometallurgical", changed={"composition": {"Copper": 0.2}})
    assert smelted.products["copper_metal"] == pytest.approx(0.95 * 0.2)


def test_geo_stops_at_the_recycler_and_geo_both_reaches_the_cathode_maker() -> None:
    plain = answer("direct")
    here = answer("direct", changed={"geo": {"wage_usd_per_h": 50}})
    both = answer("direct", changed={"geo_both": {"wage_usd_per_h": 50}})
    assert here.cathode_price_usd == plain.cathode_price_usd
    assert both.cathode_price_usd > plain.cathode_price_usd
    assert both.recovery.cost.parts["labour"] == here.recovery.cost.parts["labour"]


@pytest.mark.parametrize(
    ("change", "quantity"),
    [
        ({"fee": 3.0}, "cost_usd"),
        ({"metal": {"Ni": 30}}, "revenue_usd"),
        ({"crude_Li2CO3_price": 20}, "revenue_usd"),
        ({"reagent": {"Sodium Hydroxide": 1}}, "cost_usd"),
        ({"discount": 0.2}, "cost_usd"),
        ({"electricity_ef": {"CO2": 400_000}}, "ghg_g"),
        ({"electricity_ef": 400_000}, "ghg_g"),
        ({"distance": {"3": 3000}}, "transport_usd"),
    ],
)
def test_every_override_moves_what_it_should(change: dict[str, Any], quantity: str) -> None:
    for legacy in (True, False):
        plain = processes.as_dict(answer(location="CHN", legacy=legacy))
        moved = processes.as_dict(answer(location="CHN", legacy=legacy, changed=change))
        assert moved[quantity] > plain[quantity]
        others = {"energy_mj", "water_gal", "disassembly_usd"} - {quantity}
        assert all(moved[name] == plain[name] for name in others)


def test_a_cathode_price_of_the_user_replaces_the_modelled_one() -> None:
    case = answer("direct", changed={"cathode_price": 12.5})
    assert case.cathode_price_usd == 12.5
    by_name = answer("direct", changed={"cathode_price": {"NMC(622)": 12.5}})
    assert by_name.revenue_usd == case.revenue_usd


def test_lithium_carbonate_moves_its_crude_form_only_where_the_slip_is_mended() -> None:
    change = {"reagent": {"Lithium Carbonate": 40}}
    published = [answer(location="USA", legacy=True, changed=given).revenue_usd for given in ({}, change)]
    mended = [answer(location="USA", changed=given).revenue_usd for given in ({}, change)]
    assert published[0] == published[1]
    assert mended[1] > mended[0]


def test_wrong_overrides_are_named_by_their_path() -> None:
    wrong = {"geo": {"wage": 1}, "fee": "much", "zz": 1, "composition": {"Copper": 2}, "distance": 3}
    with pytest.raises(InputError) as refused:
        answer(changed=wrong)
    places = {fault.place for fault in refused.value.faults}
    assert places == {
        "overrides: geo.wage",
        "overrides: fee",
        "overrides: zz",
        "overrides: composition.Copper",
        "overrides: distance",
    }
    assert all(fault.remedy for fault in refused.value.faults)


@pytest.mark.parametrize(
    "changed",
    [
        {"chemistry": "NMC623"},
        {"feed": "soup"},
        {"location": "ATL"},
        {"route": "magic"},
        {"battery": "cup"},
        {"throughput_t": 0},
        {"throughput_t": float("nan")},
        {"throughput_t": 1e300},
        {"throughput_t": 5e-324},
        {"price_set": "1999"},
        {"location": "THA", "legacy": True},
    ],
)
def test_what_is_not_known_is_refused_with_what_is(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        answer(**{"route": "direct", **changed})
    assert refused.value.remedy


@pytest.mark.parametrize(
    "change",
    [
        {"geo": {"wage_usd_per_h": 1e308}},
        {"fee": 10**60},
        {"fee": -1e12},
        {"metal": {"Co": float("nan")}},
        {"reagent": {"Lime": float("inf")}},
        {"distance": {"3": 1e200}},
    ],
)
def test_a_number_beyond_all_sense_is_refused_before_it_overflows(change: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        answer(changed=change)
    (fault,) = refused.value.faults
    assert fault.place.startswith(f"overrides: {next(iter(change))}")
    assert "from" in fault.remedy


@pytest.mark.parametrize("route", ROUTES)
def test_a_feed_that_leaves_no_black_mass_is_refused(route: str) -> None:
    emptied = dict.fromkeys(
        (
            *("Active cathode material", "Graphite", "Carbon black", "Binder: PVDF", "Binder: anode"),
            *("Copper", "Aluminum"),
        ),
        0.0,
    )
    with pytest.raises(InputError, match="black mass"):
        answer(route, changed={"composition": emptied})


def test_a_figure_of_the_recycling_plant_wins_over_that_of_both() -> None:
    both = {"geo": {"wage_usd_per_h": 5.0}, "geo_both": {"wage_usd_per_h": 20.0}}
    case = answer("direct", changed=both)
    assert case.cost_usd == pytest.approx(answer("direct", changed={"geo": both["geo"]}).cost_usd, rel=0.02)
    assert (
        case.cathode_price_usd == answer("direct", changed={"geo_both": both["geo_both"]}).cathode_price_usd
    )


# -- slips


def test_every_slip_is_a_switch_with_words() -> None:
    assert [row.text("slip") for row in register()] == list(NAMES)
    assert all(row.text("published") and row.text("mended") for row in register())


@pytest.mark.parametrize("name", NAMES)
def test_mending_one_slip_changes_something_and_only_where_it_should(name: str) -> None:
    changed = {"reagent": {"Lithium Carbonate": 30.0}}
    moved = False
    for route in ROUTES:
        for chemistry, feed in (("NMC622", "eol_cell"), ("LFP", "eol_cell"), ("LFP", "black_mass")):
            mix = [(chemistry, feed, 20_000)]
            asked = {"battery": "pack", "changed": changed, "published": True}
            kept, mended = (
                processes.as_dict(processes.evaluate(processes.case(route, mix, "KOR", slips=slips, **asked)))
                for slips in (LEGACY, LEGACY.but(name, False))
            )
            moved |= any(
                kept[each] != mended[each]
                for each in (
                    *("cost_usd", "revenue_usd", "water_gal", "ghg_g", "transport_usd"),
                    *("disassembly_usd", "cathode_price_usd"),
                )
            )
    assert moved


def test_an_unknown_slip_is_refused() -> None:
    with pytest.raises(InputError, match="solvent_in_waste"):
        MENDED.but("typing", True)


# -- mixed feeds


def test_a_mix_of_one_chemistry_is_that_chemistry() -> None:
    for route in ROUTES:
        whole = processes.evaluate(processes.case(route, [("NMC811", "eol_pack", 9000)], "VNM"))
        parts = [("NMC811", "eol_pack", 4000), ("NMC811", "eol_pack", 5000)]
        split = processes.evaluate(processes.case(route, parts, "VNM"))
        assert split.cost_usd == pytest.approx(float(whole.cost_usd), rel=1e-12)
        assert split.revenue_usd == pytest.approx(float(whole.revenue_usd), rel=1e-12)
        assert split.burdens.ghg_g == pytest.approx(float(whole.burdens.ghg_g), rel=1e-12)


def test_products_of_a_mix_are_the_sum_of_its_streams() -> None:
    mix = [("NMC622", "eol_cell", 3000), ("LFP", "eol_cell", 6000), ("NCA", "black_mass", 1000)]
    joint = processes.evaluate(processes.case("hydrometallurgical", mix, "IDN")).products
    for product in ("cobalt", "nickel", "graphite", "lithium_carbonate_crude"):
        alone = sum(
            answer(chemistry=chemistry, feed=feed, throughput_t=tonnes).products[product] * tonnes
            for chemistry, feed, tonnes in mix
        )
        assert joint[product] * 10_000 == pytest.approx(float(alone), rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(
    route=st.sampled_from(("hydrometallurgical", "pyrometallurgical")),
    first=st.sampled_from(KNOWN),
    second=st.sampled_from(KNOWN),
    feed=st.sampled_from(tuple(FEEDS)),
    share=st.floats(0.05, 0.95),
)
def test_energy_water_and_emissions_of_a_mix_are_those_of_its_streams(
    route: str, first: str, second: str, feed: str, share: float
) -> None:
    mix = [(first, feed, 10_000 * share), (second, "eol_pack", 10_000 * (1 - share))]
    joint = processes.evaluate(processes.case(route, mix, "PHL")).burdens
    alone = [
        answer(route, chemistry=chemistry, feed=kind, throughput_t=tonnes, location="PHL").burdens
        for chemistry, kind, tonnes in mix
    ]
    for name in ("energy_mj", "water_gal", "ghg_g"):
        parts = share * getattr(alone[0], name) + (1 - share) * getattr(alone[1], name)
        assert getattr(joint, name) == pytest.approx(float(parts), rel=1e-9)


def test_direct_recycling_keeps_each_chemistry_apart_and_buys_a_line_for_each() -> None:
    mix = [("NMC622", "eol_cell", 5000), ("LFP", "eol_cell", 5000)]
    case = processes.evaluate(processes.case("direct", mix, "IDN"))
    assert {"cathode_NMC622", "cathode_LFP"} <= set(case.products)
    alone = processes.evaluate(processes.case("direct", [("NMC622", "eol_cell", 10_000)], "IDN"))
    dryer = next(name for name in alone.recovery.cost.equipment if name.endswith("Dryer"))
    assert case.recovery.cost.equipment[dryer] > alone.recovery.cost.equipment[dryer]


def test_a_plant_takes_no_more_than_five_streams() -> None:
    with pytest.raises(InputError, match="5 streams"):
        processes.case("direct", [("NMC622", "eol_cell", 1)] * 6, "IDN")


# -- places


def test_every_economy_has_a_plant_and_says_what_is_a_proxy() -> None:
    for economy in economies():
        case = answer(location=economy.code)
        assert np.isfinite(case.cost_usd)
        figures = {each.parameter: each for each in case.case.place.figures}
        assert figures["wage_usd_per_h"].value > 0
        for each in figures.values():
            assert (each.proxy_for == economy.code) != each.row.split("/")[1].startswith(f"{economy.code}.")
            if each.proxy_for:
                assert each.grade in ("C", "D")


def test_the_grid_of_the_place_decides_the_emissions_of_its_electricity() -> None:
    bhutan, mongolia = (answer("direct", location=code).burdens.ghg_g for code in ("BTN", "MNG"))
    assert mongolia - bhutan > 500


def test_lfp_is_taken_without_assumed_payment_unless_the_published_rule_is_kept() -> None:
    case = {"chemistry": "LFP", "location": "CHN"}
    assert answer(**case).fee_usd == 0
    assert answer(**case, legacy=True).fee_usd == -2
    kept = processes.evaluate(
        processes.case(
            "hydrometallurgical", [("LFP", "eol_cell", 1e4)], "THA", slips=replace(MENDED, lfp_paid=True)
        )
    )
    assert kept.fee_usd == -2


def test_newer_prices_pay_for_lithium_in_black_mass() -> None:
    case = {"feed": "black_mass", "location": "CHN"}
    older, newer = (answer(**case, price_set=name).fee_usd for name in processes.PRICE_SETS)
    assert newer > older
    assert answer(chemistry="LFP", **case, price_set="2025-26").fee_usd > 0


def test_black_mass_may_be_sold_instead_of_recovered() -> None:
    older, newer = (answer(price_set=name) for name in processes.PRICE_SETS)
    for case in (older, newer):
        assert case.preprocessing is not None
        sold = case.preprocessing.black_mass_usd
        assert case.black_mass_margin_usd == pytest.approx(
            float(
                case.preprocessing.revenue_usd
                + sold
                - case.preprocessing.cost.unit_cost
                - sum(leg.cost_usd for leg in case.transport.segments[:4])
            )
        )
    # Lithium is paid for in the newer set only: LFP black mass was worth nothing before.
    worth = [answer(chemistry="LFP", price_set=name).preprocessing for name in processes.PRICE_SETS]
    assert [float(plant.black_mass_usd) > 0 for plant in worth if plant] == [False, True]
    assert answer("pyrometallurgical").black_mass_margin_usd is None
    assert answer(feed="black_mass").black_mass_margin_usd is None


def test_a_pack_taken_apart_by_hand_costs_labour_and_gives_metals() -> None:
    whole = answer(battery="pack", feed="eol_pack")
    apart = answer(battery="pack", feed="eol_cell")
    assert whole.disassembly.cost_usd == 0
    assert apart.disassembly.module_to_cell_usd > 0
    assert {"copper", "aluminium", "steel", "electronics"} <= set(apart.disassembly.products)
    modules = answer(battery="pack", feed="eol_module")
    assert modules.disassembly.module_to_cell_usd == 0
    assert 0 < modules.disassembly.pack_to_module_usd < apart.disassembly.cost_usd
