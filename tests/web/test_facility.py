"""The yard's pages: take in, stock against the licence, hand over with both sides, claims, receipts."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image

from kitaran.api import access
from kitaran.foundation.database import writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.identity import qr
from kitaran.registry.parties import accounts, sessions
from kitaran.registry.parties.clicks import kept_hand
from kitaran.web.app import create_app
from kitaran.web.facility.intake_form import amount
from tests.registry.parties.test_facilities import found, permit
from tests.web.page_text import PageText
from tests.web.people import Browser, browser, operator_of, person

YARD, WORKS = "/facility/yard-1", "works-1"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a yard and a recycler, to be copied."""
    place = Workspace.make(tmp_path_factory.mktemp("town") / "work")
    opened: Registry = (made := create_app(place)).state.registry.whole()
    for operator, role, name, activities in (
        ("Yard", "operator", "yard-1", ["collect", "store"]),
        ("Works", "recycler", WORKS, ["store", "recycle"]),
    ):
        of = person(opened, operator, f"{operator} person", role).operator.id
        words = {"name": f"{operator} of the town", "activities": activities, "capacities": []}
        found(opened, of, facility=name, storage={"quantity": "400", "unit": "kg", "days": 90}, **words)
        permit(opened, facility=name, activities=activities, waste_codes=["A1181"])
    with opened.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.engine.dispose()
    made.state.jobs.engine.dispose()
    return place.root


@pytest.fixture
def app(town: Path, tmp_path: Path) -> Iterator[FastAPI]:
    shutil.copytree(town, tmp_path / "work")
    made = create_app(Workspace.open(tmp_path / "work"))
    yield made
    made.state.registry.whole().engine.dispose()
    made.state.jobs.engine.dispose()


@pytest.fixture
def registry(app: FastAPI) -> Registry:
    opened: Registry = app.state.registry.whole()
    return opened


@pytest.fixture
def yard(app: FastAPI) -> Browser:
    return at_the_door(app, "Yard")


@pytest.fixture
def works(app: FastAPI) -> Browser:
    return at_the_door(app, "Works")


def at_the_door(app: FastAPI, name: str) -> Browser:
    """A browser in which a person of this organisation has signed in."""
    visitor = browser(app)
    with writing(app.state.registry.whole().engine) as connection:
        known = accounts.by_sign_in_name(connection, f"{name.lower()}.person")
        assert known is not None
        _session, secret = sessions.begin(connection, known.account, "link")
    visitor.cookies.set(access.cookie_name(False), secret)
    return visitor


