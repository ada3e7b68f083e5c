"""Who may give what to whom: no role makes more of itself, and nobody speaks or erases for another."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.assembly import Registry
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.errors import ConflictError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Payload
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.ledger.sealed import Disclosure, commitment
from kitaran.registry.ledger.signature import is_weak, key_id, make_key, public_bytes, verifies
from kitaran.registry.parties import tables

from .conftest import Client, enrol


def about(registry: Registry, actor: Client, meant: str, kind: str, payload: dict[str, Any]) -> None:
    """Append an event of `actor` about the operator `meant`."""
    item = f"operator/{meant}"
    with reading(registry.engine) as connection:
        head = log.heads(connection, [item]).get(item)
    digest = None if head is None or head.digest is None else head.digest.hex()
    registry.ledger.append(actor.event(kind, payload, None, items=[item], expects={item: digest}))


def a_key_of(operator: str, custody: str = "own", public: bytes | None = None) -> dict[str, Any]:
    public = public or public_bytes(make_key())
    return {
        "operator": operator,
        "key_id": key_id(public),
        "public_key": public.hex(),
        "custody": custody,
    }


@pytest.mark.parametrize("role", ["administrator", "authority", "auditor"])
def test_an_authority_gives_nobody_a_weighty_role_least_of_all_itself(registry: Registry, role: str) -> None:
    office = enrol(registry, "Office", "authority")
    with pytest.raises(NotAllowedError, match="no administrator"):
        about(
            registry,
            office,
            office.operator,
            "parties.role_given",
            {"operator": office.operator, "role": role},
        )
    added = {"operator": "friend", "name": "Friend", "roles": ["recycler", role]}
    with pytest.raises(NotAllowedError, match="no administrator"):
        about(registry, office, "friend", "parties.operator_added", added)


def test_an_authority_takes_no_administrator_down(registry: Registry) -> None:
    office, admin = enrol(registry, "Office", "authority"), enrol(registry, "Admin", "administrator")
    ended = {"operator": admin.operator, "role": "administrator", "reason": "rivalry"}
    with pytest.raises(NotAllowedError, match="no administrator"):
        about(registry, office, admin.operator, "parties.role_ended", ended)
    with pytest.raises(NotAllowedError, match="no administrator"):
        about(
            registry,
            office,
            admin.operator,
            "parties.key_ended",
            {"key_id": key_id(public_bytes(admin.key)), "reason": "rivalry"},
        )


def test_an_authority_cannot_sign_as_another_by_a_key_that_it_enters(registry: Registry) -> None:
    office, delta = enrol(registry, "Office", "authority"), enrol(registry, "Delta", "recycler")
    with pytest.raises(NotAllowedError, match="further key of another"):
        about(registry, office, delta.operator, "parties.key_added", a_key_of(delta.operator))


def test_an_authority_enters_an_operator_with_its_first_key(registry: Registry) -> None:
    office = enrol(registry, "Office", "authority")
    added = {"operator": "beta", "name": "Beta", "roles": ["repurposer"]}
    about(registry, office, "beta", "parties.operator_added", added)
    about(registry, office, "beta", "parties.key_added", a_key_of("beta"))
    with pytest.raises(NotAllowedError, match="further key of another"):
        about(registry, office, "beta", "parties.key_added", a_key_of("beta"))


def test_an_administrator_names_authorities(registry: Registry) -> None:
    admin, delta = enrol(registry, "Admin", "administrator"), enrol(registry, "Delta", "recycler")
    given = {"operator": delta.operator, "role": "authority"}
    about(registry, admin, delta.operator, "parties.role_given", given)


def test_an_administrator_whose_role_ended_manages_no_more(registry: Registry) -> None:
    admin, second = enrol(registry, "Admin", "administrator"), enrol(registry, "Second", "administrator")
    ended = {"operator": second.operator, "role": "administrator", "reason": "left"}
    about(registry, admin, second.operator, "parties.role_ended", ended)
    with pytest.raises(NotAllowedError, match="no role"):
        about(registry, second, admin.operator, "parties.role_ended", {**ended, "operator": admin.operator})


@pytest.mark.parametrize("role", ["recycler", "authority", "administrator"])
def test_nobody_but_the_node_says_that_the_node_keeps_a_key(registry: Registry, role: str) -> None:
    client = enrol(registry, "Delta", role)
    with pytest.raises(NotAllowedError, match="alone can say so"):
        about(registry, client, client.operator, "parties.key_added", a_key_of(client.operator, "custodial"))


def test_a_key_for_an_operator_that_is_not_there_is_refused(registry: Registry) -> None:
    admin = enrol(registry, "Admin", "administrator")
    with pytest.raises(NotAllowedError, match="no such operator"):
        about(registry, admin, "ghost", "parties.key_added", a_key_of("ghost"))


def test_a_public_key_under_which_anybody_can_sign_is_refused(registry: Registry) -> None:
    client, weak = enrol(registry, "Delta", "recycler"), bytes(32)
    with pytest.raises(NotAllowedError, match="anybody can sign"):
        about(registry, client, client.operator, "parties.key_added", a_key_of(client.operator, public=weak))


@pytest.mark.parametrize(
    "point",
    [
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ec" + "ff" * 30 + "7f",
    ],
)
def test_a_weak_key_lets_one_signature_by_nobody_fit_some_messages(point: str) -> None:
    """R = the neutral point and S = 0: it fits whenever the hash is a multiple of the key's order."""
    nobodys = (1).to_bytes(32, "little") + bytes(32)
    key, strong = bytes.fromhex(point), public_bytes(make_key())
    messages = [number.to_bytes(4, "big") for number in range(300)]
    assert any(verifies(key, message, nobodys) for message in messages)
    assert not any(verifies(strong, message, nobodys) for message in messages)
    assert is_weak(key)
    assert is_weak(key[:-1] + bytes([key[-1] | 0x80]))
    assert not is_weak(strong)


