"""What is published on electric vehicles, as the packaged tables have it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.planning.fleet.history import histories, joint_market, market_from_share
from kitaran.reference import read


def test_an_economys_own_count_of_a_class_stands_before_its_part_of_a_joint_count() -> None:
    sold = histories("IND")["three_wheeler"].sold
    # VAHAN counts by class to 2023; in 2024 only IEA's joint count is a whole year, split 0.37.
    assert sold[2023].value == 582548
    assert sold[2024].value == pytest.approx(1_900_000 * 0.37, rel=1e-6)
    assert any(row.startswith("class_split/IND") for row in sold[2024].rows)


def test_the_parts_of_a_joint_count_add_up_to_it() -> None:
    found = histories("THA")
    whole = (
        read("ev_sales").where(economy="THA", vehicle_class="two_three_wheeler", year=2022).resolve().rows[0]
    )
    parts = found["two_wheeler"].sold[2022].value + found["three_wheeler"].sold[2022].value
    assert parts == pytest.approx(whole.central)


def test_battery_electric_and_plug_in_hybrid_cars_are_counted_together() -> None:
    china = histories("CHN")["car"]
    # IEA 2025: 6.4 and 4.9 million in 2024.
    assert china.sold[2024].value == 11_300_000
    assert china.hybrids[2024].value == pytest.approx(4.9 / 11.3)


def test_two_counts_of_one_year_span_a_range() -> None:
    cars = histories("IND")["car"].sold[2023]
    assert cars.low < cars.high
    assert len(cars.rows) >= 2


def test_a_stock_known_by_ends_only_has_a_range() -> None:
    stock = histories("BGD")["three_wheeler"].in_use[2024]
    assert (stock.low, stock.high) == (1_400_000, 4_000_000)
    assert stock.low < stock.value < stock.high


def test_a_rise_of_stock_beyond_sales_is_found_and_rounding_is_not_taken_for_one() -> None:
    india = histories("IND")["three_wheeler"].rise
    assert india[2017] > 400_000
    china = histories("CHN")["car"].rise
    assert max(china.values()) < 0.02 * histories("CHN")["car"].sold[2024].value


def test_a_count_of_all_classes_is_split_by_the_classes_known() -> None:
    laos = histories("LAO")
    parts = [laos[name].in_use[2023].value for name in laos if 2023 in laos[name].in_use]
    assert sum(parts) == pytest.approx(7000)


def test_an_economy_without_any_figure_has_an_empty_history() -> None:
    assert all(not found.sold and not found.in_use for found in histories("NIU").values())


def test_the_size_of_a_market_follows_from_sales_and_share() -> None:
    cars = histories("CHN")["car"]
    market = market_from_share(cars.sold, cars.share)
    assert market is not None
    # 22 to 24 million cars a year in China.
    assert 20e6 < market.low <= market.value <= market.high < 26e6
    joint = joint_market("VNM")
    assert joint is not None
    assert 2e6 < joint.value < 4e6


def test_a_part_of_a_year_is_carried_over_to_twelve_months(tmp_path: Path) -> None:
    found = histories("THA")["car"].sold[2025]
    # January to July 2025: 63,334 battery-electric and 5,671 plug-in hybrid cars.
    assert found.value == pytest.approx((63334 + 5671) * 12 / 7)
    assert found.low == pytest.approx(63334 + 5671)


def test_a_few_hundred_registered_vehicles_do_not_shrink_millions_of_easy_bikes() -> None:
    # Bangladesh: 500 registered EVs in 2025 of all classes, 1.4 to 4 million easy bikes in 2024.
    known = histories("BGD")
    assert max(known["three_wheeler"].in_use) == 2024
    assert known["car"].in_use[2025].value == pytest.approx(500, rel=0.5)
