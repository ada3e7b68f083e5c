"""What is owed under the targets of a day: each by its own mass, none made good by another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitaran.foundation.errors import InputError
from kitaran.law.obligations import Masses, obligations
from kitaran.law.targets import in_year, is_draft, over_years, shortfall_kg, targets, year_of

KG = st.floats(0, 1e9, allow_nan=False)
SHARE = st.floats(0, 1, allow_nan=False)
DAYS = ("2025-06-01", "2026-12-01", "2028-12-31", "2031-12-31", "2037-01-01")


def test_india_owes_recovery_and_recycled_content_by_dry_weight() -> None:
    masses = Masses(
        placed=100_000, collected=60_000, taken_in_dry=50_000, recovered_dry=44_000, new_dry=80_000
    )
    owed = {row.target.metric: row for row in obligations("IN", "2027-06-01", masses)}
    assert owed["collection target"].shortfall_kg == pytest.approx(10_000)  # 0.70 x 100,000 - 60,000
    assert owed["recovery of materials (dry weight)"].shortfall_kg == pytest.approx(1_000)  # 0.90 x 50,000
    content = owed["minimum domestically recycled material in new battery (dry weight)"]
    assert content.obligation_kg == content.shortfall_kg == pytest.approx(4_000)  # 0.05 x 80,000


def test_the_union_owes_each_element_by_itself() -> None:
    masses = Masses(
        taken_in_element={"Li": 1_000, "Co": 2_000},
        recovered_element={"Li": 400, "Co": 2_000},
    )
    owed = {row.target.element: row.shortfall_kg for row in obligations("EU", "2028-12-31", masses)}
    assert owed == {"Li": pytest.approx(100), "Co": 0}  # 0.50 x 1,000 - 400; cobalt is more than met


def test_efficiency_is_asked_of_the_class_of_battery() -> None:
    masses = Masses(taken_in=1_000, recycled=600)
    (lithium,) = obligations("EU", "2026-06-01", masses, battery_class="lithium-based")
    assert (lithium.obligation_kg, lithium.shortfall_kg) == (650, 50)


@pytest.mark.parametrize(
    ("day", "portable", "light"),
    [
        ("2027-12-30", 0.45, None),
        ("2027-12-31", 0.63, None),
        ("2028-12-31", 0.63, 0.51),
        ("2030-12-30", 0.63, 0.51),
        ("2030-12-31", 0.73, 0.51),
        ("2031-12-31", 0.73, 0.61),
    ],
)
def test_a_higher_collection_target_takes_the_place_of_the_lower(
    day: str, portable: float, light: float | None
) -> None:
    found = {row.battery_class: row.share for row in targets("EU", day, "collection")}
    assert found.get("portable") == portable
    assert found.get("LMT") == light


@pytest.mark.parametrize(
    ("day", "lithium"), [("2031-08-18", 0.06), ("2036-08-17", 0.06), ("2036-08-18", 0.12)]
)
def test_recycled_content_rises_in_2036_and_then_reaches_light_means_of_transport(
    day: str, lithium: float
) -> None:
    (target,) = (row for row in targets("EU", day, "recycled content") if row.element == "Li")
    assert target.share == lithium
    assert ("LMT" in target.battery_class) is (day >= "2036-08-18")


def test_one_number_at_a_time_holds_for_a_class_and_a_metric() -> None:
    for cc in ("IN", "EU", "VN", "BD", "JP", "SG", "CN", "KR"):
        for year in range(2020, 2041):
            held = [(row.battery_class, row.metric) for row in in_year(cc, year).targets]
            assert len(held) == len(set(held)), (cc, year)


def test_a_draft_is_no_law() -> None:
    assert not any(is_draft(row) for row in targets("VN", "2026-06-01"))
    assert any(is_draft(row) for row in targets("VN", "2026-06-01", drafts=True))


def test_the_year_of_india_runs_from_april_to_march() -> None:
    assert year_of("IN", 2027) == ("2027-04-01", "2028-03-31")
    assert year_of("EU", 2027) == ("2027-01-01", "2027-12-31")
    shares = {
        row.year: max(t.share for t in row.targets if "minimum" in t.metric)
        for row in over_years("IN", 2027, 2031)
    }
    assert shares == {2027: 0.05, 2028: 0.10, 2029: 0.15, 2030: 0.20, 2031: 0.20}


def test_years_that_run_backwards_are_refused() -> None:
    with pytest.raises(InputError, match="no span"):
        over_years("IN", 2030, 2027)


@given(of_kg=KG, share=SHARE, day=st.sampled_from(DAYS), cc=st.sampled_from(("IN", "EU")))
def test_a_shortfall_is_never_negative_and_closes_what_is_owed(
    of_kg: float, share: float, day: str, cc: str
) -> None:
    for target in targets(cc, day):
        missing = shortfall_kg(target, share * of_kg, of_kg)
        assert 0 <= missing <= of_kg
        assert share * of_kg + missing >= target.share * of_kg * (1 - 1e-12)
        assert shortfall_kg(target, of_kg, of_kg) == 0


@given(of_kg=st.floats(1, 1e6), more=st.floats(1, 1e3), day=st.sampled_from(DAYS))
def test_twice_the_mass_owes_twice_as_much(of_kg: float, more: float, day: str) -> None:
    for target in targets("EU", day):
        once, often = shortfall_kg(target, 0, of_kg), shortfall_kg(target, 0, of_kg * more)
        assert often == pytest.approx(once * more)


@given(surplus=st.floats(0, 1e6))
def test_a_surplus_of_one_element_never_makes_good_for_another(surplus: float) -> None:
    masses = Masses(
        taken_in_element={"Li": 1_000, "Ni": 1_000 + surplus},
        recovered_element={"Li": 0, "Ni": 1_000 + surplus},
    )
    owed = {row.target.element: row.shortfall_kg for row in obligations("EU", "2031-12-31", masses)}
    assert owed == {"Li": pytest.approx(800), "Ni": 0}