@pytest.mark.parametrize("until", ["2026-99-99T99:99:99.999Z", "٢٠٢٦-01-01T00:00:00.000Z", "2026-01-01"])
def test_a_day_that_does_not_exist_ends_no_key(registry: Registry, until: str) -> None:
    client = enrol(registry, "Delta", "recycler")
    payload = {**a_key_of(client.operator), "valid_until": until}
    with pytest.raises(InputError) as refused:
        about(registry, client, client.operator, "parties.key_added", payload)
    assert refused.value.place == "$.payload.valid_until"


def test_a_licence_does_not_end_before_it_begins(registry: Registry) -> None:
    office, delta = enrol(registry, "Office", "authority"), enrol(registry, "Delta", "recycler")
    licence = {
        "operator": delta.operator,
        "licence": "licence-1",
        "number": "F-105/2569",
        "authority": "Department of Industrial Works",
        "activities": ["recycle"],
        "valid_from": "2026-01-01T00:00:00.000Z",
        "valid_until": "2025-01-01T00:00:00.000Z",
    }
    with pytest.raises(NotAllowedError, match="before it begins"):
        about(registry, office, delta.operator, "parties.licence_granted", licence)


@pytest.mark.parametrize("name", [" ", "Delta\x00", "Delta\n", "\u202eatleD", " Delta"])
def test_a_name_that_cannot_be_read_as_it_stands_is_refused(registry: Registry, name: str) -> None:
    admin = enrol(registry, "Admin", "administrator")
    added = {"operator": "delta", "name": name, "roles": ["recycler"]}
    with pytest.raises(InputError) as refused:
        about(registry, admin, "delta", "parties.operator_added", added)
    assert refused.value.place == "$.payload.name"


