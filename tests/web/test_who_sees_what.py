"""Every page and every address of the API, asked by everybody: nobody receives what belongs to another.

Alpha, an operator, has put a word that stands nowhere else into everything that it keeps here. Pages are
found, not listed: a new room is asked like the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import Response

from kitaran.api.access import Serving
from kitaran.api.pace import Pace
from kitaran.foundation.database import reading, writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.custody import tables as custody_tables
from kitaran.registry.ledger import repository as log
from kitaran.registry.movement import service as movements
from kitaran.registry.parties import access_acts, account_tables, accounts, sessions, tokens
from kitaran.registry.passport import service
from kitaran.web import create_app
from kitaran.web.entries import entries
from tests.registry.parties.test_facilities import certify, found
from tests.registry.parties.test_incidents import fire
from tests.registry.passport.made_up import GTIN, values_of
from tests.web.people import Browser, browser, operator_of, person

OPEN_TO_ALL = ("/plan", "/data", "/move", "/own-data", "/triage", "/jobs", "/about", "/index", "/api/v1/jobs")
"""Figures and tools that keep nothing of operators; the plan asks no registry."""
OPEN_TO_ALL_API = ("/api/v1/own-data", "/api/v1/openapi")
READERS = {
    "zq-person": {"alpha", "administrator", "auditor"},
    "zq-sign-in": {"alpha", "administrator", "auditor"},
    "zq-token": {"alpha", "administrator", "auditor"},
    "zq-licence": {"alpha", "partner", "administrator", "auditor", "authority"},
    "zq-incident": {"alpha", "administrator", "auditor", "authority"},
    "zq-reporter": {"alpha", "administrator", "auditor", "authority"},
    "zq-technician": {"alpha", "administrator", "auditor", "authority"},
    "zq-condition": {"alpha", "partner", "administrator", "auditor", "authority"},
    "zq-place": {"alpha", "partner", "administrator", "auditor", "authority"},
    "zq-sold": {"alpha", "partner", "administrator", "auditor", "authority"},
    "zq-kept": {"alpha", "administrator", "auditor", "authority"},
    "zq-host": {"alpha", "administrator", "auditor", "authority"},
    "zq-serial": {"alpha", "administrator", "auditor", "authority", "officer"},
    "zq-instrument": {"alpha", "administrator", "auditor", "authority"},
    "zq-contract": {"alpha", "partner", "administrator", "auditor", "authority"},
    "zq-corridor": {"alpha", "administrator", "auditor", "authority"},
    "zq-period": {"alpha", "administrator", "auditor", "authority"},
}
"""Words of Alpha, and who may read each on some page; the partner is its importer, and reads its dossier."""
SOMEWHERE = (
    "zq-person",
    "zq-token",
    "zq-licence",
    "zq-incident",
    "zq-reporter",
    "zq-technician",
    "zq-condition",
    "zq-host",
)
"""Those that must be found for their readers, or the test looks past them."""


@dataclass
class Town:
    """A site with Alpha and the others, and the browser of each."""

    app: FastAPI
    registry: Registry
    browsers: dict[str, Browser]
    names: dict[str, str]
    """What stands for each parameter of an address, of Alpha's."""
    alpha: accounts.Person
    items: tuple[str, ...]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    place = Workspace.make(tmp_path_factory.mktemp("town") / "work")
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres").migrated()
        place.settings_file.write_text(f'database_url = "{address}"\n')
    app = create_app(place, Serving("http://127.0.0.1", alone=False))
    with pytest.MonkeyPatch.context() as patch:
        from kitaran.registry.parties import passwords
        from tests.web.conftest import LIGHT

        patch.setattr(passwords, "hasher", lambda: LIGHT)
        yield settled(app)
    app.state.registry.close()
    app.state.jobs.engine.dispose()


