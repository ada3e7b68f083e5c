"""The registry over HTTP, as a client program meets it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

import kitaran.api
from kitaran.api.pace import Pace
from kitaran.api.problems import FAULT, PROBLEM
from kitaran.foundation.database import writing
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger import merkle
from kitaran.registry.ledger.sealed import Disclosure, commitment
from kitaran.registry.ledger.signature import make_key, public_bytes
from kitaran.registry.parties import tokens
from kitaran.web.app import create_app
from tests.registry.parties.conftest import Client, enrol
from tests.registry.parties.test_authority import NOTED, erasure_by

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app(workspace: Workspace) -> FastAPI:
    return create_app(workspace)


@pytest.fixture
def api(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1/api/v1") as client:
        yield client


@pytest.fixture
def registry(app: FastAPI, api: TestClient) -> Registry:
    found: Registry = app.state.registry.whole()
    return found


@pytest.fixture
def recycler(registry: Registry) -> Client:
    return enrol(registry, "Delta Recyclers", "recycler")


def bearing(client: Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.token}"}


def head(api: TestClient, client: Client) -> str:
    answer = api.get(f"items/operator/{client.operator}", headers=bearing(client))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["head"])


def test_an_event_is_posted_once_and_its_receipt_is_given_again(api: TestClient, recycler: Client) -> None:
    event = recycler.new_key(head(api, recycler))
    first = api.post("events", json=event, headers=bearing(recycler))
    again = api.post("events", json=event, headers=bearing(recycler))
    assert first.status_code == 201, first.text
    assert first.content == again.content
    other = recycler.new_key(head(api, recycler), id=event["id"])
    clash = api.post("events", json=other, headers=bearing(recycler))
    assert clash.status_code == 409
    assert clash.headers["content-type"] == "application/problem+json"


def test_of_a_batch_each_event_has_its_own_outcome(api: TestClient, recycler: Client) -> None:
    good = recycler.new_key(head(api, recycler))
    stale = recycler.new_key("0" * 64)
    answer = api.post("events", json=[good, stale, {"nonsense": 1}, 7], headers=bearing(recycler))
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert "receipt" in results[0]
    assert [one["error"]["status"] for one in results[1:]] == [409, 403, 422]
    assert all(one["error"]["faults"][0]["remedy"] for one in results[1:])


def test_what_others_hold_takes_the_same_work_as_what_is_not_there(
    api: TestClient, registry: Registry, recycler: Client
) -> None:
    """Else the time of the answer would tell a stranger that the item exists."""
    other = enrol(registry, "Echo Recyclers", "recycler")
    head(api, recycler)  # the first use of a token is noted
    asked: list[list[str]] = []
    for item in ("operator/nobody-00000000", f"operator/{other.operator}"):
        asked.append([])
        for tail in ("", "/events"):
            with statements(registry, asked[-1]):
                assert api.get(f"items/{item}{tail}", headers=bearing(recycler)).status_code == 404
    assert asked[0]
    assert asked[0] == asked[1]


@contextmanager
def statements(registry: Registry, kept: list[str]) -> Iterator[None]:
    """What the database is asked inside the block."""

    def keep(connection: object, cursor: object, statement: str, *_: object) -> None:
        kept.append(statement)

    sa.event.listen(registry.engine, "before_cursor_execute", keep)
    yield
    sa.event.remove(registry.engine, "before_cursor_execute", keep)


@pytest.mark.parametrize("size", [1_001, 50_000])
def test_a_batch_that_is_too_long_is_refused_whole(api: TestClient, recycler: Client, size: int) -> None:
    answer = api.post("events", json=[{}] * size, headers=bearing(recycler))
    assert answer.status_code == 413
    assert len(answer.content) < 1_000


def test_a_stranger_is_turned_away_before_its_body_is_read(api: TestClient, registry: Registry) -> None:
    answer = api.post("events", content=b"x" * 40_000_000, headers={"Authorization": "Bearer kitaran_x"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"7",
        b'"x"',
        b"NaN",
        b'{"a": "\xff"}',
        b'{"event": {"actor": "\\ud800"}}',
        b"[" * 100_000,
        b'{"event": []}',
        b'{"event": {}, "event": 3, "more": 1}',
    ],
)
def test_what_is_no_event_is_refused_in_words(api: TestClient, recycler: Client, body: bytes) -> None:
    answer = api.post("events", content=body, headers=bearing(recycler))
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["remedy"]


@pytest.mark.parametrize(
    "item", ["%00", "a%00b", "%ff", "..%2F..%2Fetc", "x/events/events", "operator%2F", "%ed%a0%80"]
)
def test_an_id_that_no_item_can_have_is_answered_like_one_that_none_has(
    api: TestClient, recycler: Client, item: str
) -> None:
    for tail in ("", "/events"):
        answer = api.get(f"items/{item}{tail}", headers=bearing(recycler))
        assert answer.status_code == 404
        assert "There is no such item for you." in answer.text


def test_an_operator_whose_roles_ended_no_longer_reads_what_is_not_its_own(
    api: TestClient, registry: Registry, recycler: Client
) -> None:
    admin, auditor = enrol(registry, "Admin", "administrator"), enrol(registry, "Auditors", "auditor")
    path = f"items/operator/{recycler.operator}"
    assert api.get(path, headers=bearing(auditor)).status_code == 200
    item = f"operator/{auditor.operator}"
    ended = {"operator": auditor.operator, "role": "auditor", "reason": "contract over"}
    found = head(api, auditor)
    event = admin.event("parties.role_ended", ended, None, items=[item], expects={item: found})
    assert api.post("events", json=event, headers=bearing(admin)).status_code == 201
    assert api.get(path, headers=bearing(auditor)).status_code == 404


def test_an_erasure_over_http_leaves_the_value_in_no_file(
    api: TestClient, registry: Registry, recycler: Client, workspace: Workspace
) -> None:
    registry.ledger.kinds.register([NOTED])
    opened = Disclosure("5a" * 32, "Somchai of Chiang Mai")
    fields = {"items": ["pack/17"], "expects": {}, "sealed": {"person": commitment("person", opened)}}
    event = recycler.event("sample.noted", {}, None, **fields)
    disclosures = {"person": {"salt": opened.salt, "value": opened.value}}
    posted = api.post("events", json={"event": event, "disclosures": disclosures}, headers=bearing(recycler))
    assert posted.status_code == 201, posted.text
    assert held(workspace, b"Somchai")
    shown = api.get("items/pack/17/events", headers=bearing(recycler))
    assert "Somchai" not in shown.text
    stranger = enrol(registry, "Beta", "repurposer")
    assert (
        api.post(
            "events", json=erasure_by(stranger, posted.json()["seq"]), headers=bearing(stranger)
        ).status_code
        == 403
    )
    erased = api.post("events", json=erasure_by(recycler, posted.json()["seq"]), headers=bearing(recycler))
    assert erased.status_code == 201, erased.text
    assert not held(workspace, b"Somchai")


def held(workspace: Workspace, value: bytes) -> bool:
    """Whether a file of the workspace's database holds these bytes."""
    return any(value in file.read_bytes() for file in workspace.root.glob(f"{workspace.database.name}*"))


