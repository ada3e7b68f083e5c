"""What the packaged tables hold, read with the eyes of someone who knows the field."""

from __future__ import annotations

import pytest

from kitaran import reference
from kitaran.reference import FactTable

CLASSES = ("e_bike", "two_wheeler", "three_wheeler", "car", "van", "bus", "truck")
ELEMENTS = ("Li", "Co", "Ni", "Mn", "Cu", "graphite", "Pb", "pack_mass")


def central(table: FactTable, **keys: object) -> float:
    """The one resolved figure of a key."""
    (row,) = table.where(**keys).resolve()  # type: ignore[arg-type]
    return row.central


def test_the_region_is_the_58_members_and_associates_of_escap() -> None:
    inside = [economy for economy in reference.economies() if economy.in_region]
    assert len(inside) == 58
    assert sum(economy.membership == "associate" for economy in inside) == 9
    outside = {economy.code for economy in reference.economies()} - {economy.code for economy in inside}
    assert outside == {"TWN", "USA", "CAN", "DEU", "ARE"}


def test_each_subregion_holds_its_members() -> None:
    count: dict[str, int] = {}
    for economy in reference.economies():
        count[economy.subregion] = count.get(economy.subregion, 0) + 1
    assert count == {"ENEA": 7, "SEA": 11, "SSWA": 10, "NCA": 9, "ANZ": 2, "PAC": 19, "PARTNER": 5}


def test_every_economy_can_be_drawn_on_a_map() -> None:
    for economy in reference.economies():
        assert -50 < (economy.display_lat or 0.0) < 65, economy.name
        assert 0 < abs(economy.display_lon or 0.0) <= 180, economy.name


def test_no_packaged_table_has_an_error() -> None:
    errors = [finding for finding in reference.check() if finding.level == "error"]
    assert errors == []


def test_every_figure_names_a_known_source() -> None:
    known = {str(source) for source in reference.read("sources").column("source")}
    for name in reference.names():
        table = reference.read(name)
        if "source" in table.meta.columns and name != "sources":
            assert {row.source for row in table} <= known, name


def test_thailand_sold_77_thousand_battery_cars_in_2023_as_iea_and_its_association_agree() -> None:
    sales = reference.read("ev_sales").where(
        economy="THA", vehicle_class="car", powertrain="BEV", year=2023, basis="annual"
    )
    by_source = {row.source: row.central for row in sales}
    assert by_source["iea-gevo-2025"] == 77_000
    assert any(value == 76_366 for value in by_source.values())


def test_iea_and_vahan_agree_on_indian_two_and_three_wheelers_within_five_percent() -> None:
    # Finding 2 of the data pack: 2015 to 2023 but for unregistered vehicles; 2014 differs by far.
    sales = reference.read("ev_sales").where(economy="IND", powertrain="BEV", basis="annual")
    for year in (2016, 2019, 2021, 2022, 2023):
        joint = central(sales, vehicle_class="two_three_wheeler", year=year)
        two = sales.where(vehicle_class="two_wheeler", year=year, source="vahan-2024")
        three = sales.where(vehicle_class="three_wheeler", year=year, source="vahan-2024")
        assert two.rows[0].central + three.rows[0].central == pytest.approx(joint, rel=0.05), year


def test_a_part_of_a_year_is_never_an_annual_figure() -> None:
    sales = reference.read("ev_sales")
    for row in sales.where(basis="annual"):
        assert row["months"] == 12, row.id
    words = ("January-", "first quarter", " months,", "part year", "cumulative")
    for row in sales.where(basis=("annual", "fiscal_year")):
        assert not any(word in row.text("note").split(";")[0] for word in words), row.id


def test_nepal_counts_in_fiscal_years() -> None:
    sales = reference.read("ev_sales").where(economy="NPL")
    assert len(sales.where(basis="annual")) == 0
    assert central(sales, vehicle_class="car", powertrain="BEV", year=2023, basis="fiscal_year") == 11_701


def test_hybrids_and_fuel_cells_are_not_counted() -> None:
    for name in ("ev_sales", "ev_stock"):
        assert {str(kind) for kind in reference.read(name).column("powertrain")} <= {"BEV", "PHEV", "EV"}


