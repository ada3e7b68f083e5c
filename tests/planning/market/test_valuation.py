"""What a used battery is worth: against hand calculations from the rows, and by its laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kitaran import reference, valuation
from kitaran.foundation.errors import InputError

CHEMISTRIES = ("LFP", "NMC111", "NMC532", "NMC622", "NMC721", "NMC811", "NCA", "NMCA")


def row(table: str, **keys: str) -> reference.Row:
    (found,) = reference.read(table).where(**keys).resolve().rows
    return found


def figure(table: str, **keys: str) -> float:
    return row(table, **keys).central


def price(item: str, group: str = "metal") -> float:
    return figure("plant_prices", price_set="2025-26", group=group, item=item)


def one(values: np.ndarray) -> float:
    (found,) = values
    return float(found)


# -- metals


def test_the_metals_of_an_nmc_pack_are_contained_mass_times_price_times_payable() -> None:
    pack = valuation.value("NMC622", 60, "THA", soh=0.5)
    contained = {item: figure("composition", chemistry="NMC622", item=item) for item in ("Co", "Ni")}
    by_hand = 60 * 0.3 * (contained["Co"] * price("Co") + contained["Ni"] * price("Ni"))
    assert str(pack.route[0]) == "recycle"
    assert one(pack.terms_usd["metals"]) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(60 * 0.3 * (0.173857 * 52.9 + 0.519446 * 15.1874), rel=1e-9)


def test_nobody_is_assumed_to_pay_for_lfp_so_that_handing_it_over_costs_the_way() -> None:
    pack = valuation.value("LFP", 60, "THA", soh=0.4)
    assert str(pack.driver[0]) == "gate_fee"
    assert one(pack.terms_usd["metals"]) == 0
    assert one(pack.value_usd) == one(pack.terms_usd["transport"]) < 0
    assert {"costs_to_hand_over", "nobody_assumed_to_pay"} <= set(pack.reasons[0])


def test_black_mass_is_paid_by_payables_of_its_nickel_cobalt_and_lithium() -> None:
    lot = valuation.value("NMC622", 0, "KOR", form="black_mass", mass_kg=1000)
    molar = {"Li": 6.94, "Ni": 58.693, "Mn": 54.938, "Co": 58.933, "O": 15.999}
    cathode = figure(
        "plant_composition", feed_level="black_mass", chemistry="NMC622", component="Active cathode material"
    )
    formula = molar["Li"] + 0.6 * molar["Ni"] + 0.2 * molar["Mn"] + 0.2 * molar["Co"] + 2 * molar["O"]
    share = {"Co": 0.2 * molar["Co"], "Ni": 0.6 * molar["Ni"], "Li": molar["Li"]}
    kg = {name: 1000 * cathode * part / formula for name, part in share.items()}
    by_hand = 0.78 * (kg["Co"] * price("Co") + kg["Ni"] * price("Ni"))
    by_hand += 0.77 * kg["Li"] * 37 / 7 * price("Lithium Carbonate", "reagent")
    assert one(lot.terms_usd["metals"]) == pytest.approx(by_hand, rel=0.01)


def test_before_2025_no_lithium_of_black_mass_was_paid_for() -> None:
    lot = valuation.value("LFP", 0, "KOR", form="black_mass", mass_kg=1000, as_of="2023-06")
    assert one(lot.terms_usd["metals"]) == 0


def test_a_lead_acid_battery_is_bought_by_its_weight_at_a_share_of_the_price_of_lead() -> None:
    pack = valuation.value("lead_acid", 5, "BGD")
    share = figure("prices", item="scrap_lead_acid_price")
    lead = figure("prices", item="lead", basis="annual mean of months, nominal", period="2025") / 1000
    mass = 5 * figure("composition", chemistry="lead_acid", item="pack_mass")
    assert one(pack.terms_usd["metals"]) == pytest.approx(share * lead * mass)
    assert one(pack.value_usd) > 0
    assert "no_ageing_model" in pack.reasons[0]


def test_a_recyclers_own_offer_stands_in_place_of_payables() -> None:
    offer = valuation.value("LFP", 60, "THA", soh=0.4, own={"recycler_pays_usd_per_kg": 1.5})
    assert one(offer.terms_usd["metals"]) == pytest.approx(
        1.5 * 60 * figure("composition", chemistry="LFP", item="pack_mass")
    )


# -- second life


def test_the_terms_add_up_to_the_value_for_every_form_and_condition() -> None:
    forms = ["vehicle", "pack", "module", "cells"] * 3
    conditions = ["sound"] * 4 + ["unknown"] * 4 + ["damaged"] * 4
    worth = valuation.value("NMC622", 40, "VNM", soh=0.8, age=6, form=forms, condition=conditions)
    total = np.nansum(np.stack(list(worth.terms_usd.values())), axis=0)
    assert total == pytest.approx(worth.value_usd)


def test_throughput_is_worth_new_price_times_health_less_distrust() -> None:
    pack = valuation.value("LFP", 50, "IND", soh=0.85, age=7)
    factors = {name: one(values) for name, values in pack.factors.items()}
    new = figure("prices", item="pack_price_stationary") * figure(
        "value_assumptions", name="small_buyer_markup"
    )
    assert factors["new_usd_per_kwh"] == pytest.approx(new)
    by_hand = 50 * factors["accepted"] * new * factors["health_factor"] * (1 - factors["trust_discount"])
    assert one(pack.terms_usd["throughput"]) == pytest.approx(by_hand)
    assert 0 < factors["health_factor"] <= 0.85


def test_the_market_for_used_packs_is_the_most_that_is_asked() -> None:
    pack = valuation.value("NMC622", 60, "THA", soh=0.85, age=5, own={"used_pack_usd_per_kwh": 12})
    assert str(pack.driver[0]) == "used_market"
    assert one(pack.value_usd) == pytest.approx(12 * 60 + one(pack.terms_usd["transport"]))
    assert "market_pays_no_more" in pack.reasons[0]


def test_a_damaged_pack_is_recycled_and_travels_in_dearer_packaging() -> None:
    sound, damaged = (valuation.value("LFP", 60, "THA", soh=0.4, condition=c) for c in ("sound", "damaged"))
    assert set(damaged.routes_usd) == {"recycle"}
    mass = 60 * figure("composition", chemistry="LFP", item="pack_mass")
    approved = figure("plant_parameters", group="collection", parameter="packaging_damaged_usd_per_kg")
    plain = figure("plant_parameters", group="transport", parameter="packaging_haz")
    dearer = one(sound.terms_usd["transport"]) - one(damaged.terms_usd["transport"])
    assert dearer == pytest.approx(mass * (approved - plain))


def test_an_untested_pack_has_a_wider_range_and_says_what_a_test_would_be_worth() -> None:
    untested = valuation.value("NMC622", 60, "THA", age=8)
    tested = valuation.value("NMC622", 60, "THA", age=8, soh=0.75, soh_low=0.73, soh_high=0.77)
    width = {name: one(each.p90_usd - each.p10_usd) for name, each in (("un", untested), ("te", tested))}
    assert width["un"] > width["te"]
    assert one(untested.value_usd) == pytest.approx(one(tested.value_usd))
    assert one(untested.test_gain_usd) > one(untested.test_cost_usd) > 0
    assert one(tested.test_gain_usd) == one(tested.test_cost_usd) == 0


def test_a_vehicle_is_worth_no_more_than_the_market_pays_for_its_age() -> None:
    car = valuation.value("NMC622", 60, "THA", form="vehicle", soh=0.95, age=[0.0, 5.0, 10.0])
    price, lost = (
        figure("vehicle_values", vehicle_class="car", parameter=name)
        for name in ("new_price", "depreciation")
    )
    assert np.all(car.value_usd <= price * (1 - lost) ** np.array([0.0, 5.0, 10.0]) + 1e-9)
    assert np.all(np.diff(car.value_usd) < 0)
    assert lost == 0.139


def test_a_worn_out_cheap_vehicle_is_taken_apart() -> None:
    rickshaw = valuation.value("lead_acid", 6, "BGD", form="vehicle", vehicle_class="three_wheeler", age=6)
    assert str(rickshaw.route[0]) == "recycle"
    assert one(rickshaw.terms_usd["body_scrap"]) > 0


# -- laws


@settings(max_examples=25, deadline=None)
@given(
    chemistry=st.sampled_from(CHEMISTRIES),
    kwh=st.floats(1, 120),
    age=st.floats(0, 20),
    form=st.sampled_from(("pack", "module", "cells", "vehicle")),
)
def test_a_healthier_battery_is_never_worth_less(chemistry: str, kwh: float, age: float, form: str) -> None:
    """Only electricity for testing a fuller pack runs the other way: some cents a kWh."""
    soh = np.linspace(0.35, 1.0, 30)
    worth = valuation.value(chemistry, kwh, "THA", soh=soh, age=age, form=form, samples=4)
    assert np.all(np.diff(worth.value_usd) > -0.005 * kwh)


@settings(max_examples=25, deadline=None)
@given(chemistry=st.sampled_from(CHEMISTRIES), soh=st.floats(0.3, 1.0), kwh=st.floats(1, 120))
def test_an_older_battery_of_the_same_health_is_never_worth_more(
    chemistry: str, soh: float, kwh: float
) -> None:
    worth = valuation.value(chemistry, kwh, "THA", soh=soh, age=np.linspace(0, 25, 20), samples=4)
    assert np.all(np.diff(worth.value_usd) <= 1e-9)


@settings(max_examples=25, deadline=None)
@given(chemistry=st.sampled_from(CHEMISTRIES), soh=st.floats(0.3, 1.0), age=st.floats(0, 20))
def test_a_used_pack_is_never_worth_more_than_a_new_one_of_its_capacity(
    chemistry: str, soh: float, age: float
) -> None:
    worth = valuation.value(chemistry, 60, ("THA", "IND", "JPN"), soh=soh, age=age, samples=4)
    assert np.all(worth.routes_usd["reuse"] <= soh * worth.factors["new_usd_per_kwh"] * 60)


@pytest.mark.parametrize(
    "name", ["new_pack_usd_per_kwh", "used_pack_usd_per_kwh", "cobalt_usd_per_kg", "nickel_usd_per_kg"]
)
def test_a_dearer_market_never_lowers_a_value(name: str) -> None:
    found = [
        one(valuation.value("NMC622", 60, "IND", soh=0.8, age=6, own={name: price}).value_usd)
        for price in (1, 20, 60, 150)
    ]
    assert found == sorted(found)


def test_dearer_work_longer_ways_and_more_distrust_never_raise_a_value() -> None:
    for name, values in {
        "work_usd_per_kwh": (1, 20, 60),
        "distance_km": (10, 500, 3000),
        "trust_discount": (0.1, 0.4, 0.9),
    }.items():
        found = [
            one(valuation.value("NMC622", 60, "IND", soh=0.8, age=6, own={name: each}).value_usd)
            for each in values
        ]
        assert found == sorted(found, reverse=True)


def test_batteries_valued_together_have_the_value_that_they_have_alone() -> None:
    chemistry, soh = ["LFP", "NMC622", "LFP", "NCA"], [0.9, 0.7, 0.5, np.nan]
    together = valuation.value(chemistry, [10, 60, 2, 50], ["THA", "JPN", "IND", "CHN"], soh=soh, age=5)
    for index in range(4):
        alone = valuation.value(
            chemistry[index],
            [10, 60, 2, 50][index],
            ["THA", "JPN", "IND", "CHN"][index],
            soh=soh[index],
            age=5,
        )
        assert one(alone.value_usd) == pytest.approx(together.value_usd[index])
        assert one(alone.p90_usd) == pytest.approx(together.p90_usd[index])
        assert alone.reasons[0] == together.reasons[index]


def test_the_value_lies_in_its_range() -> None:
    worth = valuation.value(list(CHEMISTRIES), 50, "LKA", soh=0.8, soh_low=0.7, soh_high=0.88, age=8)
    assert np.all((worth.p10_usd <= worth.value_usd) & (worth.value_usd <= worth.p90_usd))


def test_one_bad_range_makes_the_grade() -> None:
    assert str(valuation.value("NMC622", 60, "THA", soh=0.8).grade[0]) == "D"


@pytest.mark.parametrize(
    "every", [pytest.param(1, marks=pytest.mark.slow, id="all"), pytest.param(8, id="some")]
)
def test_every_economy_of_the_region_gets_a_value(every: int) -> None:
    codes = [each.code for each in reference.economies()][::every]
    worth = valuation.value("LFP", 50, codes, soh=0.82, age=7, samples=20)
    assert np.all(np.isfinite(worth.value_usd))


# -- money and time


@pytest.mark.parametrize("code", ["THA", "IND", "JPN", "LAO"])
def test_local_currency_is_dollars_times_the_newest_rate(code: str) -> None:
    told = valuation.as_dict(valuation.value("NMC622", 60, code, soh=0.8))
    rows = reference.read("exchange_rates").where(economy=code).resolve()
    newest = max(row.year or 0 for row in rows)
    assert told["local"]["value"] == pytest.approx(told["value_usd"] * told["local"]["per_usd"])
    assert told["local"]["per_usd"] in [row.central for row in rows if row.year == newest]


def test_the_price_of_a_new_pack_is_that_of_its_day() -> None:
    now, then = (
        one(valuation.value("LFP", 60, "THA", soh=0.8, as_of=day).factors["new_usd_per_kwh"])
        for day in ("", "2022-06")
    )
    bnef = figure("prices", item="li_ion_pack_price_bnef", period="2022")
    all_now = figure("prices", item="pack_price", basis="BNEF, all uses, volume-weighted")
    assert then == pytest.approx(now * bnef / all_now)


@pytest.mark.parametrize(
    ("day", "words"),
    [("abc", "is no day"), ("2026-13", "is no day"), ("1900", "not known"), ("2018-06", "not known")],
)
def test_a_day_that_is_none_or_has_no_prices_is_refused(day: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        valuation.value("LFP", 60, "THA", as_of=day)
    assert refused.value.place == "as_of"


def test_the_first_day_with_prices_has_a_value() -> None:
    assert valuation.value("LFP", 60, "THA", soh=0.8, as_of="2019-06").value_usd.shape == (1,)


def test_the_widest_swing_stands_first_and_holds_the_value() -> None:
    worth = valuation.value("NMC622", 60, "THA", age=8)
    swings = valuation.swings(worth)
    widths = [each.width for each in swings]
    assert widths == sorted(widths, reverse=True)
    assert swings[0].name == "soh"
    assert swings[0].at_low_usd <= one(worth.value_usd) <= swings[0].at_high_usd


# -- refusals


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        ("chemistry", {"chemistry": "XYZ"}),
        ("economy", {"economy": "ATL"}),
        ("form", {"form": "soup"}),
        ("condition", {"condition": "fine"}),
        ("application", {"application": "rocket"}),
        ("vehicle_class", {"vehicle_class": "tank", "form": "vehicle"}),
        ("kwh", {"kwh": 0}),
        ("soh", {"soh": 1.5}),
        ("soh", {"soh": 0.8, "soh_low": 0.9}),
        ("soh", {"soh_low": 0.9}),
        ("age", {"age": -1}),
        ("mass_kg", {"form": "black_mass"}),
        ("distance_km", {"own": {"distance_km": -1}}),
        ("gold", {"own": {"gold": 1}}),
        ("lot", {"kwh": [1, 2], "soh": [0.5, 0.6, 0.7]}),
    ],
)
def test_what_cannot_be_valued_is_refused_with_its_place(place: str, changed: dict[str, object]) -> None:
    asked: dict[str, object] = {"chemistry": "NMC622", "kwh": 60, "economy": "THA"} | changed
    with pytest.raises(InputError) as refused:
        valuation.value(**asked)  # type: ignore[arg-type]
    assert refused.value.faults[0].place == place
    assert refused.value.faults[0].remedy


def test_black_mass_of_a_chemistry_nobody_assayed_is_refused() -> None:
    with pytest.raises(InputError, match="black mass of LTO"):
        valuation.value("LTO", 0, "CHN", form="black_mass", mass_kg=10)


# -- pace


def test_ten_thousand_packs_are_valued_at_once() -> None:
    many, random = 10_000, np.random.default_rng(1)
    words = {
        "chemistry": random.choice(["LFP", "NMC622", "NMC811", "NCA"], many),
        "economy": random.choice(["THA", "IND", "CHN", "VNM", "IDN"], many),
    }
    numbers = {"soh": random.uniform(0.5, 0.95, many), "age": random.uniform(2, 15, many)}
    worth = valuation.value(kwh=random.uniform(1, 90, many), **words, **numbers)
    assert worth.value_usd.shape == (many,)
    assert np.all(worth.p10_usd <= worth.value_usd)
    assert np.all(worth.value_usd <= worth.p90_usd)


def test_work_that_a_test_shows_to_be_in_vain_stops_there() -> None:
    """The worst that a second life can bring is the recycler's price less the test and the way to it."""
    untested = valuation.value("NMC622", 60, "THA", age=8)
    floor = one(untested.routes_usd["recycle"] + untested.terms_usd["test"] + untested.terms_usd["transport"])
    assert one(untested.terms_usd["stopped"]) == 0
    assert floor - 150 < one(untested.p10_usd) < one(untested.value_usd)
    worn = valuation.value("NMC622", 60, "THA", age=8, soh=0.5)
    assert one(worn.routes_usd["reuse"]) < one(worn.routes_usd["recycle"]) == one(worn.value_usd)
    assert "stopped" not in {name for name, each in worn.terms_usd.items() if one(each) == one(each)}


def test_a_figure_in_another_unit_says_so() -> None:
    told = valuation.as_dict(valuation.value("lead_acid", 5, "BGD"))
    units = {each["name"]: (each["value"], each["unit"]) for each in told["figures"]}
    assert units["lead"] == (pytest.approx(1.96428), "USD/kg")
    assert units["transport/distance_2_to_preprocessor"] == (pytest.approx(804.672), "km")


def test_black_mass_of_lfp_rests_on_lithium_alone() -> None:
    told = valuation.as_dict(valuation.value("LFP", 0, "CHN", form="black_mass", mass_kg=1000))
    names = {each["name"] for each in told["figures"]}
    assert "lithium_carbonate" in names
    assert not names & {"cobalt", "nickel"}