def test_no_event_adds_a_second_operator_of_a_name(registry: Registry) -> None:
    admin = enrol(registry, "Admin", "administrator")
    enrol(registry, "Delta Recyclers", "recycler")
    added = {"operator": "delta", "name": "DELTA  \uff32ecyclers", "roles": ["recycler"]}
    with pytest.raises(ConflictError, match="an operator named"):
        about(registry, admin, "delta", "parties.operator_added", added)


@pytest.mark.parametrize("item", ["pack/../x", "pack//x", "pack/", "pack/./x", "pack/17/events"])
def test_an_item_that_no_address_could_name_is_refused(registry: Registry, item: str) -> None:
    registry.ledger.kinds.register([NOTED])
    client = enrol(registry, "Delta", "recycler")
    with pytest.raises(NotAllowedError, match="address"):
        registry.ledger.append(client.event("sample.noted", {}, None, items=[item], expects={}))


def test_read_models_of_every_kind_are_rebuilt_to_the_same_rows(registry: Registry) -> None:
    admin, delta = enrol(registry, "Admin", "administrator"), enrol(registry, "Delta", "recycler")
    beta = {
        "operator": "beta",
        "name": "B\u00e9ta \u0e44\u0e17\u0e22",
        "economy": "THA",
        "roles": ["officer", "officer"],
    }
    dated = {**a_key_of("beta"), "valid_until": "2030-01-01T00:00:00.000Z"}
    licence = {
        "operator": "beta",
        "licence": "licence-1",
        "number": "F-105/2569",
        "authority": "Department of Industrial Works",
        "activities": ["recycle", "store"],
        "valid_from": "2026-01-01T00:00:00.000Z",
        "valid_until": "2029-01-01T00:00:00.000Z",
    }
    given = {"operator": "beta", "role": "repurposer"}
    steps = [
        ("parties.operator_added", beta),
        ("parties.key_added", dated),
        ("parties.role_given", given),
        ("parties.role_given", given),
        ("parties.role_ended", {**given, "reason": "moved"}),
        ("parties.role_given", given),
        ("parties.licence_granted", licence),
        ("parties.licence_ended", {"licence": "licence-1", "reason": "fire"}),
        ("parties.licence_ended", {"licence": "licence-1", "reason": "fire again"}),
        ("parties.key_ended", {"key_id": dated["key_id"], "reason": "lost"}),
    ]
    for kind, payload in steps:
        about(registry, admin, "beta", kind, payload)
    seq = seal(registry, delta)
    registry.ledger.append(erasure_by(delta, seq))

    def rows() -> list[list[str]]:
        with reading(registry.engine) as connection:
            return [
                sorted(str(tuple(one)) for one in connection.execute(sa.select(t))) for t in tables.PROJECTED
            ]

    before = rows()
    rebuild(registry.engine, registry.ledger.kinds)
    assert rows() == before
    assert kept(registry, seq) == []


# -- erasure


class Noted(Payload):
    """Nothing in the open; who was met is sealed."""


NOTED = EventKind("sample.noted", Noted, moves_head=False, sealed=frozenset({"person"}))


def seal(registry: Registry, client: Client) -> int:
    """An event with a sealed name about pack/17; its sequence number."""
    registry.ledger.kinds.register([NOTED])
    opened = Disclosure("5a" * 32, "Somchai")
    fields = {"items": ["pack/17"], "expects": {}, "sealed": {"person": commitment("person", opened)}}
    event = client.event("sample.noted", {}, None, **fields)
    registry.ledger.append(event, {"person": {"salt": opened.salt, "value": opened.value}})
    with reading(registry.engine) as connection:
        return log.size(connection) - 1


def kept(registry: Registry, seq: int) -> list[bytes]:
    with reading(registry.engine) as connection:
        return [bytes(one.content) for one in log.sealed(connection, [seq])]