def test_a_mirror_or_an_assumption_is_never_better_than_grade_d() -> None:
    weak = {
        row.text("source")
        for row in reference.read("sources")
        if row.text("kind") in ("mirror", "assumption")
    }
    for name in reference.names():
        table = reference.read(name)
        if table.meta.kind == "facts":
            assert {row.grade for row in table if row.source in weak} <= {"D"}, name


def test_the_conflicting_counts_of_bangladeshi_three_wheelers_all_stand() -> None:
    stock = reference.read("ev_stock").where(economy="BGD", vehicle_class="three_wheeler", year=2024)
    (resolved,) = stock.resolve()
    assert len(stock) == 5
    assert resolved.span == (1_400_000, 4_000_000)


def test_chinese_e_bikes_outnumber_what_iea_counts() -> None:
    sales = reference.read("ev_sales").where(economy="CHN", powertrain="BEV", basis="annual")
    for year in (2019, 2020, 2021, 2023):
        (e_bikes,) = sales.where(vehicle_class="e_bike", year=year).resolve()
        iea = central(sales, vehicle_class="two_three_wheeler", year=year)
        assert e_bikes.central > 3 * iea
        assert e_bikes.span[0] <= e_bikes.central - 0.9 * iea, "the low end takes out what IEA may count too"


def test_one_share_of_three_wheelers_for_all_would_be_wrong_by_ten_times() -> None:
    split = reference.read("class_split")
    assert central(split, region="IND", year=2024) == pytest.approx(0.37)
    assert central(split, region="CHN", year=2023) == pytest.approx(0.04, abs=0.005)


def test_chemistry_shares_add_up_to_one() -> None:
    sums: dict[tuple[str, str, int], float] = {}
    for row in reference.read("chemistry_share").resolve():
        whole = (row.text("region"), row.text("vehicle_class"), int(row["year"] or 0))
        sums[whole] = sums.get(whole, 0.0) + row.central
    assert len(sums) > 200
    for whole, total in sums.items():
        assert total == pytest.approx(1, abs=0.01), whole


def test_use_shares_add_up_to_one() -> None:
    sums: dict[tuple[str, str], float] = {}
    for row in reference.read("use_share").resolve():
        whole = (row.text("region"), row.text("vehicle_class"))
        sums[whole] = sums.get(whole, 0.0) + row.central
    assert {vehicle_class for region, vehicle_class in sums if region == "ALL"} == set(CLASSES)
    for whole, total in sums.items():
        assert total == pytest.approx(1, abs=1e-9), whole


@pytest.mark.parametrize("vehicle_class", CLASSES)
def test_a_lookup_for_any_economy_is_always_answered(vehicle_class: str) -> None:
    everywhere = {"region": "ALL", "vehicle_class": vehicle_class}
    for name in ("chemistry_share", "use_share", "powertrain_share"):
        assert len(reference.read(name).where(**everywhere)) > 0, name
    for parameter in ("share_in_swapping", "packs_per_vehicle"):
        assert len(reference.read("swap_spares").where(**everywhere, parameter=parameter)) == 1
    packs = reference.read("battery_capacity").where(**everywhere)
    assert len(packs.where(powertrain="BEV", battery_type="lithium")) > 0
    assert len(packs.where(powertrain="PHEV", battery_type="lithium")) > 0
    chemistries = {row.text("chemistry") for row in reference.read("chemistry_share").where(**everywhere)}
    has_lead = len(packs.where(powertrain="BEV", battery_type="lead_acid")) > 0
    assert has_lead == ("lead_acid" in chemistries)


def test_every_use_has_a_life_of_vehicle_and_battery() -> None:
    lives = reference.read("lifetimes")
    for row in reference.read("use_share").where(region="ALL"):
        keys = {"region": "ALL", "vehicle_class": row["vehicle_class"], "use": row["use"]}
        assert len(lives.where(**keys, component="vehicle", battery_type="any")) > 0, keys
        assert len(lives.where(**keys, component="battery", battery_type="lithium")) > 0, keys
        if row["vehicle_class"] in ("e_bike", "two_wheeler", "three_wheeler"):
            assert len(lives.where(**keys, component="battery", battery_type="lead_acid")) > 0, keys


