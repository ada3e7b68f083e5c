"""Clocks of the procedure: from which row of the law's table, until when, and what silence means."""

from __future__ import annotations

from typing import Any

import pytest

from kitaran.foundation.errors import KitaranError
from kitaran.law import tables
from kitaran.law.book import packaged_book
from kitaran.registry.movement import clocks
from tests.registry.parties.test_facilities import found, permit

from .conftest import World, enrol_in, later

OUTSIDE = frozenset({"outside_union", "not_preconsented"})


def test_every_clock_stands_on_a_row_of_the_laws_table() -> None:
    known = {row["id"]: row for row in packaged_book().deadlines}
    for row in clocks._rows():
        law = known[row["deadline"]]
        assert set(tables.words(row["procedure"])) <= set(tables.words(law["procedure"])), row["clock"]
        silent = "tacit consent" in law["step"]
        assert (row["silence"] == "consents") <= silent, row["clock"]


@pytest.mark.parametrize(
    ("since", "value", "unit", "last"),
    [
        ("2026-03-02T23:59:00.000Z", 30, "days", "2026-04-01"),
        ("2026-03-06T08:00:00.000Z", 3, "working days", "2026-03-11"),
        ("2026-01-31T08:00:00.000Z", 1, "months", "2026-02-28"),
        ("2028-02-29T08:00:00.000Z", 1, "year", "2029-02-28"),
    ],
)
def test_a_period_ends_on_its_last_day(since: str, value: int, unit: str, last: str) -> None:
    assert clocks.end(since, value, unit) == last


def test_a_day_has_ended_when_it_has_ended_everywhere() -> None:
    assert not clocks.over("2026-04-01", "2026-04-02T11:59:59.999Z")
    assert clocks.over("2026-04-01", "2026-04-02T12:00:00.000Z")


def test_an_import_state_has_no_period_and_its_silence_is_no_consent() -> None:
    one = clocks.find(
        "decide", "basel_pic", "import", OUTSIDE, "2020-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"
    )
    assert one is not None
    assert (one.due, one.ended, one.silence) == (None, False, "waits")


def test_a_facility_with_a_pre_consent_shortens_the_clock() -> None:
    since, at = "2026-03-02T08:00:00.000Z", "2026-03-03T08:00:00.000Z"
    usual = clocks.find("decide", "oecd_amber", "import", OUTSIDE, since, at)
    quick = clocks.find(
        "decide", "oecd_amber", "import", frozenset({"outside_union", "preconsented"}), since, at
    )
    assert usual is not None
    assert quick is not None
    assert (usual.deadline, usual.due) == ("DL-08", "2026-04-01")
    assert (quick.deadline, quick.due) == ("DL-09", "2026-03-11")


def test_where_the_union_is_not_known_no_clock_of_it_runs() -> None:
    unknown = frozenset({"not_preconsented"})
    assert clocks.find("decide", "oecd_amber", "import", unknown, None, "2026-01-01T00:00:00.000Z") is None


def oecd(world: World, **changed: Any) -> World:
    """A notification between two members of the OECD, acknowledged by both."""
    sender = enrol_in(world.registry, "Japanese sender", "JPN", "operator")
    japan = enrol_in(world.registry, "Japanese authority", "JPN", "authority")
    there = World(world.registry, sender, world.recycler, world.carrier, japan, world.korean, world.officer)
    route = {"export": "JPN", "destination": "KOR"}
    there.notifies(procedure="oecd_amber", route=route, **changed)
    for who, economy in ((japan, "JPN"), (world.korean, "KOR")):
        who.say("acknowledged", "notification/n-1", {"economy": economy})
    return there


def states(world: World) -> dict[str, str]:
    return {one["economy"]: one["state"] for one in world.exporter.notification("n-1")["authorities"]}


def test_silence_is_consent_where_the_table_says_so_and_only_after_the_last_day(world: World) -> None:
    there = oecd(world)
    with later(days=30):
        assert states(there) == {"JPN": "acknowledged", "KOR": "acknowledged"}
        with pytest.raises(KitaranError, match="has not consented"):
            there.announces()
    with later(days=32):
        assert states(there) == {"JPN": "tacit", "KOR": "tacit"}
        there.announces(mass_kg="1000")
    with later(days=400):
        assert states(there) == {"JPN": "run_out", "KOR": "run_out"}


def test_an_objection_within_the_time_stops_the_silence_of_the_others(world: World) -> None:
    there = oecd(world)
    world.korean.say("objected", "notification/n-1", {"economy": "KOR", "reason": "No capacity"})
    with later(days=32):
        assert states(there) == {"JPN": "tacit", "KOR": "objected"}
        with pytest.raises(KitaranError, match="KOR has not consented: objected"):
            there.announces()


def test_silence_to_a_notification_under_a_procedure_that_the_law_does_not_find_is_no_consent(
    world: World,
) -> None:
    """Black mass is not under the OECD procedure by the tables: whoever says so gains nothing by waiting."""
    goods = {"kind": "black_mass", "chemistry": "NMC", "condition": "shredded", "purpose": "recycling"}
    there = oecd(world, goods=goods)
    with later(days=60):
        assert states(there) == {"JPN": "silent", "KOR": "silent"}


def test_the_period_of_a_pre_consented_facility_ends_without_a_word_on_silence(world: World) -> None:
    """The row of the table does not say that silence is consent, so written consent is waited for."""
    given = {
        "facility": "works-1",
        "preconsent": "pre-1",
        "reference": "PC 7",
        "authority": "Ministry",
        "economy": "KOR",
        "waste_codes": ["A1181"],
        "valid_from": "2026-01-01T00:00:00.000Z",
        "valid_until": "2028-01-01T00:00:00.000Z",
    }
    world.registry.hand.record("parties.preconsent_given", "facility/works-1", given)
    there = oecd(world)
    assert there.exporter.notification("n-1")["preconsented"]
    with later(days=20):
        assert states(there) == {"JPN": "silent", "KOR": "silent"}


def test_a_receipt_has_three_days_and_a_certificate_a_year_under_the_oecd_procedure(world: World) -> None:
    there = oecd(world)
    for who, economy in ((there.thai, "JPN"), (there.korean, "KOR")):
        there.consents(who, economy)
    there.departed()
    there.receives(days=27)
    with later(days=27):
        found_clocks = {one["step"]: one for one in there.exporter.movement("m-1")["clocks"]}
    assert (found_clocks["receive"]["deadline"], found_clocks["receive"]["period"]) == ("DL-12", "3 days")
    assert found_clocks["complete"]["due"] == "2027-03-29"
    with later(days=27 + 368):
        assert there.exporter.movement("m-1")["next"][0] == {
            "who": "facility",
            "economy": None,
            "what": "complete",
            "due": "2027-03-29",
            "late": True,
            "days_left": -3,
        }


def test_another_facility_has_no_share_in_the_pre_consent(world: World) -> None:
    found(
        world.registry, world.recycler.id, facility="works-2", economy="KOR", activities=["store", "recycle"]
    )
    permit(world.registry, facility="works-2", activities=["store", "recycle"])
    there = oecd(world, facility="works-2")
    assert not there.exporter.notification("n-1")["preconsented"]