def plain(page: str) -> str:
    """All words of a page, one blank between."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def hidden(visitor: Browser, path: str) -> str:
    """The number that the form gives to what it takes in."""
    read = re.search(r'name="battery" value="([0-9a-f]{32})"', visitor.get(path).text)
    assert read is not None
    return read[1]


def take_in(visitor: Browser, what: str, base: str = YARD, files: Any = None, **fields: Any) -> str:
    """Take something in and return its number."""
    path = f"{base}/take-in/{what}"
    told = {"form_token": visitor.token_at(path), "battery": hidden(visitor, path), **fields}
    done = visitor.post(path, data=told, files=files, follow_redirects=False)
    assert done.status_code == 303, plain(done.text)
    return str(done.headers["location"].rpartition("/")[2])


def offer(giver: Browser, to: str, *batteries: str, base: str = YARD, **fields: Any) -> str:
    """Offer items of the stock and return the address of the hand-over."""
    searched = giver.fill(f"{base}/hand-over", who=to, do="search").text
    read = re.search(r'name="to" value="([^"]+)"', searched)
    assert read is not None
    told = {"basis": "sale", "passes": "both", "claim_days": "14", "to": read[1], **fields}
    items = [f"battery/{one}" for one in batteries]
    done = giver.fill(f"{base}/hand-over", item=items, do="offer", **told)
    assert done.status_code == 303, plain(done.text)
    return str(done.headers["location"])


def photo() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Maker of the telephone"
    Image.new("RGB", (60, 40), (10, 90, 40)).save(out, "JPEG", exif=exif)
    return out.getvalue()


# -- the door


def test_a_visitor_is_told_what_the_yard_is_for_and_led_to_sign_in(app: FastAPI, registry: Registry) -> None:
    visitor = browser(app)
    page = visitor.get("/facility")
    assert page.status_code == 200
    assert "/sign-in?next=/facility" in page.text
    assert visitor.get("/facility.json").json() == {"facilities": []}
    for path in (YARD, f"{YARD}/stock", f"{YARD}/take-in", f"{YARD}/hand-over", "/handover"):
        assert visitor.get(path, follow_redirects=False).status_code == 303, path
        assert visitor.get(f"{path}.json").status_code == 401, path


def test_a_yard_of_others_is_answered_as_one_that_is_not(works: Browser) -> None:
    for path in ("", "/stock", "/take-in", "/take-in/pack", "/hand-over"):
        other, none = works.get(f"{YARD}{path}.json"), works.get(f"/facility/nowhere{path}.json")
        assert (other.status_code, none.status_code) == (404, 404), path
        assert other.json()["title"] == none.json()["title"]
        assert other.json()["faults"][0]["cause"] == none.json()["faults"][0]["cause"]


def test_who_has_no_facility_goes_on_without_one(app: FastAPI, registry: Registry) -> None:
    person(registry, "Carrier", "Carrier person", "operator")
    carrier = at_the_door(app, "Carrier")
    assert "No facility of Carrier is registered" in plain(carrier.get("/facility").text)
    battery = take_in(carrier, "pack", base="/facility/-", mass_kg="11")
    told = carrier.get("/facility/-.json").json()["stock"]
    assert (told["items"], told["level"], told["days_level"]) == (1, "unknown", "unknown")
    found(registry, operator_of(registry, "Carrier"), facility="depot-1", capacities=[])
    page = plain(carrier.get("/facility").text)
    assert "Yours, but no place is said" in page
    done = carrier.fill("/facility/depot-1/here", at="/facility", item=f"battery/{battery}")
    assert done.status_code == 303
    assert "Put at a facility" in carrier.get(f"/b/{battery}").text
    assert carrier.get("/facility/depot-1.json").json()["stock"]["items"] == 1


# -- take in


def test_what_has_no_passport_is_taken_in_and_its_label_printed(yard: Browser) -> None:
    files = {"photo": ("scooter.jpg", photo(), "image/jpeg")}
    battery = take_in(
        yard, "pack", mass_kg="11,4", voltage_v="60", capacity_ah="24", signs="swollen", files=files
    )
    page = yard.get(f"{YARD}/taken-in/{battery}")
    words = plain(page.text)
    assert "60 V" in words
    assert "1.44 kWh" in words
    assert "Set it apart" in words
    told = yard.get(f"{YARD}/taken-in/{battery}.json").json()
    assert (told["mass_kg"], told["signs"]) == ("11.4", ["swollen"])
    own_page = plain(yard.get(f"/b/{battery}").text)
    assert "60 V 24 Ah (1.44 kWh)" in own_page
    assert "Swollen" in own_page
    label = yard.get(f"{YARD}/label/{battery}.pdf")
    assert (label.status_code, label.headers["content-type"]) == (200, "application/pdf")
    assert label.content.startswith(b"%PDF")
    kept = yard.get(f"{YARD}/photo/{battery}.jpg")
    assert kept.headers["content-type"] == "image/jpeg"
    assert b"telephone" not in kept.content
    assert yard.fill(f"{YARD}/photo/{battery}/remove", at=f"{YARD}/taken-in/{battery}").status_code == 303
    assert yard.get(f"{YARD}/photo/{battery}.jpg").status_code == 404


def test_what_was_taken_in_is_shown_to_nobody_else(yard: Browser, works: Browser) -> None:
    battery = take_in(yard, "lead_acid_lot", mass_kg="300", count="20")
    for path in (f"taken-in/{battery}.json", f"label/{battery}.pdf", f"photo/{battery}.jpg"):
        assert works.get(f"/facility/{WORKS}/{path}").status_code == 404, path


FAULTS: list[tuple[str, dict[str, str], str]] = [
    ("pack", {"mass_kg": ""}, "mass_kg"),
    ("pack", {"mass_kg": "0"}, "mass_kg"),
    ("pack", {"mass_kg": "heavy"}, "mass_kg"),
    ("pack", {"mass_kg": "11", "voltage_v": "6O"}, "voltage_v"),
    ("pack", {"mass_kg": "11", "chemistry": "LFP"}, "known_by"),
    ("pack", {"mass_kg": "11", "known_by": "label"}, "known_by"),
    ("pack", {"mass_kg": "11", "chemistry": "unobtainium"}, "chemistry"),
    ("pack", {"mass_kg": "11", "codes": "abc"}, "codes"),
    ("mixed_lot", {"mass_kg": "300"}, "count"),
    ("mixed_lot", {"mass_kg": "300", "count": "some"}, "count"),
    ("black_mass", {"mass_kg": "9", "chemistry": "LFP", "known_by": "tested", "assay": "much"}, "assay"),
    ("black_mass", {"mass_kg": "9", "assay": "Ni 60\nCo 50"}, "assay"),
]


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(yard: Browser) -> None:
    path = f"{YARD}/take-in/pack"
    told = {"form_token": yard.token_at(path), "battery": hidden(yard, path), "condition": "wet box"}
    for what, fields, fault in FAULTS:
        files = {"photo": ("a.jpg", photo(), "image/jpeg")}
        page = yard.post(f"{YARD}/take-in/{what}", data={**told, **fields}, files=files)
        assert page.status_code == 422, fields
        assert f'id="{fault}-fault"' in page.text, fields
        assert 'value="wet box"' in page.text
        assert "Choose the photo again" in page.text
        for text in fields.values():
            assert text in page.text or text == "unobtainium"
    assert yard.get(f"{YARD}.json").json()["stock"]["items"] == 0


def test_a_finger_that_taps_twice_takes_in_once(yard: Browser) -> None:
    path = f"{YARD}/take-in/pack"
    told = {"form_token": yard.token_at(path), "battery": hidden(yard, path), "mass_kg": "11"}
    first = yard.post(path, data=told, follow_redirects=False)
    second = yard.post(path, data=told, follow_redirects=False)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert yard.get(f"{YARD}.json").json()["stock"]["items"] == 1


def test_black_mass_has_its_assay(yard: Browser) -> None:
    battery = take_in(
        yard,
        "black_mass",
        mass_kg="1 850,5",
        chemistry="NMC622",
        known_by="tested",
        test="ICP-OES",
        assay="Ni 21.5\nCu: 0,9 %",
        moisture_percent="1.2",
    )
    told = yard.get(f"{YARD}/taken-in/{battery}.json").json()
    assert told["assay"] == [{"item": "Ni", "percent": "21.5"}, {"item": "Cu", "percent": "0.9"}]
    assert (told["mass_kg"], told["moisture_percent"], told["test"]) == ("1850.5", "1.2", "ICP-OES")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("1 850", "1850"),
        ("007", "7"),
        ("0", "0"),
        ("1,850,000", None),
        ("-3", None),
        ("1e3", None),
        ("٣", None),
        ("12.", None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, read: str | None) -> None:
    assert amount(typed) == read


# -- a code


def look_up(visitor: Browser, base: str, code: str = "", picture: bytes | None = None) -> tuple[int, str]:
    path = f"{base}/take-in"
    files = {"photo": ("code.png", picture, "image/png")} if picture else None
    page = visitor.post(path, data={"form_token": visitor.token_at(path), "code": code}, files=files)
    return page.status_code, plain(page.text)


def test_the_code_of_a_label_is_read_from_a_photo(yard: Browser, works: Browser) -> None:
    battery = take_in(yard, "pack", mass_kg="11", codes="SCOOTER-77")
    label = qr.png(f"https://registry.example/b/{battery}")
    assert "it is in your stock" in look_up(yard, YARD, picture=label)[1]
    theirs = f"/facility/{WORKS}"
    assert "in other hands" in look_up(works, theirs, picture=label)[1]
    assert "in other hands" in look_up(works, theirs, "scooter-77".upper())[1]
    offer(yard, "work", battery)
    assert "It is offered to you" in look_up(works, theirs, picture=label)[1]


def test_a_code_that_nobody_knows_leads_on_and_a_lot_of_others_is_not_known(
    yard: Browser, works: Browser
) -> None:
    theirs = f"/facility/{WORKS}"
    assert "not known here" in look_up(works, theirs, "NOBODY-KNOWS-1")[1]
    assert "NOBODY-KNOWS-1" in works.get(f"{theirs}/take-in/pack?code=NOBODY-KNOWS-1").text
    lot = take_in(yard, "lead_acid_lot", mass_kg="300", count="20")
    assert "not known here" in look_up(works, theirs, lot)[1]


def test_a_photo_without_a_code_is_told_in_place(yard: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    for picture in (photo(), b"no picture at all"):
        status, words = look_up(yard, YARD, picture=picture)
        assert status == 422
        assert "This needs your attention" in words
    assert look_up(yard, YARD)[0] == 422
    monkeypatch.setattr(qr, "LARGEST_PHOTO_BYTES", 100)
    assert "has more than" in look_up(yard, YARD, picture=photo())[1]


# -- stock


def test_stock_stands_against_the_licence_and_warns_before_it_is_full(yard: Browser) -> None:
    take_in(yard, "pack", mass_kg="15")
    assert yard.get(f"{YARD}.json").json()["stock"]["level"] == "within"
    take_in(yard, "lead_acid_lot", mass_kg="310", count="20")
    told = yard.get(f"{YARD}.json").json()["stock"]
    assert (told["mass_kg"], told["limit_kg"], told["level"], told["free_kg"]) == ("325", "400", "near", "75")
    assert "The yard is nearly full" in yard.get("/facility").text
    take_in(yard, "mixed_lot", mass_kg="80", count="9")
    assert "more here than may be stored" in yard.get("/facility").text
    kinds = yard.get(f"{YARD}.json").json()["stock"]["by_kind"]
    assert [one["kind"] for one in kinds] == ["lead_acid_lot", "mixed_lot", "pack"]


def test_stock_is_searched_by_the_end_of_a_number_and_by_a_code(yard: Browser) -> None:
    first = take_in(yard, "pack", mass_kg="15", codes="SCOOTER-77")
    second = take_in(yard, "pack", mass_kg="16", label="Volt Rider 60")
    for words, battery in ((first[-6:], first), ("scooter-7", first), ("volt rider", second)):
        items = yard.get(f"{YARD}/stock.json?q={words}").json()["items"]
        assert [one["battery"] for one in items] == [battery], words
    assert yard.get(f"{YARD}/stock.json?kind=module").json()["items"] == []


def test_a_permit_that_has_ended_is_told_on_the_yard(yard: Browser, registry: Registry) -> None:
    operator = operator_of(registry, "Yard")
    found(registry, operator, facility="yard-2", name="Old yard", activities=["store"], capacities=[])
    until = "2024-01-01T00:00:00.000Z"
    permit(registry, facility="yard-2", activities=["store"], valid_until=until)
    assert yard.get("/facility/yard-2.json").json()["stock"]["permit_ended"] == until
    page = plain(yard.get("/facility/yard-2").text)
    assert "The permit to store here has ended" in page
    assert "It ended on 2024-01-01" in page
    assert yard.get(f"{YARD}.json").json()["stock"]["permit_ended"] is None


# -- hand over


def test_a_lot_goes_over_with_a_claim_that_is_agreed_and_a_receipt(yard: Browser, works: Browser) -> None:
    lot = take_in(yard, "lead_acid_lot", mass_kg="300", count="20")
    path = offer(yard, "works", lot, waste_code="a1181", basis="waste")
    page = yard.get(path).text
    assert "QR code of this offer" in page
    assert works.get(f"{path}/receipt").status_code == 404
    assert works.get("/handover.json").json()["to_answer"][0]["offer"] == path.rpartition("/")[2]
    done = works.fill(f"{path}/accept", at=path, facility=WORKS, **{"mass_kg-0": "296,5"})
    assert done.headers["location"] == f"{path}/receipt"
    receipt = plain(works.get(f"{path}/receipt").text)
    assert "taken over from Yard" in receipt
    assert "296.5 kg" in receipt
    assert receipt.count("signed with a key that this installation keeps") == 2
    assert "QR code of this receipt" in yard.get(f"{path}/receipt").text
    [waiting] = yard.get("/handover.json").json()["claims_to_answer"]
    agreed = yard.fill(f"{path}/claim", at=path, item=waiting["item"], outcome="agreed")
    assert agreed.status_code == 303
    assert yard.get(f"{path}.json").json()["claims"][0]["state"] == "agreed"
    assert works.get(f"/facility/{WORKS}.json").json()["stock"]["mass_kg"] == "296.5"
    left = yard.get(f"{YARD}/stock.json").json()
    assert left["items"] == []
    assert [(one["mass_kg"], one["other"]) for one in left["left"]] == [("296.5", "Works")]


def test_what_the_receiver_finds_later_is_not_told_to_who_had_it(yard: Browser, works: Browser) -> None:
    lot = take_in(yard, "mixed_lot", mass_kg="300", count="20")
    path = offer(yard, "works", lot)
    assert works.fill(f"{path}/accept", at=path, facility=WORKS).status_code == 303
    begun = works.get(f"/api/v1/items/battery/{lot}/custody").json()["events"][0]["id"]
    opened: Registry = works.app.state.registry.whole()  # type: ignore[attr-defined]
    operator = operator_of(opened, "Works")
    acting = kept_hand(opened.ledger, opened.kept, operator, "Works", "s-1234")
    acting.record(
        "custody.corrected", f"battery/{lot}", {"corrects": begun, "reason": "weighed", "mass_kg": "250"}
    )
    assert re.search(r"\b250\b", yard.get(f"{YARD}/stock").text) is None
    came = yard.get(f"{YARD}/stock.json").json()["came"]
    assert [one["mass_kg"] for one in came] == ["300"]


def test_waste_is_refused_where_no_permit_covers_it_and_what_was_typed_stays(
    yard: Browser, works: Browser
) -> None:
    lot = take_in(yard, "lead_acid_lot", mass_kg="300", count="20")
    path = offer(yard, "works", lot, waste_code="A9999", basis="waste")
    page = works.fill(f"{path}/accept", at=path, facility=WORKS, **{"mass_kg-0": "290"})
    assert page.status_code == 403
    assert "does not cover waste A9999" in page.text
    assert 'value="290"' in page.text
    page = works.fill(f"{path}/accept", at=path, facility=WORKS, **{"mass_kg-0": "much", "count-0": "few"})
    assert page.status_code == 422
    assert 'id="mass_kg-0-fault"' in page.text
    assert 'id="count-0-fault"' in page.text


def test_an_offer_is_declined_or_withdrawn_and_is_nobody_elses(
    app: FastAPI, registry: Registry, yard: Browser, works: Browser
) -> None:
    battery = take_in(yard, "pack", mass_kg="15")
    path = offer(yard, "works", battery)
    person(registry, "Stranger", "Stranger person", "recycler")
    stranger = at_the_door(app, "Stranger")
    for address in (path, f"{path}/receipt"):
        other, none = stranger.get(f"{address}.json"), stranger.get("/handover/0123456789abcdef.json")
        assert (other.status_code, none.status_code) == (404, 404)
        assert other.json()["faults"][0]["cause"] == none.json()["faults"][0]["cause"]
    assert stranger.fill(f"{path}/accept", at="/handover").status_code == 404
    assert works.fill(f"{path}/decline", at=path, reason="no room").status_code == 303
    assert yard.get(f"{path}.json").json()["state"] == "declined"
    again = offer(yard, "works", battery)
    assert yard.fill(f"{again}/withdraw", at=again).status_code == 303
    assert works.get(f"{again}.json").json()["state"] == "withdrawn"
    assert [one["state"] for one in yard.get("/handover.json").json()["done"]] == ["withdrawn", "declined"]


def test_an_offer_without_batteries_or_receiver_is_refused_in_place(yard: Browser) -> None:
    battery = take_in(yard, "pack", mass_kg="15")
    page = yard.fill(f"{YARD}/hand-over", item=f"battery/{battery}", condition="dusty", do="offer")
    assert page.status_code == 422
    assert 'id="to-fault"' in page.text
    assert f'value="battery/{battery}" checked' in page.text
    assert 'value="dusty"' in page.text
    page = yard.fill(f"{YARD}/hand-over", who="nobody at all", claim_days="0", do="offer")
    for field in ("item", "to", "claim_days"):
        assert f'id="{field}-fault"' in page.text
    assert "Nobody of that name" in page.text


def test_an_auditor_reads_a_hand_over_and_answers_nothing(
    app: FastAPI, registry: Registry, yard: Browser, works: Browser
) -> None:
    battery = take_in(yard, "pack", mass_kg="15")
    path = offer(yard, "works", battery)
    person(registry, "Court", "Court person", "auditor")
    auditor = at_the_door(app, "Court")
    page = auditor.get(path)
    assert page.status_code == 200
    assert "Accept</button>" not in page.text
    assert auditor.fill(f"{path}/accept", at=path).status_code == 403
    assert auditor.fill("/facility/-/take-in/pack", mass_kg="1").status_code == 403


def test_a_page_of_the_yard_has_one_heading_unique_ids_and_a_twin(yard: Browser) -> None:
    take_in(yard, "pack", mass_kg="15")
    rooms = ("stock", "take-in", "take-in/pack", "take-in/salt", "hand-over")
    for path in ("/facility", *(f"{YARD}/{room}" for room in rooms), "/handover"):
        page = PageText(yard.get(path).text)
        assert len(page.named("h1")) == 1, path
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), path
        assert not [tag for tag, attributes in page.tags if "style" in attributes], path
        assert yard.get(f"{path}.json").status_code == 200, path