def test_lead_acid_packs_of_e_rickshaws_live_six_to_twelve_months() -> None:
    lives = reference.read("lifetimes").where(
        vehicle_class="three_wheeler", use="e_rickshaw", component="battery", battery_type="lead_acid"
    )
    india, bangladesh = (central(lives, region=region) for region in ("IND", "BGD"))
    assert 6 / 12 <= india <= 8 / 12
    assert 6 / 12 <= bangladesh <= 1


def test_a_chinese_taxi_reaches_its_600_000_km_before_its_eight_years() -> None:
    (taxi,) = (
        reference.read("lifetimes")
        .where(region="CHN", vehicle_class="car", use="taxi", component="vehicle")
        .resolve()
    )
    assert taxi.source == "china-scrapping-standard-2012"
    assert taxi.central == pytest.approx(600_000 / (300 * 340), abs=0.2)
    assert taxi.span == (5, 8), "from the average of 2011 to the legal age"


def test_every_chemistry_says_what_it_holds() -> None:
    composition = reference.read("composition")
    for chemistry in composition.meta.columns["chemistry"].values:
        for item in ELEMENTS:
            assert len(composition.where(chemistry=chemistry, item=item)) > 0, (chemistry, item)


def test_composition_follows_the_chemistry() -> None:
    # A nickel-cobalt cathode holds nearly 1 kg of metal per kWh, LFP neither; lead-acid is mostly lead.
    composition = reference.read("composition").resolve()

    def mass(chemistry: str, item: str) -> float:
        return central(composition, chemistry=chemistry, item=item)

    for chemistry in ("NMC111", "NMC532", "NMC622", "NMC811"):
        metals = sum(mass(chemistry, item) for item in ("Ni", "Co", "Mn"))
        assert 0.7 < metals < 1.0
        assert 0.08 < mass(chemistry, "Li") < 0.13
        assert metals < mass(chemistry, "pack_mass") < 7
    assert mass("NMC111", "Ni") == pytest.approx(mass("NMC111", "Co"), rel=0.01)
    assert mass("LFP", "Ni") == mass("LFP", "Co") == 0
    assert mass("LFP", "P") / mass("LFP", "Fe") == pytest.approx(30.974 / 55.845, rel=0.06), (
        "LiPF6 adds some P"
    )
    assert 0.5 < mass("lead_acid", "Pb") / mass("lead_acid", "pack_mass") < 0.75


def test_lmo_is_not_a_copy_of_lco() -> None:
    # EverBatt's LMO column repeats LCO: graphite 0.803 and pack 6.32 kg/kWh.
    lmo = reference.read("composition").where(chemistry="LMO")
    assert "everbatt-2023" not in {row.source for row in lmo}
    assert {row.grade for row in lmo.where(item="pack_mass")} == {"D"}


def test_indian_pack_sizes_keep_their_range_in_order_though_the_low_case_lies_above_the_baseline() -> None:
    (pack,) = (
        reference.read("battery_capacity")
        .where(region="IND", vehicle_class="car", powertrain="BEV", battery_type="lithium", year=2050)
        .resolve()
    )
    low, high = pack.span
    assert low <= pack.central < high


def test_a_projection_ahead_never_repeats_history() -> None:
    years = reference.read("ev_sales_projection").column("year")
    assert years.min() == 2025
    ahead = reference.read("ev_sales_share").where(path=("STEPS", "APS")).column("year")
    assert ahead.min() >= 2025


def test_every_member_has_people_now_or_ahead() -> None:
    macro = reference.read("macro").where(parameter=("population", "population_projection"))
    counted = {str(code) for code in macro.column("economy")}
    assert {economy.code for economy in reference.economies() if economy.in_region} <= counted


def test_the_package_stays_small() -> None:
    folder = reference.library().folder
    assert sum(len(path.read_bytes()) for path in folder.iterdir() if path.is_file()) < 6_000_000