def erasure_by(client: Client, seq: int, items: tuple[str, ...] = (), name: str = "person") -> dict[str, Any]:
    payload = {"seq": seq, "name": name, "reason": "asked by the person"}
    return client.event("ledger.erased", payload, None, items=list(items), expects={})


def test_a_stranger_erases_nothing_and_does_not_learn_whether_it_is_there(registry: Registry) -> None:
    delta, stranger = enrol(registry, "Delta", "recycler"), enrol(registry, "Beta", "repurposer")
    seq = seal(registry, delta)
    words = set()
    for event in (
        erasure_by(stranger, seq),
        erasure_by(stranger, 0),
        erasure_by(stranger, 2**53 - 1),
        erasure_by(stranger, seq, name="other"),
        erasure_by(stranger, seq, ("pack/17",)),
    ):
        with pytest.raises(NotAllowedError) as refused:
            registry.ledger.append(event)
        words.add(str(refused.value))
    assert len(words) == 1
    assert kept(registry, seq) == [b'"Somchai"']


@pytest.mark.parametrize("role", [None, "administrator", "authority"])
def test_who_sealed_a_value_an_administrator_and_an_authority_erase_it(
    registry: Registry, role: str | None
) -> None:
    delta = enrol(registry, "Delta", "recycler")
    seq = seal(registry, delta)
    eraser = delta if role is None else enrol(registry, "Office", role)
    registry.ledger.append(erasure_by(eraser, seq, ("pack/17",)))
    assert kept(registry, seq) == []


@pytest.mark.parametrize("role", ["observer", "auditor"])
def test_who_writes_nothing_erases_nothing(registry: Registry, role: str) -> None:
    seq = seal(registry, enrol(registry, "Delta", "recycler"))
    with pytest.raises(NotAllowedError, match="no role"):
        registry.ledger.append(erasure_by(enrol(registry, "Watchers", role), seq))


def test_an_erasure_does_not_open_another_item_to_the_one_who_erases(registry: Registry) -> None:
    delta, beta = enrol(registry, "Delta", "recycler"), enrol(registry, "Beta", "repurposer")
    seq = seal(registry, delta)
    with pytest.raises(NotAllowedError):
        registry.ledger.append(erasure_by(delta, seq, (f"operator/{beta.operator}",)))


def test_an_erasure_of_what_is_not_recorded_yet_is_refused(registry: Registry) -> None:
    """In one batch with its event it would go first, and the value would stay."""
    delta = enrol(registry, "Delta", "recycler")
    seq = seal(registry, delta)
    with pytest.raises(NotAllowedError):
        registry.ledger.append(erasure_by(delta, seq + 1))


# -- the node, and keys that it keeps


def test_a_custodial_key_signs_only_within_a_session(registry: Registry) -> None:
    from kitaran.registry.parties.kept_keys import KeptKeys

    added = registry.enrolment.add("Clinic", ["repurposer"])
    kept_keys: KeptKeys = registry.enrolment._kept
    with reading(registry.engine) as connection:
        key = kept_keys.open(connection, added.key_id)
    clinic = Client(added.operator, key, added.token)
    item = f"operator/{added.operator}"
    with reading(registry.engine) as connection:
        digest = log.heads(connection, [item])[item].digest
    assert digest is not None
    with pytest.raises(NotAllowedError, match="custodial"):
        registry.ledger.append(clinic.new_key(digest.hex()))
    registry.ledger.append(clinic.new_key(digest.hex(), session="session-1"))


def test_an_own_key_does_not_pass_for_the_node(registry: Registry) -> None:
    client = enrol(registry, "Delta", "recycler")
    envelope = client.event(
        "parties.role_given", {"operator": client.operator, "role": "administrator"}, None
    )
    bent = {
        **{n: v for n, v in envelope.items() if n != "signature"},
        "actor": "node",
        "occurred_at": stamp(),
    }
    with pytest.raises(NotAllowedError, match="another actor"):
        registry.ledger.append(sign(bent, client.key))