def settled(app: FastAPI) -> Town:
    """Everybody has come, and Alpha has done something of each kind."""
    app.state.registry.pace = Pace(at_once=10**9)
    registry: Registry = app.state.registry.whole()
    trades = ("producer", "operator", "recycler")
    alpha = person(registry, "Alpha Works", "zq-person", *trades)
    with writing(registry.engine) as connection:
        connection.execute(
            sa.update(account_tables.account)
            .where(account_tables.account.c.account == alpha.id)
            .values(sign_in_name="zq-sign-in")
        )
        tokens.make(connection, alpha.operator.id, label="zq-token")
    people = {"alpha": "zq-sign-in", "beta": "", "partner": ""}
    for name, roles in (("beta", trades), ("partner", ("operator",))):
        people[name] = person(registry, f"{name.title()} Works", name.title(), *roles).sign_in_name
    for role in ("authority", "officer", "auditor", "administrator"):
        people[role] = person(registry, f"The {role}", f"Ms {role}", role).sign_in_name
    browsers = {name: browser(app) for name in ("anonymous", *people)}
    for name, sign_in_name in people.items():
        assert browsers[name].sign_in(sign_in_name).status_code == 303
    with reading(registry.engine) as connection:
        session, *_ = sessions.of_account(connection, alpha.id)
        signed_in = accounts.in_session(connection, session)
    assert signed_in is not None
    names, items = done_by(registry, signed_in, operator_of(registry, "Partner Works"))
    names |= shipped_by(registry, signed_in, operator_of(registry, "Partner Works"))
    items = (*items, *(f"{noun}/{names['number']}" for noun in ("notification", "corridor")))
    return Town(app, registry, browsers, names, alpha, items)


