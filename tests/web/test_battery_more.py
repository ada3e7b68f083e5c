"""What known readers see on the page of one battery: health, life left, whose it is, lineage, the proof."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import service as custody
from kitaran.registry.ledger import verifier
from kitaran.registry.parties.alerts import finding
from kitaran.registry.passport import service
from kitaran.registry.passport.kinds import item_of
from kitaran.registry.passport.ratings import rated
from kitaran.registry.passport.recalls import FINDERS
from kitaran.web.app import create_app
from kitaran.web.battery.charts import MOST_ROWS, WIDTH, health_chart, lineage_picture
from kitaran.web.battery.health import health_of
from tests.registry.parties.conftest import Client
from tests.registry.passport.conftest import Cast, cast
from tests.registry.passport.made_up import values_of

RATED = {
    "rated_capacity_ah": "100",
    "rated_energy_kwh": "5.12",
    "nominal_voltage_v": "51.2",
    "derived": None,
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(Workspace.make(tmp_path_factory.mktemp("more") / "work"))
    with TestClient(app, base_url="http://127.0.0.1") as made:
        yield made


@pytest.fixture(scope="module")
def players(client: TestClient) -> Cast:
    registry: Registry = client.app.state.registry.whole()  # type: ignore[attr-defined]
    made = cast(registry)
    rated_of = {name: value for name, value in RATED.items() if value is not None}
    told = values_of("model", "static") | {"chemistry": "LFP", "category": "lmt", **rated_of}
    service.register_model(made.hand(made.producer), made.producer.operator, "lfp-1", told)
    return made


def battery_of(players: Cast, serial: str) -> str:
    row = {"model": "lfp-1", "serial_number": serial, "batch_number": "B5"}
    return service.issue_batch(players.hand(players.producer), players.producer.operator, [row]).batteries[0]


def facts(client: TestClient, battery: str, who: Client, query: str = "") -> dict[str, Any]:
    headers = {"authorization": f"Bearer {who.token}"}
    found: dict[str, Any] = client.get(f"/b/{battery}.json{query}", headers=headers).json()
    return found


def page(client: TestClient, path: str, who: Client) -> str:
    answer = client.get(path, headers={"authorization": f"Bearer {who.token}"})
    assert answer.status_code == 200, answer.text
    return answer.text


# -- health and life left


def reading_of(attribute: str, value: str, day: str, seq: int, error: str | None = None) -> dict[str, Any]:
    told = {"attribute": attribute, "value": value, "at": f"{day}T00:00:00.000Z", "seq": seq, "error": error}
    return told | {"source": "measured", "instrument": "Bench 4"}


def test_the_newest_reading_tells_and_older_ones_of_its_kind_stand_beside_it() -> None:
    found = health_of(
        [
            reading_of("remaining_capacity_ah", "95", "2024-01-01", 1, "2"),
            reading_of("state_of_certified_energy_percent", "93", "2024-06-01", 2),
            reading_of("remaining_capacity_ah", "90", "2025-01-01", 3, "3"),
        ],
        RATED,
    )
    assert found is not None
    assert found["latest"]["soh"] == 0.9
    assert (found["latest"]["low"], found["latest"]["high"]) == (0.87, 0.93)
    assert [one["soh"] for one in found["points"]] == [0.95, 0.9]


def test_capacity_lost_is_health_from_above_and_keeps_its_error() -> None:
    found = health_of([reading_of("capacity_fade_percent", "12", "2025-01-01", 1, "1.5")], RATED)
    assert found is not None
    assert (found["latest"]["soh"], found["latest"]["error"]) == (0.88, 0.015)


def test_a_capacity_tells_nothing_where_the_rated_one_is_not_known() -> None:
    without = {**RATED, "rated_capacity_ah": None}
    assert health_of([reading_of("remaining_capacity_ah", "90", "2025-01-01", 1)], without) is None


def test_of_energy_capacity_and_voltage_two_give_the_third() -> None:
    told = {"rated_capacity_ah": {"value": "100"}, "nominal_voltage_v": {"value": "51.2"}}
    assert rated(told)["rated_energy_kwh"] == "5.12"
    assert rated(told)["derived"] == "rated_energy_kwh"
    assert rated({"rated_capacity_ah": {"value": "100"}})["derived"] is None


def test_without_a_reading_the_page_says_what_is_missing(client: TestClient, players: Cast) -> None:
    battery = battery_of(players, "none")
    told = facts(client, battery, players.producer)
    assert (told["health"], told["remaining_life"]["missing"]) == (None, "reading")
    assert "There is no reading of its state of health" in page(client, f"/b/{battery}", players.producer)


def test_life_left_depends_on_the_climate_that_the_reader_chooses(client: TestClient, players: Cast) -> None:
    battery = battery_of(players, "read")
    players.read(players.producer, battery, "remaining_capacity_ah", "88", error="2")
    hot = facts(client, battery, players.producer, "?place=THA&duty=taxi")["remaining_life"]
    cool = facts(client, battery, players.producer, "?place=MNG&duty=taxi")["remaining_life"]
    for told in (hot, cool):
        assert 0 < told["years"]["p10"] <= told["years"]["p50"] <= told["years"]["p90"]
        assert told["place_from"] == "reader"
    assert hot["years"]["p50"] < cool["years"]["p50"]
    again = facts(client, battery, players.producer, "?place=THA&duty=taxi")["remaining_life"]
    assert again == hot, "the same readings have the same answer"
    wrong = facts(client, battery, players.producer, "?place=Atlantis")["remaining_life"]
    assert wrong["missing"] == "use"
    html = page(client, f"/b/{battery}?place=THA&duty=taxi", players.producer)
    assert "How this is known, and what is assumed" in html
    assert "88.0&nbsp;%" in html


def test_a_battery_out_of_use_keeps_its_last_health_and_no_life_is_told(
    client: TestClient, players: Cast
) -> None:
    battery = battery_of(players, "spent")
    players.read(players.producer, battery, "remaining_capacity_ah", "60", error="2")
    assert "at_least" in facts(client, battery, players.producer, "?place=THA")["remaining_life"]
    players.change(players.producer, "became_waste", battery)
    told = facts(client, battery, players.producer)
    assert told["remaining_life"] == {"missing": "out_of_use"}
    assert (told["health"]["latest"]["soh"], "worth" in told) == (0.6, False)
    html = page(client, f"/b/{battery}", players.producer)
    assert "when it was last measured" in html
    assert "no remaining life is told" in html


def test_worth_is_told_in_the_currency_of_the_place_beside_dollars(client: TestClient, players: Cast) -> None:
    battery = battery_of(players, "priced")
    players.read(players.producer, battery, "remaining_capacity_ah", "88", error="2")
    told = facts(client, battery, players.producer, "?place=THA&duty=taxi")["worth"]
    assert told["local"]["currency"] == "THB"
    assert told["p10_usd"] <= told["value_usd"] <= told["p90_usd"]
    html = page(client, f"/b/{battery}?place=THA&duty=taxi", players.producer)
    assert "THB" in html
    assert "USD)" in html
    assert f'href="/data/{told["local"]["row"]}"' in html
    assert "worth" not in facts(client, battery, players.rival)


# -- whose it is, and what happened


def test_holder_history_and_lineage_are_told_to_who_has_it(client: TestClient, players: Cast) -> None:
    battery, to = battery_of(players, "sold"), players.licensed
    item = item_of(battery)
    terms = {"to": to.operator, "passes": "both", "basis": "sale", "claim_days": 7}
    made = custody.offer(players.hand(players.producer), [item], terms)
    custody.accept(players.hand(to), made["offer"])
    told = facts(client, battery, to)
    assert (told["custody"]["holder"], told["custody"]["owner_name"]) == (to.operator, "Second Life")
    kinds = [one["kind"] for one in told["history"]]
    assert kinds == ["passport.issued", "custody.offered", "custody.accepted"]
    assert {one["signed"] for one in told["history"]} == {"own"}
    assert facts(client, battery, players.producer)["custody"] is None, "it went on to another"
    assert "custody" not in facts(client, battery, players.rival)
    html = page(client, f"/b/{battery}", to)
    assert "Taken over" in html
    assert "signed with its own key" in html


def test_what_is_told_is_verified_and_the_bundle_convinces_a_stranger(
    client: TestClient, players: Cast
) -> None:
    battery, to = battery_of(players, "proved"), players.licensed
    terms = {"to": to.operator, "passes": "both", "basis": "sale", "claim_days": 7}
    made = custody.offer(players.hand(players.producer), [item_of(battery)], terms)
    custody.accept(players.hand(to), made["offer"])
    headers = {"authorization": f"Bearer {to.token}"}
    told = client.get(f"/b/{battery}/verify.json", headers=headers).json()
    assert told["intact"]
    assert [one["in_log"] for one in (*told["imported"], *told["events"])] == [True, True, True]
    assert told["imported"][0]["rows"] == 1
    assert told["bundle"]
    content = client.get(f"/b/{battery}/bundle", headers=headers).content
    found = verifier.verify(content, told["checkpoint"]["log_key"])
    assert found.problems == []
    assert len(json.loads(content)["events"]) == 3, "the row of its import, the offer, the acceptance"
    assert "Take the bundle away" in page(client, f"/b/{battery}/verify", to)
    for who in ({}, {"authorization": f"Bearer {players.rival.token}"}):
        assert client.get(f"/b/{battery}/verify", headers=who).status_code == 404
        assert client.get(f"/b/{battery}/bundle", headers=who).status_code == 404


def test_a_recall_by_model_finds_registered_batteries_by_batch(client: TestClient, players: Cast) -> None:
    battery = battery_of(players, "recalled")
    registry = players.registry
    with registry.engine.connect() as connection:
        for pattern, concerned in (
            ({"model": "lfp-1"}, True),
            ({"model": "lfp-1", "batch_from": "B1", "batch_until": "B9"}, True),
            ({"model": "lfp-1", "batch_from": "B6", "batch_until": "B9"}, False),
            ({"model": "another"}, False),
        ):
            found = finding.affected(connection, pattern, FINDERS)
            assert (item_of(battery) in found) is concerned, pattern


# -- pictures


@pytest.mark.parametrize("count", [1, 2, 30])
def test_the_chart_of_health_stays_within_a_phones_width(count: int) -> None:
    points = [
        {"at": f"20{10 + n:02d}-03-01", "soh": 0.98 - 0.01 * n, "low": 0.9 - 0.01 * n, "high": 1.0}
        for n in range(count)
    ]
    chart = health_chart(points, 0.75)
    assert len(chart.dots) == count
    assert all(chart.left <= dot.x <= chart.right for dot in chart.dots)
    assert all(0 <= y <= chart.height for dot in chart.dots for y in (dot.low, dot.high) if y is not None)


def test_a_deep_and_wide_lineage_is_drawn_in_part_and_says_so() -> None:
    chain = [{"source": f"n{n}", "product": f"n{n + 1}"} for n in range(MOST_ROWS + 3)]
    wide = [{"source": f"m{n}", "product": "n0"} for n in range(24)]
    drawn = lineage_picture("n0", wide, chain)
    assert drawn is not None
    assert drawn.cut
    assert [box.more for box in drawn.boxes if box.kind == "more"] == [22]
    assert all(box.x >= 0 and box.x + box.width <= WIDTH for box in drawn.boxes)
    assert lineage_picture("n0", [], []) is None


def test_the_style_of_these_parts_is_not_loaded_by_the_public_page(client: TestClient, players: Cast) -> None:
    battery = battery_of(players, "public")
    assert "battery.css" not in client.get(f"/b/{battery}").text
    assert "battery.css" in page(client, f"/b/{battery}", players.producer)
    assert (Path(__file__).parents[2] / "src/kitaran/web/static/battery.css").stat().st_size < 4_000