def test_a_program_that_runs_wild_is_told_when_to_come_again(
    app: FastAPI, api: TestClient, registry: Registry, recycler: Client
) -> None:
    other = enrol(registry, "Beta", "repurposer")
    app.state.registry.pace = Pace(per_second=0.1, at_once=2)
    path = f"items/operator/{recycler.operator}"
    answers = [api.get(path, headers=bearing(recycler)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 10
    assert api.get(f"items/operator/{other.operator}", headers=bearing(other)).status_code == 200


def test_a_bent_signature_is_refused(api: TestClient, recycler: Client) -> None:
    event = recycler.new_key(head(api, recycler))
    event["place"] = "elsewhere"
    answer = api.post("events", json=event, headers=bearing(recycler))
    assert answer.status_code == 403
    assert "signature" in answer.json()["detail"]


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer kitaran_x"}, {"Authorization": "Basic eA=="}]
)
def test_without_a_valid_token_nothing_is_read_or_written(
    api: TestClient, registry: Registry, headers: dict[str, str]
) -> None:
    for answer in (api.post("events", json={}, headers=headers), api.get("items/x", headers=headers)):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_that_ended_between_two_requests_records_nothing_more(
    api: TestClient, registry: Registry, recycler: Client
) -> None:
    event = recycler.new_key(head(api, recycler))
    assert api.post("events", json=[event], headers=bearing(recycler)).status_code == 200
    with writing(registry.engine) as connection:
        tokens.end(connection, tokens.every(connection, recycler.operator)[0])
    again = api.post("events", json=[event], headers=bearing(recycler))
    assert again.status_code == 401, again.text


def test_a_token_does_not_speak_for_another_operator(
    api: TestClient, registry: Registry, recycler: Client
) -> None:
    other = enrol(registry, "Beta", "repurposer")
    event = recycler.new_key(head(api, recycler))
    assert api.post("events", json=event, headers=bearing(other)).status_code == 403


def test_an_item_of_others_and_an_item_that_is_not_there_get_the_same_answer(
    api: TestClient, registry: Registry, recycler: Client
) -> None:
    other = enrol(registry, "Beta", "repurposer")

    def asked(path: str, client: Client) -> dict[str, Any]:
        answer = api.get(path, headers=bearing(client))
        assert answer.status_code == 404
        return {
            k: str(v).replace(recycler.operator, "X").replace("nobody", "X") for k, v in answer.json().items()
        }

    for tail in ("", "/events"):
        there = asked(f"items/operator/{recycler.operator}{tail}", other)
        assert there == asked(f"items/operator/nobody{tail}", other)
    auditor = enrol(registry, "Auditors", "auditor")
    assert api.get(f"items/operator/{recycler.operator}", headers=bearing(auditor)).status_code == 200


def test_events_of_an_item_are_read_page_by_page(api: TestClient, recycler: Client) -> None:
    api.post("events", json=recycler.new_key(head(api, recycler)), headers=bearing(recycler))
    path = f"items/operator/{recycler.operator}/events"
    whole = api.get(path, headers=bearing(recycler)).json()
    kinds = [event["envelope"]["kind"] for event in whole["events"]]
    assert kinds == ["parties.operator_added", "parties.key_added", "parties.key_added"]
    assert {event["custody"] for event in whole["events"]} == {"own"}
    assert "entry" not in whole["events"][0]
    rest = api.get(path, params={"after": whole["events"][0]["seq"]}, headers=bearing(recycler)).json()
    assert rest["events"] == whole["events"][1:]


def test_checkpoint_and_proofs_verify_with_nothing_but_the_mathematics(
    api: TestClient, recycler: Client
) -> None:
    first = api.get("ledger/checkpoint").json()
    api.post("events", json=recycler.new_key(head(api, recycler)), headers=bearing(recycler))
    second = api.get("ledger/checkpoint").json()
    assert second["size"] == first["size"] + 1
    proof = api.get(
        "ledger/proof/inclusion", params={"seq": second["size"] - 1, "size": second["size"]}
    ).json()
    nodes = [bytes.fromhex(node) for node in proof["proof"]]
    leaf, root = bytes.fromhex(proof["leaf_hash"]), bytes.fromhex(second["root"])
    assert merkle.verify_inclusion(second["size"] - 1, second["size"], leaf, nodes, root)
    grown = api.get("ledger/proof/consistency", params={"from": first["size"], "to": second["size"]}).json()
    steps = [bytes.fromhex(node) for node in grown["proof"]]
    assert merkle.verify_consistency(first["size"], second["size"], steps, bytes.fromhex(first["root"]), root)


@pytest.mark.parametrize(
    "path",
    [
        "ledger/proof/inclusion?seq=9223372036854775808&size=1",
        "ledger/proof/inclusion?seq=0&size=99999999999999999999999",
        "ledger/proof/consistency?from=1&to=9223372036854775808",
        "ledger/proof/inclusion?seq=0&size=99",
        "ledger/proof/inclusion?seq=-1&size=1",
        "ledger/proof/consistency?from=0&to=1",
        "ledger/proof/consistency?from=2&to=1",
    ],
)
def test_a_proof_of_what_is_not_there_is_refused(api: TestClient, recycler: Client, path: str) -> None:
    assert api.get(path).status_code == 422


def test_a_code_is_read_over_http(api: TestClient) -> None:
    answer = api.get("identity/parse", params={"code": "(01)09521234543213(21)ABC"})
    assert answer.json()["keys"] == {"01": "09521234543213", "21": "ABC"}


def test_every_route_of_the_registry_is_described(api: TestClient) -> None:
    paths = api.get("openapi.json").json()["paths"]
    for path in ("/events", "/items/{item}", "/items/{item}/events", "/identity/parse"):
        assert f"/api/v1{path}" in paths
    for path in ("checkpoint", "proof/inclusion", "proof/consistency"):
        assert f"/api/v1/ledger/{path}" in paths


def test_every_route_is_described_with_its_answer_and_its_errors(api: TestClient) -> None:
    described = api.get("openapi.json").json()["paths"]
    modules = [import_module(f"kitaran.api.{one.name}") for one in iter_modules(kitaran.api.__path__)]
    routers = [module.router for module in modules if hasattr(module, "router")]
    assert set(described) == {one.path.replace(":path", "") for router in routers for one in router.routes}
    for path, acts in described.items():
        for act in acts.values():
            assert set(act["responses"]) > {"4XX", "5XX"}, path
            problem = act["responses"]["4XX"]["content"]["application/problem+json"]["schema"]
            assert act["description"]
            assert "remedy" in problem["properties"]["faults"]["items"]["required"]


@pytest.mark.parametrize("path", ["items/nowhere", "alerts/none", "facilities/none", "passports/none"])
def test_an_error_is_what_the_description_says(api: TestClient, recycler: Client, path: str) -> None:
    answer = api.get(path, headers=bearing(recycler))
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == set(PROBLEM["properties"])
    assert all(set(one) == set(FAULT["properties"]) for one in answer.json()["faults"])


def test_the_example_of_the_documentation_signs_posts_and_proves(tmp_path: Path) -> None:
    """Against a served workspace, from an operator that the command line added."""
    import json
    import os
    import socket
    import time

    import httpx
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from kitaran.registry.ledger.signature import write_private

    key, work = make_key(), tmp_path / "work"
    write_private(key, tmp_path / "key.pem")
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pub.pem").write_bytes(public)
    kitaran = [str(Path(sys.executable).with_name("kitaran"))]
    add = [*kitaran, "parties", "add", "Delta", "--role", "recycler", "--key", str(tmp_path / "key.pub.pem")]
    printed = subprocess.run(
        [*add, "--workspace", str(work), "--json"], capture_output=True, check=True, timeout=120
    ).stdout
    added = json.loads(printed)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [*kitaran, "up", "--workspace", str(work), "--port", str(port), "--empty"]
    with subprocess.Popen(
        serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    ) as served:
        try:
            server = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + 60
            while True:
                try:
                    httpx.get(f"{server}/about").raise_for_status()
                    break
                except httpx.HTTPError:
                    assert time.monotonic() < deadline
                    time.sleep(0.2)
            example = [sys.executable, str(ROOT / "docs/examples/sign_and_post.py"), server]
            tail = [
                added["operator"],
                added["token"],
                str(tmp_path / "key.pem"),
                public_bytes(make_key()).hex(),
            ]
            ran = subprocess.run([*example, *tail], capture_output=True, timeout=60)
        finally:
            served.terminate()
    assert ran.returncode == 0, ran.stderr.decode()
    shown = json.loads(ran.stdout)
    nodes = [bytes.fromhex(node) for node in shown["proof"]["proof"]]
    leaf, root = (bytes.fromhex(shown["proof"][name]) for name in ("leaf_hash", "root"))
    assert shown["receipt"]["leaf_hash"] == shown["proof"]["leaf_hash"]
    assert merkle.verify_inclusion(shown["proof"]["seq"], shown["proof"]["size"], leaf, nodes, root)
