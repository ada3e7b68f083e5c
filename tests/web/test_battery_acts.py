"""What a signed-in person can do with one battery by a click: which acts are open, and each of them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response

from kitaran.api import access
from kitaran.foundation.database import writing
from kitaran.foundation.errors import KitaranError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import service as custody
from kitaran.registry.parties import accounts, sessions
from kitaran.registry.parties.clicks import kept_hand
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import service
from kitaran.web.app import create_app
from tests.registry.parties.test_facilities import found, permit
from tests.web.page_text import PageText
from tests.web.people import Browser, browser, person

MASS_KG = "372"
LICENSED = {"licence": "licence-1", "number": "F-7", "authority": "DIW", "activities": ["repurpose"]}


@dataclass(frozen=True)
class Town:
    """A maker, a fleet, a workshop, a stranger, an authority: the browser of each, the id of its firm."""

    registry: Registry
    browsers: dict[str, Browser]
    ids: dict[str, str]

    def pack(self) -> str:
        """A battery of the maker, which custody has not met."""
        row = {"model": "pack-52", "serial_number": f"S-{secrets.token_hex(6)}"}
        return service.issue_batch(self.registry.hand, self.ids["maker"], [row]).batteries[0]

    def do(self, who: str, battery: str, act: str, /, **fields: Any) -> Response:
        """Fill in the form of an act and send it."""
        visitor = self.browsers[who]
        told = {"form_token": visitor.token_at("/facilities"), **fields}
        answer: Response = visitor.post(f"/b/{battery}/acts/{act}", data=told, follow_redirects=False)
        return answer

    def done(self, who: str, battery: str, act: str, /, **fields: Any) -> str:
        """The same, where it must succeed: the address of what was recorded."""
        answer = self.do(who, battery, act, **fields)
        assert answer.status_code == 303, plain(answer.text)
        return str(answer.headers["location"])

    def acts(self, who: str, battery: str) -> dict[str, str | None]:
        """Acts that are told to somebody, each with the reason why not now."""
        told = self.browsers[who].get(f"/b/{battery}/acts.json").json()["acts"]
        return {one["act"]: one["why_not"] for one in told}

    def handed(self, giver: str, receiver: str, battery: str, **fields: str) -> None:
        """Offered and accepted."""
        told = {"basis": "sale", "passes": "both", "claim_days": "14", "to": self.ids[receiver], **fields}
        offer = self.done(giver, battery, "hand-over", **told)
        answer = self.browsers[receiver].fill(f"{offer}/accept", at=offer)
        assert answer.status_code == 303, plain(answer.text)

    def hand(self, who: str) -> Hand:
        """The hand with which this installation signs for a firm."""
        return kept_hand(self.registry.ledger, self.registry.kept, self.ids[who], who, "s-1234")

    def in_a_bus(self) -> str:
        """A pack that the fleet bought of the maker and installed."""
        battery = self.pack()
        item, sold = f"battery/{battery}", {"to": self.ids["fleet"], "basis": "sale", "claim_days": 14}
        custody.accept(self.hand("fleet"), custody.offer(self.hand("maker"), [item], sold)["offer"])
        custody.act(self.hand("fleet"), "custody.installed", [item], VALID["install"][1])
        return battery

    def at_the_workshop(self) -> str:
        """A weighed pack of the workshop."""
        battery = self.pack()
        self.handed("maker", "workshop", battery, mass_kg=MASS_KG)
        return battery

    def made(self, who: str, address: str) -> list[str]:
        """What was made by a recorded act."""
        return [one["battery"] for one in self.browsers[who].get(f"{address}.json").json()["made"]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    app = create_app(Workspace.make(tmp_path_factory.mktemp("acts") / "work"))
    registry: Registry = app.state.registry.whole()
    roles = {"maker": ("producer",), "fleet": ("operator",), "workshop": ("repurposer", "operator")}
    others = {"stranger": ("operator",), "authority": ("authority",)}
    people = {
        name: person(registry, f"{name.title()} Ltd", name, *held) for name, held in (roles | others).items()
    }
    ids = {name: one.operator.id for name, one in people.items()}
    trades = ["store", "dismantle", "repurpose"]
    found(registry, ids["workshop"], facility="hall-1", activities=trades)
    permit(registry, facility="hall-1", activities=trades)
    registry.enrolment.grant_licence(ids["workshop"], {**LICENSED, "valid_from": "2020-01-01T00:00:00.000Z"})
    for name, model in (("maker", "pack-52"), ("workshop", "home-1")):
        told = {"model_name": model.title(), "category": "ev", "chemistry": "LFP", "mass_kg": MASS_KG}
        service.register_model(registry.hand, ids[name], model, told)
    yield Town(registry, {name: at_the_door(app, one) for name, one in people.items()}, ids)
    registry.engine.dispose()
    app.state.jobs.engine.dispose()


def at_the_door(app: FastAPI, who: accounts.Person) -> Browser:
    visitor = browser(app)
    with writing(app.state.registry.whole().engine) as connection:
        _session, secret = sessions.begin(connection, who.id, "link")
    visitor.cookies.set(access.cookie_name(False), secret)
    return visitor


def alike(page: Response, battery: str) -> str:
    """A page without what differs from request to request."""
    return re.sub(r'value="[0-9a-f]{128}"', "", page.text).replace(battery, "")


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


# -- which acts are open


def test_the_maker_of_a_new_battery_is_offered_what_a_holder_may_do(town: Town) -> None:
    acts = town.acts("maker", town.pack())
    assert {act for act, why in acts.items() if why is None} >= {
        *("hand-over", "install", "reading", "weigh", "lost", "stolen", "repaired", "waste", "ceased"),
    }
    assert acts["split"] == "Nobody has weighed it yet. Weigh it first."
    assert not {"remove", "found", "revoked", "correct"} & set(acts)


def test_an_authority_is_offered_what_only_it_may_do_and_no_work_on_the_battery(town: Town) -> None:
    assert set(town.acts("authority", town.pack())) == {"waste", "ceased", "revoked"}


def test_what_is_on_offer_is_neither_offered_again_nor_taken_apart(town: Town) -> None:
    battery = town.at_the_workshop()
    offered = {"to": town.ids["fleet"], "basis": "sale", "passes": "both", "claim_days": "14"}
    address = town.done("workshop", battery, "hand-over", **offered)
    acts = town.acts("workshop", battery)
    assert acts["hand-over"] == acts["split"] == "It is on offer. Take the offer back first."
    assert address in town.browsers["workshop"].get(f"/b/{battery}/acts").text
    assert town.do("workshop", battery, "hand-over", **offered).status_code == 409


def test_a_workshop_that_has_it_for_storage_is_told_that_it_belongs_to_another(town: Town) -> None:
    battery = town.pack()
    town.handed("maker", "workshop", battery, passes="possession", basis="storage", mass_kg=MASS_KG)
    assert town.acts("workshop", battery)["split"].startswith("It belongs to another.")  # type: ignore[union-attr]
    other = town.pack()
    town.handed("maker", "workshop", other, passes="possession", basis="treatment", mass_kg=MASS_KG)
    assert town.acts("workshop", other)["split"] is None


def test_a_stranger_is_answered_as_if_there_were_no_such_battery(town: Town) -> None:
    battery, nothing = town.pack(), service.new_id()
    for tail in ("", ".json", "/hand-over", "/split", "/correct", "/revoked.json"):
        theirs, nobodys = (
            town.browsers["stranger"].get(f"/b/{one}/acts{tail}") for one in (battery, nothing)
        )
        assert theirs.status_code == nobodys.status_code == 404, tail
        assert alike(theirs, battery) == alike(nobodys, nothing), tail
    refused = town.do("stranger", battery, "lost", reason="Mine now.")
    assert refused.status_code == 404
    assert "lost" in town.acts("maker", battery)


def test_somebody_unknown_is_sent_to_sign_in(town: Town) -> None:
    visitor = browser(town.browsers["maker"].app)  # type: ignore[arg-type]
    answer = visitor.get(f"/b/{town.pack()}/acts", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_every_act_has_a_form_a_twin_and_one_heading(town: Town) -> None:
    battery = town.at_the_workshop()
    for act in town.acts("workshop", battery):
        address = f"/b/{battery}/acts/{act}"
        page = PageText(town.browsers["workshop"].get(address).text)
        assert len(page.named("h1")) == 1, act
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids)), act
        assert town.browsers["workshop"].get(f"{address}.json").json()["act"] == act


def test_an_authority_says_who_has_a_battery_after_a_seizure(town: Town) -> None:
    battery = town.at_the_workshop()
    assert town.acts("authority", battery)["assign"] is None
    told = {"to": town.ids["fleet"], "role": "holder", "reason": "Seizure 12/2569"}
    assert 'id="to-fault"' in town.do("authority", battery, "assign", reason="Seizure").text
    town.done("authority", battery, "assign", **told)
    shown = town.browsers["authority"].get(f"/b/{battery}/acts.json").json()
    assert (shown["holder_name"], shown["owner_name"]) == ("Fleet Ltd", "Workshop Ltd")


VALID: dict[str, tuple[str, dict[str, Any]]] = {
    "install": ("custody.installed", {"what": "vehicle", "host": "bus-17"}),
    "remove": ("custody.removed", {"reason": "End of lease"}),
    "lost": ("custody.lost", {"reason": "Not there"}),
    "stolen": ("custody.stolen", {"reason": "A lock was cut"}),
    "found": ("custody.found", {}),
    "repaired": ("passport.repaired", {"account": "A new fuse."}),
    "remanufactured": ("passport.remanufactured", {"account": "New cells."}),
    "reused": ("passport.reused", {"account": "Tested and sold on."}),
    "ceased": ("passport.ceased", {"account": "Shredded."}),
}
"""Kind and payload of acts whose form is short."""


@pytest.mark.parametrize("who", ["maker", "fleet", "workshop", "stranger"])
def test_the_page_offers_an_act_to_whom_the_log_takes_it_from(town: Town, who: str) -> None:
    offers = town.acts(who, town.in_a_bus()) if who != "stranger" else {}
    untouched = town.in_a_bus()
    for act in VALID:
        offered = offers.get(act, "hidden") is None
        took = taken(town, who, town.in_a_bus() if offered else untouched, act)
        assert took == offered, (who, act)


def taken(town: Town, who: str, battery: str, act: str) -> bool:
    """Whether the log takes the event itself from this firm."""
    kind, payload = VALID[act]
    of_passport = {"battery": battery} if kind.startswith("passport.") else {}
    try:
        town.hand(who).record(kind, f"battery/{battery}", {**of_passport, **payload})
    except KitaranError:
        return False
    return True


# -- in use


def test_a_vehicle_identification_number_is_refused_beside_its_field_and_stays_there(town: Town) -> None:
    battery = town.pack()
    refused = town.do("maker", battery, "install", what="vehicle", host="LMGAB1234H0000001", place="Depot 3")
    assert refused.status_code == 403
    html = refused.text
    assert 'id="host-fault"' in html
    assert 'value="LMGAB1234H0000001"' in html
    assert 'value="Depot 3"' in html
    town.done("maker", battery, "install", what="vehicle", host="bus-17", place="Depot 3")
    acts = town.acts("maker", battery)
    assert "install" not in acts
    assert acts["remove"] is None
    assert acts["split"] == "It is installed. Remove it first."
    town.done("maker", battery, "remove", reason="End of lease")
    assert "remove" not in town.acts("maker", battery)


def test_a_reading_is_taken_with_a_comma_and_its_error_and_a_wrong_one_is_told_at_its_field(
    town: Town,
) -> None:
    battery = town.pack()
    told = {"attribute": "remaining_capacity_ah", "source": "management_system", "instrument": "BMS"}
    wrong = town.do("maker", battery, "reading", **told, value="much")
    assert wrong.status_code == 422
    assert 'id="value-fault"' in wrong.text
    early = town.do("maker", battery, "reading", **told, value="121,5", at="2020-01-31T14:30")
    assert 'id="at-fault"' in early.text, "before the firm had its key"
    town.done("maker", battery, "reading", **told, value="121,5", error="0,5")
    [read] = town.browsers["maker"].get(f"/b/{battery}.json").json()["readings"]
    assert (read["value"], read["error"], read["instrument"]) == ("121.5", "0.5", "BMS")


def test_only_the_battery_goes_on_lease_and_its_ownership_is_passed_on_apart(town: Town) -> None:
    battery = town.pack()
    town.handed("maker", "fleet", battery, passes="possession", basis="lease")
    town.handed("maker", "workshop", battery, passes="ownership", basis="sale")
    told = town.browsers["workshop"].get(f"/b/{battery}/acts.json").json()
    assert (told["holder_name"], told["owner_name"]) == ("Fleet Ltd", "Workshop Ltd")
    form = town.browsers["fleet"].get(f"/b/{battery}/acts/hand-over.json").json()
    assert [value for value, _words in form["passes"]] == ["possession"]
    both = town.do("fleet", battery, "hand-over", to=town.ids["maker"], passes="both", basis="return")
    assert both.status_code == 422


def test_an_offer_without_a_receiver_keeps_what_was_typed(town: Town) -> None:
    battery = town.pack()
    refused = town.do("maker", battery, "hand-over", basis="loan", passes="both", condition="A dent")
    assert refused.status_code == 422
    assert 'value="A dent"' in refused.text
    assert 'id="to-fault"' in refused.text
    searched = town.do(
        "maker", battery, "hand-over", who="work", basis="loan", condition="A dent", do="search"
    )
    assert "Workshop Ltd" in searched.text
    assert 'value="A dent"' in searched.text


def test_what_is_lost_is_handed_to_nobody_until_it_is_found(town: Town) -> None:
    battery = town.pack()
    town.done("maker", battery, "lost", reason="Not in the store")
    assert {"found", "stolen"} <= set(town.acts("maker", battery))
    assert "hand-over" not in town.acts("maker", battery)
    town.done("maker", battery, "found")
    assert town.acts("maker", battery)["hand-over"] is None


def test_a_weight_is_entered_once_and_put_right_by_a_new_event(town: Town) -> None:
    battery = town.pack()
    form = town.browsers["maker"].get(f"/b/{battery}/acts/weigh").text
    assert f'value="{MASS_KG}"' in form
    town.done("maker", battery, "weigh", mass_kg="370")
    town.done("maker", battery, "weigh", mass_kg="371,5", reason="Weighed again")
    told = town.browsers["maker"].get(f"/b/{battery}/acts.json").json()
    assert told["mass_kg"] == "371.5"
    first, *_rest = town.browsers["maker"].get(f"/b/{battery}/acts/correct.json").json()["fields"]
    assert len(first["options"]) == 2


def test_an_act_that_cannot_be_done_now_says_why_and_what_opens_it(town: Town) -> None:
    battery = town.pack()
    page = town.browsers["maker"].get(f"/b/{battery}/acts/split").text
    assert "Nobody has weighed it yet" in page
    assert f'href="/b/{battery}/acts/weigh"' in page
    assert town.do("maker", battery, "split").status_code == 409


# -- apart, together, and on under a new passport


def test_parts_that_weigh_more_than_the_whole_are_told_at_the_field_and_nothing_is_recorded(
    town: Town,
) -> None:
    battery = town.at_the_workshop()
    rows = {"rows": "1", "form-0": "module", "pieces-0": "3", "facility": "hall-1"}
    refused = town.do("workshop", battery, "split", **rows, **{"mass_kg-0": "130"})
    assert refused.status_code == 422
    assert "390 kg cannot come from 372 kg." in plain(refused.text)
    assert 'id="mass_kg-0-fault"' in refused.text
    balance = town.do("workshop", battery, "split", **rows, **{"mass_kg-0": "100"}, do="balance")
    assert balance.status_code == 200
    assert "Not accounted for 72 kg" in plain(balance.text)
    assert town.acts("workshop", battery)["split"] is None


def test_a_pack_is_taken_apart_rebuilt_and_goes_on_under_a_new_passport(town: Town) -> None:
    battery = town.at_the_workshop()
    rows = {"rows": "2", "form-0": "module", "pieces-0": "2", "mass_kg-0": "100", "facility": "hall-1"}
    cells = {"form-1": "cell", "pieces-1": "20", "mass_kg-1": "2,5", "labelled-1": "lot"}
    split = town.done("workshop", battery, "split", **rows, **cells)
    modules = town.made("workshop", split)
    assert len(modules) == 3
    workshop = town.browsers["workshop"]
    assert workshop.get(f"{split}/labels.pdf").content.startswith(b"%PDF")
    several = {"item": [f"battery/{one}" for one in modules], "form": "pack", "facility": "hall-1"}
    heavy = town.do("workshop", modules[0], "merge", **several, mass_kg="251")
    assert "251 kg cannot come from 250 kg." in plain(heavy.text)
    merged = town.done("workshop", modules[0], "merge", **several, mass_kg="245")
    [new] = town.made("workshop", merged)
    assert workshop.get(f"{merged}.json").json()["passport_of"] == [battery]
    told = {"model": "home-1", "serial_number": "H-1", "account": "A home store of its parts."}
    other = town.do("workshop", battery, "repurpose", successor=service.new_id(), **told)
    assert 'id="successor-fault"' in other.text
    town.done("workshop", battery, "repurpose", successor=new, **told)
    assert workshop.get(f"/b/{new}.json").json()["predecessor"] == battery
    assert "repurpose" not in town.acts("workshop", battery)
    again = workshop.get(f"/b/{new}/acts/split.json").json()
    assert {one["item"] for one in again["inner"]} == {f"battery/{one}" for one in modules}


def test_some_pieces_of_a_lot_go_in_and_the_others_stay(town: Town) -> None:
    battery = town.at_the_workshop()
    rows = {"rows": "1", "form-0": "cell", "pieces-0": "20", "mass_kg-0": "2", "labelled-0": "lot"}
    [lot] = town.made("workshop", town.done("workshop", battery, "split", **rows, facility="hall-1"))
    built = {"item": f"battery/{lot}", "form": "module", "mass_kg": "16", "facility": "hall-1"}
    few = {f"take_count-{lot[-6:]}": "8"}
    heavy = town.do("workshop", lot, "merge", **built, **few, **{f"take_kg-{lot[-6:]}": "40"})
    assert f'id="take_kg-{lot[-6:]}-fault"' in heavy.text
    town.done("workshop", lot, "merge", **built, **few, **{f"take_kg-{lot[-6:]}": "16"})
    left = town.browsers["workshop"].get(f"/b/{lot}/acts.json").json()
    assert (left["count"], left["mass_kg"]) == (12, "24")
    rest = {"rest_count": "7", "rest_kg": "14", "rows": "1"}
    taken_out = {"form-0": "cell", "pieces-0": "5", "mass_kg-0": "2", "labelled-0": "lot"}
    town.done("workshop", lot, "split", **rest, **taken_out)
    assert town.browsers["workshop"].get(f"/b/{lot}/acts.json").json()["count"] == 7


def test_a_person_who_issues_no_passports_is_told_so_though_the_firm_does(town: Town) -> None:
    helper = person(town.registry, "Workshop Ltd", "helper", "operator")
    town.browsers["helper"] = at_the_door(town.browsers["workshop"].app, helper)  # type: ignore[arg-type]
    battery = town.at_the_workshop()
    assert town.acts("helper", battery)["repurpose"].startswith("Your account issues no passports")  # type: ignore[union-attr]


def test_a_part_has_a_page_for_who_has_it_and_for_nobody_else(town: Town) -> None:
    battery = town.at_the_workshop()
    rows = {"rows": "1", "form-0": "module", "pieces-0": "1", "mass_kg-0": "100", "facility": "hall-1"}
    [part] = town.made("workshop", town.done("workshop", battery, "split", **rows))
    page = town.browsers["workshop"].get(f"/b/{part}")
    assert page.status_code == 200
    assert f'href="/b/{part}/acts"' in page.text
    assert town.browsers["workshop"].get(f"/b/{part}.json").json()["made_of"] == [battery]
    assert town.browsers["workshop"].get(f"/b/{part}/verify").status_code == 200
    nothing = service.new_id()
    for who in ("stranger", "maker"):
        theirs, nobodys = (town.browsers[who].get(f"/b/{one}") for one in (part, nothing))
        assert theirs.status_code == nobodys.status_code == 404
        assert alike(theirs, part) == alike(nobodys, nothing)


def test_what_was_recorded_is_shown_to_the_firm_that_signed_it_alone(town: Town) -> None:
    battery = town.pack()
    recorded = town.done("maker", battery, "lost", reason="Not in the store")
    town.done("maker", battery, "found")
    town.handed("maker", "fleet", battery)
    assert town.browsers["maker"].get(recorded).status_code == 200
    assert town.browsers["fleet"].get(recorded).status_code == 404
    assert town.browsers["stranger"].get(recorded).status_code == 404