def done_by(
    registry: Registry, alpha: accounts.Person, partner: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    """What Alpha keeps here, and what names it in an address."""
    own, hand = alpha.operator.id, registry.hand_of(alpha)
    licence = {"licence": "licence-a1", "number": "zq-licence", "authority": "DIW", "activities": ["store"]}
    registry.enrolment.grant_licence(own, {**licence, "valid_from": "2020-01-01T00:00:00.000Z"})
    found(registry, own, facility="alpha-yard", name="Alpha yard")
    certify(registry, own, {"name": "zq-technician"})
    told = fire(incident="fire-a1", account="zq-incident happened.", facility="alpha-yard")
    hand.record("parties.incident_reported", "incident/fire-a1", told, {"reporter_name": "zq-reporter"})
    alert: dict[str, Any] = {
        "alert": "alert-a1",
        "what": "recall",
        "title": "Cells",
        "hazard": "Fire.",
        "instruction": "Stop.",
    }
    hand.record("parties.alert_issued", "alert/alert-a1", {**alert, "pattern": {"gtin": GTIN}})
    service.register_model(hand, own, "alpha-52", values_of("model", "static"))
    row = {"model": "alpha-52", **values_of("item", "static"), "serial_number": "zq-serial"}
    battery = service.issue_batch(hand, own, [row]).batteries[0]
    reading_of = {"attribute": "remaining_capacity_ah", "value": "140.5", "instrument": "zq-instrument"}
    beside = {"reading": {**reading_of, "source": "measured"}}
    hand.record("passport.reading_taken", f"battery/{battery}", {"battery": battery}, beside)
    told = {"what": "vehicle", "host": "zq-host"}
    event = orjson.loads(hand.record("custody.installed", f"battery/{battery}", told))["id"]
    sold, kept = f"01/{GTIN}/21/zq-sold", f"01/{GTIN}/21/zq-kept"
    for item in (sold, kept):
        service.append(hand, "custody.begun", [item], {"condition": "zq-condition", "mass_kg": "100"})
    offered = {"to": partner, "basis": "sale", "claim_days": 14, "condition": "zq-condition"}
    service.append(hand, "custody.offered", [sold], offered)
    with reading(registry.engine) as connection:
        offer = str(connection.execute(sa.select(custody_tables.offer.c.offer)).scalar())
        seq = log.size(connection) - 1
    names = {
        "facility": "alpha-yard",
        "alert": "alert-a1",
        "incident": "fire-a1",
        "operator": own,
        "account": alpha.id,
        "battery": battery,
        "model": "alpha-52",
        "gtin": GTIN,
        "serial": "zq-serial"[3:],
        "item": f"battery/{battery}",
        "offer": offer,
        "seq": str(seq),
        "act": "correct",
        "event": event,
    }
    return names, (
        f"battery/{battery}",
        sold,
        kept,
        "facility/alpha-yard",
        "incident/fire-a1",
        f"operator/{own}",
    )


def shipped_by(registry: Registry, alpha: accounts.Person, partner: str) -> dict[str, str]:
    """A notification to the partner, a corridor to Alpha's yard, and a report of it, under one number."""
    number, yard, hand = "alpha-n1", "alpha-yard", registry.hand_of(alpha)
    found(registry, partner, facility="partner-works", name="Partner works", economy="MYS")
    planned = {"importer": partner, "facility": "partner-works", "activity": "dismantle", "carriers": []}
    planned |= {"route": {"export": "THA", "destination": "MYS"}, "goods": {"kind": "ev_pack"}}
    told = {"procedure": "basel_pic", "quantity_kg": "10", "shipments": 1, "contract": "zq-contract"}
    span = {"first_departure": "2030-01-01", "last_departure": "2030-12-31"}
    movements.notify(hand, {**planned, **told, **span}, number)
    given = {"facility": yard, "preconsent": "alpha-p1", "reference": "R", "authority": "DIW"}
    given |= {"economy": "THA", "waste_codes": ["A1181"], "valid_from": "2020-01-01T00:00:00.000Z"}
    given["valid_until"] = "2040-01-01T00:00:00.000Z"
    registry.hand.record("parties.preconsent_given", f"facility/{yard}", given)
    period = {"preconsent": "alpha-p1", "period_from": "2020-01-01", "period_until": "2020-12-31"}
    masses = {"received_kg": "1", "treated_kg": "1", "recovered_kg": "1", "remarks": "zq-period"}
    movements.report_preconsent(hand, yard, {**period, **masses})
    proposer = registry.hand_of(authority_of(registry))
    agreed = {"name": "zq-corridor", "authorities": [proposer.actor], "facilities": [yard]}
    agreed |= {"valid_from": "2020-01-01", "valid_until": "2040-01-01"}
    movements.agree_corridor(proposer, agreed, number)
    return {"number": number, "preconsent": "alpha-p1"}


def authority_of(registry: Registry) -> accounts.Person:
    """The person of the authority, in a session of its own."""
    with writing(registry.engine) as connection:
        [account] = [one.id for one in accounts.every(connection) if one.sign_in_name == "ms.authority"]
        session, _secret = sessions.begin(connection, account, "link")
    with reading(registry.engine) as connection:
        found_one = accounts.in_session(connection, session)
    assert found_one is not None
    return found_one


def routes(*methods: str) -> list[str]:
    """Addresses of every room that may keep something of operators, with their parameters."""

    def of(router: Any) -> Iterator[APIRoute]:
        for one in router.routes:
            inner = getattr(one, "original_router", None)
            yield from of(inner) if inner is not None else [one] if isinstance(one, APIRoute) else []

    paths = {one.path for entry in entries() for one in of(entry.router) if one.methods & set(methods)}
    return sorted(one for one in paths if not one.startswith(OPEN_TO_ALL) and one != "/")


def filled(path: str, names: dict[str, str], otherwise: str = "none-such") -> str:
    """The address with Alpha's own names in the place of its parameters."""
    return re.sub(r"{(\w+)(?::path)?}", lambda one: names.get(one[1], otherwise), path)


def received(answer: Response) -> str:
    """All that somebody gets: body, headers, where it is sent on to."""
    return " ".join([str(answer.status_code), answer.text, str(answer.headers.multi_items())])


def api_addresses(town: Town) -> list[str]:
    described = [path for path, acts in town.app.openapi()["paths"].items() if "get" in acts]
    of_alpha = [filled(path, town.names) for path in described if not path.startswith(OPEN_TO_ALL_API)]
    tails = ("", "/events", "/custody", "/lineage")
    return of_alpha + [f"/api/v1/items/{item}{tail}" for item, tail in product(town.items, tails)]


def test_nobody_receives_a_word_that_is_not_for_it_and_its_readers_do(town: Town) -> None:
    pages = [filled(path, town.names) for path in routes("GET")]
    seen: dict[str, set[str]] = {word: set() for word in READERS}
    leaks = []
    for path in [*pages, "/admin/audit?of=record", "/admin/audit.json?of=record", *api_addresses(town)]:
        for who, visitor in town.browsers.items():
            answer = visitor.get(path, follow_redirects=False)
            got = received(answer)
            if answer.status_code >= 500:
                leaks.append((who, path, "a fault of the server"))
            for word, readers in READERS.items():
                if word in got and word not in path:
                    seen[word].add(who)
                    if who not in readers:
                        leaks.append((who, path, word))
    assert sorted(leaks) == [], "\n".join(map(str, leaks))
    assert all({"alpha", "administrator"} <= seen[word] for word in SOMEWHERE), seen


def test_who_asks_for_what_is_not_there_learns_no_more(town: Town) -> None:
    for path in routes("GET"):
        if "{" not in path:
            continue
        for who in ("anonymous", "beta"):
            got = received(town.browsers[who].get(filled(path, {}), follow_redirects=False))
            assert not [word for word in READERS if word in got], (who, path)
            assert "Traceback" not in got


def test_what_is_anothers_and_what_is_not_there_are_answered_alike(town: Town) -> None:
    """Beside facilities, alerts and labelled batteries, which are public."""
    public = ("/facilities/", "/alerts/", "/b/", "/01/")
    for path in routes("GET"):
        if "{" not in path or path.startswith(public):
            continue
        for who in ("anonymous", "beta"):
            visitor = town.browsers[who]
            theirs = visitor.get(filled(path, town.names), follow_redirects=False)
            nobodys = visitor.get(
                filled(path, dict.fromkeys(town.names, "none-such")), follow_redirects=False
            )
            assert theirs.status_code == nobodys.status_code or theirs.status_code in (401, 404, 303), (
                who,
                path,
            )
            assert theirs.status_code != 200 or nobodys.status_code == 200, (who, path)


def kept(town: Town) -> dict[str, Any]:
    """What Alpha has: events of its items, account, sessions, tokens, acts at the door."""
    own, mine = town.alpha.operator.id, town.alpha.id
    c = account_tables.account.c
    with reading(town.registry.engine) as connection:
        ended = [one.ended_at for one in tokens.every(connection) if one.operator == own]
        acts = access_acts.newest(connection, 500, None)
        return {
            "events": {item: log.seqs_of_items(connection, [item]) for item in town.items},
            "account": [tuple(row) for row in connection.execute(sa.select(c).where(c.account == mine))],
            "sessions": sorted(one.id for one in sessions.of_account(connection, mine)),
            "tokens": sorted(map(str, ended)),
            "acts": [row.what for row in acts if row.account == mine],
        }


GENERIC = {
    "reason": "Mine now.",
    "name": "Taken",
    "role": "administrator",
    "ended": "recycler",
    "label": "mine",
    "days": "30",
    "scope": "read",
    "authority": "X",
    "number": "1",
    "activities": "store",
    "waste_codes": "A1181",
    "valid_from": "2026-01-01",
    "valid_until": "2027-01-01",
    "medium": "air",
    "parameter": "lead",
    "quantity": "1",
    "unit": "kg",
    "period_from": "2026-01-01",
    "period_until": "2026-02-01",
    "step": "contained",
    "account": "Mine.",
    "outcome": "resolved",
}
"""Fields of forms; those that name something of Alpha's come beside them."""
OTHERWISE = ("follow-up", "close", "lost", "remove", "correct")
SHIPPING = (
    "amended",
    "acknowledged",
    "consented",
    "border_checked",
    "corridor_joined",
    "barrier_met",
    "preconsent_reported",
)
"""Acts of forms whose address ends with the act."""


def test_nobody_changes_what_is_anothers(town: Town) -> None:
    with reading(town.registry.engine) as connection:
        token = next(one.id for one in tokens.every(connection) if one.operator == town.alpha.operator.id)
    before = kept(town)
    of_alpha = {
        "token": token,
        "session": before["sessions"][0],
        "licence": "licence-a1",
        "operator": town.alpha.operator.id,
        "key": "0" * 64,
    }
    left_out = ("/sign-out", "/preferences", "/account/password")
    for path in routes("POST"):
        if path.startswith(left_out):
            continue
        acts = SHIPPING if path.startswith("/movements/") else OTHERWISE
        for act in acts if "{act}" in path else ("",):
            address = filled(path, {**town.names, "act": act})
            for who in ("anonymous", "beta", "officer"):
                visitor = town.browsers[who]
                fields = {**GENERIC, **of_alpha, "form_token": visitor.token_at("/facilities")}
                answer = visitor.post(address, data=fields, follow_redirects=False)
                got = received(answer)
                assert answer.status_code < 500, (who, address, got)
                assert not [word for word in READERS if word in got], (who, address)
    assert kept(town) == before
