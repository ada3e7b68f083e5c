"""What is appended is signed, allowed, first, durable and alone; what is not leaves no trace."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Barrier, Thread
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from kitaran.foundation import clock
from kitaran.foundation.database import reading, writing
from kitaran.foundation.errors import InputError, KitaranError
from kitaran.registry.ledger import canonical, merkle, repository, tables
from kitaran.registry.ledger.envelope import Event, sign
from kitaran.registry.ledger.errors import ConflictError, HaltedError, NotAllowedError
from kitaran.registry.ledger.kinds import EventKind, Kinds, Payload, Recorded, SigningKey, allow
from kitaran.registry.ledger.log import MOST_TOGETHER, Ledger
from kitaran.registry.ledger.stored_tree import StoredTree
from tests.registry.ledger.sample_noun import LONG_AGO, Keys, Party, holders, sample_ledger

MINISTRY = Party("ministry")
STRANGER = Party("stranger", seed=2)


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return sample_ledger(engine, MINISTRY)


def log_size(ledger: Ledger) -> int:
    with reading(ledger.engine) as connection:
        return repository.size(connection)


def refused(ledger: Ledger, event: Any, kind: type[KitaranError]) -> KitaranError:
    """The refusal of an event, which leaves no trace."""
    before = log_size(ledger)
    with pytest.raises(kind) as error:
        ledger.append(event)
    assert log_size(ledger) == before
    return error.value


# -- the receipt and the leaf


def test_a_receipt_says_where_the_event_stands_and_its_leaf_is_the_one_defined(ledger: Ledger) -> None:
    event = MINISTRY.hands("pack-1")
    receipt = json.loads(ledger.append(event))
    envelope = {name: value for name, value in event.items() if name != "signature"}
    entry = canonical.encode(
        {
            "envelope": envelope,
            "signature": event["signature"],
            "recorded_at": receipt["recorded_at"],
            "seq": 0,
        }
    )
    assert receipt == {
        "id": event["id"],
        "seq": 0,
        "leaf_hash": sha256(b"\x00" + entry).hexdigest(),
        "digest": sha256(canonical.encode(envelope)).hexdigest(),
        "recorded_at": receipt["recorded_at"],
        "items": {"pack-1": 1},
        "custody": "own",
    }
    with reading(ledger.engine) as connection:
        row = repository.row(connection, 0)
        assert row is not None
        assert row.entry == entry
        assert holders(connection) == {"pack-1": "recycler"}


def test_each_item_counts_its_own_events_and_the_log_counts_all(ledger: Ledger) -> None:
    first = json.loads(ledger.append(MINISTRY.hands("pack-1")))
    ledger.append(MINISTRY.hands("pack-2"))
    ledger.append(MINISTRY.measures("pack-1"))
    last = json.loads(ledger.append(MINISTRY.hands("pack-1", "shop", first["digest"])))
    assert (last["seq"], last["items"]) == (3, {"pack-1": 3})


def test_the_same_event_sent_again_gets_the_same_receipt_and_is_kept_once(ledger: Ledger) -> None:
    event = MINISTRY.hands("pack-1")
    receipt = ledger.append(event)
    ledger.append(MINISTRY.measures("pack-1"))
    assert ledger.append(dict(reversed(event.items()))) == receipt
    assert ledger.append_all([(event, None), (event, None)]) == [receipt, receipt]
    assert log_size(ledger) == 2


def test_an_event_twice_in_one_batch_is_kept_once(ledger: Ledger) -> None:
    event = MINISTRY.hands("pack-1")
    first, second = ledger.append_all([(event, None), (event, None)])
    assert first == second
    assert log_size(ledger) == 1


def test_the_same_id_with_other_content_is_a_conflict(ledger: Ledger) -> None:
    ledger.append(MINISTRY.hands("pack-1", id="event-of-pack-1"))
    error = refused(ledger, MINISTRY.hands("pack-9", id="event-of-pack-1"), ConflictError)
    assert error.http_status == 409
    outcome = ledger.append_all(
        [(MINISTRY.hands(item, id="event-of-two"), None) for item in ("pack-2", "pack-3")]
    )
    assert isinstance(outcome[0], bytes)
    assert isinstance(outcome[1], ConflictError)


def test_a_known_id_with_other_content_is_told_as_such_even_if_its_item_is_taken_too(engine: Engine) -> None:
    def taken(connection: Connection, event: Event, at: datetime) -> None:
        if event.payload["to"] == "another":
            raise ConflictError("The item is taken.", "$.items", "Choose another.")

    ledger = sample_ledger(engine, MINISTRY, admit=taken)
    ledger.append(MINISTRY.hands("pack-1", id="event-of-pack-1"))
    again = MINISTRY.hands("pack-1", "another", id="event-of-pack-1")
    assert "belongs to an event with other content" in str(refused(ledger, again, ConflictError))
    assert "is taken" in str(refused(ledger, MINISTRY.hands("pack-2", "another"), ConflictError))


def test_an_event_sent_again_is_not_judged_again(engine: Engine) -> None:
    keys = Keys(MINISTRY.key)
    ledger = sample_ledger(engine)
    ledger = Ledger(engine, ledger.kinds, keys, allow)
    event = MINISTRY.hands("pack-1")
    receipt = ledger.append(event)
    keys.keys[MINISTRY.key.key_id] = replace(MINISTRY.key, valid_until=LONG_AGO + timedelta(days=1))
    assert ledger.append(event) == receipt
    refused(ledger, MINISTRY.hands("pack-2"), NotAllowedError)


# -- form


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"v": 2}, "$.v"),
        ({"v": True}, "$.v"),
        ({"kind": "Sample"}, "$.kind"),
        ({"id": "short"}, "$.id"),
        ({"id": "event\n00000001"}, "$.id"),
        ({"actor": ""}, "$.actor"),
        ({"items": ["pack-1", "pack-1"]}, "$.items"),
        ({"items": "pack-1"}, "$.items"),
        ({"items": [["pack-1"]], "expects": {}}, "$.items"),
        ({"expects": {"pack-2": None}}, "$.expects"),
        ({"expects": {"pack-1": "abc"}}, "$.expects"),
        ({"occurred_at": "2026-01-31T08:00:00Z"}, "$.occurred_at"),
        ({"occurred_at": "2026-02-30T08:00:00.000Z"}, "$.occurred_at"),
        ({"place": 7}, "$.place"),
        ({"payload": []}, "$.payload"),
        ({"payload": {"to": 1.5}}, "$.payload.to"),
        ({"payload": {"to": 7}}, "$.payload.to"),
        ({"payload": {"to": "x", "too": "y"}}, "$.payload.too"),
        ({"payload": {}}, "$.payload.to"),
        ({"sealed": {"owner_name": "x"}}, "$.sealed"),
        ({"sealed": {"colour": "0" * 64}}, "$.sealed"),
        ({"seq": 4}, "$.seq"),
        ({"signature": "00"}, "$.signature"),
        ({"kind": "sample.eaten"}, "$.kind"),
        ({"expects": {}}, "$.expects"),
    ],
)
def test_an_event_of_a_wrong_form_is_refused_with_its_place(
    ledger: Ledger, change: dict[str, Any], place: str
) -> None:
    error = refused(ledger, {**MINISTRY.hands("pack-1"), **change}, InputError)
    assert [fault.place for fault in error.faults] == [place]


@pytest.mark.parametrize("event", [None, [], "event", 7, b"{}"])
def test_what_is_no_object_is_refused(ledger: Ledger, event: Any) -> None:
    refused(ledger, event, InputError)


def test_each_missing_field_is_named(ledger: Ledger) -> None:
    error = refused(ledger, {"v": 1, "signature": "0" * 128}, InputError)
    assert {fault.place for fault in error.faults} > {"$.kind", "$.id", "$.actor", "$.items", "$.payload"}


# -- who may


def test_a_key_that_nobody_knows_signs_nothing(ledger: Ledger) -> None:
    refused(ledger, STRANGER.hands("pack-1"), NotAllowedError)


def test_a_signature_over_other_bytes_is_refused(ledger: Ledger) -> None:
    event = MINISTRY.hands("pack-1")
    error = refused(ledger, {**event, "payload": {"to": "thief"}}, NotAllowedError)
    assert error.place == "$.signature"
    assert error.http_status == 403


def test_nobody_signs_for_another_actor(engine: Engine) -> None:
    ledger = sample_ledger(engine, MINISTRY, STRANGER)
    envelope = STRANGER.envelope(
        "sample.handed", items=["p"], expects={"p": None}, payload={"to": "x"}, actor="ministry"
    )
    assert refused(ledger, sign(envelope, STRANGER.private), NotAllowedError).place == "$.actor"


def test_a_key_must_be_valid_when_it_happened_and_when_it_is_recorded(engine: Engine) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    party = Party("shop", seed=3)
    for valid_from, valid_until, occurred_at, taken in (
        (now - timedelta(days=9), now + timedelta(days=9), now - timedelta(days=1), True),
        (now - timedelta(days=9), now - timedelta(hours=1), now - timedelta(days=1), False),
        (now - timedelta(hours=1), None, now - timedelta(days=1), False),
        (now - timedelta(days=9), now, now - timedelta(days=1), False),
    ):
        key = replace(party.key, valid_from=valid_from, valid_until=valid_until)
        party.key = key
        ledger = sample_ledger(engine, party)
        with clock.replaced(now):
            event = party.measures("pack-1", occurred_at=clock.stamp(occurred_at))
            assert isinstance(ledger.append_all([(event, None)])[0], bytes) is taken


def test_authorisation_is_asked_for_the_event_and_for_its_recording(engine: Engine) -> None:
    asked = []

    def admit(connection: Connection, event: Event, at: datetime) -> None:
        asked.append(at)
        if at < datetime(2026, 5, 1, tzinfo=UTC):
            raise NotAllowedError("No licence was valid on that day.", "licence L-7", "Renew it.")

    ledger = sample_ledger(engine, MINISTRY, admit=admit)
    with clock.replaced(datetime(2026, 6, 1, tzinfo=UTC)):
        ledger.append(MINISTRY.hands("pack-1", occurred_at="2026-05-02T00:00:00.000Z"))
        refused(ledger, MINISTRY.hands("pack-2", occurred_at="2026-04-02T00:00:00.000Z"), NotAllowedError)
    assert asked[:2] == [datetime(2026, 5, 2, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)]


def test_what_a_noun_forbids_is_refused_and_hinders_no_other(ledger: Ledger) -> None:
    outcomes = ledger.append_all(
        [
            (MINISTRY.hands("pack-1"), None),
            (MINISTRY.hands("pack-2", "nobody"), None),
            (MINISTRY.hands("pack-3"), None),
        ]
    )
    assert [type(one) for one in outcomes] == [bytes, NotAllowedError, bytes]
    assert [json.loads(one)["seq"] for one in outcomes if isinstance(one, bytes)] == [0, 1]


def test_what_has_not_happened_yet_is_refused(ledger: Ledger) -> None:
    later = clock.stamp(clock.now() + timedelta(minutes=6))
    assert refused(ledger, MINISTRY.hands("pack-1", occurred_at=later), InputError).place == "$.occurred_at"


def test_a_custodial_key_signs_only_in_a_session_and_the_receipt_says_so(engine: Engine) -> None:
    clerk = Party("office", seed=4, custody="custodial")
    ledger = sample_ledger(engine, clerk, MINISTRY)
    receipt = json.loads(ledger.append(clerk.hands("pack-1", session="s-1")))
    assert receipt["custody"] == "custodial"
    assert refused(ledger, clerk.hands("pack-2"), NotAllowedError).place == "$.session"
    assert refused(ledger, MINISTRY.hands("pack-2", session="s-1"), NotAllowedError).place == "$.session"


# -- heads


def test_of_two_events_from_one_head_the_first_wins(ledger: Ledger) -> None:
    head = json.loads(ledger.append(MINISTRY.hands("pack-1")))["digest"]
    ledger.append(MINISTRY.hands("pack-1", "shop", head))
    error = refused(ledger, MINISTRY.hands("pack-1", "smith", head), ConflictError)
    assert error.http_status == 409
    assert error.place == "$.expects.pack-1"
    refused(ledger, MINISTRY.hands("pack-1"), ConflictError)
    refused(ledger, MINISTRY.hands("pack-2", "shop", head), ConflictError)


def test_events_made_offline_chain_by_their_own_digests(ledger: Ledger) -> None:
    chain: list[dict[str, Any]] = []
    head = None
    for to in ("a", "b", "c"):
        event = MINISTRY.hands("pack-1", to, head)
        chain.append(event)
        envelope = {name: value for name, value in event.items() if name != "signature"}
        head = sha256(canonical.encode(envelope)).hexdigest()
    outcomes = ledger.append_all([(event, None) for event in chain])
    assert [json.loads(one)["items"] for one in outcomes if isinstance(one, bytes)] == [
        {"pack-1": 1},
        {"pack-1": 2},
        {"pack-1": 3},
    ]


def test_a_measurement_joins_the_history_and_leaves_the_head(ledger: Ledger) -> None:
    head = json.loads(ledger.append(MINISTRY.hands("pack-1")))["digest"]
    ledger.append(MINISTRY.measures("pack-1"))
    ledger.append(MINISTRY.hands("pack-1", "shop", head))


def test_an_event_of_many_items_takes_all_heads_or_none(ledger: Ledger) -> None:
    head = json.loads(ledger.append(MINISTRY.hands("pack-2")))["digest"]
    both: dict[str, Any] = {"items": ["pack-1", "pack-2"], "expects": {"pack-1": None, "pack-2": None}}
    refused(ledger, MINISTRY.hands("", **both), ConflictError)
    both["expects"]["pack-2"] = head
    receipt = json.loads(ledger.append(MINISTRY.hands("", **both)))
    assert receipt["items"] == {"pack-1": 1, "pack-2": 2}


def test_clients_who_race_for_one_head_have_one_winner(ledger: Ledger) -> None:
    outcomes: list[Any] = []
    start = Barrier(8)

    def race(number: int) -> None:
        event = MINISTRY.hands("pack-1", f"client-{number}")
        start.wait()
        outcomes.extend(ledger.append_all([(event, None)]))

    threads = [Thread(target=race, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, bytes) for one in outcomes) == 1
    assert sum(isinstance(one, ConflictError) for one in outcomes) == 7
    assert log_size(ledger) == 1


def test_clients_who_wait_together_are_committed_together(engine: Engine) -> None:
    commits: list[int] = []
    ledger = sample_ledger(engine, MINISTRY, committed=commits.append)
    receipts: list[Any] = []

    def send(number: int) -> None:
        receipts.append(ledger.append(MINISTRY.measures(f"pack-{number}")))

    threads = [Thread(target=send, args=(number,)) for number in range(5)]
    with ledger._pen:  # somebody else is writing
        for thread in threads:
            thread.start()
        for _ in range(1000):
            if len(ledger._waiting) == 5:
                break
            sleep(0.01)
    for thread in threads:
        thread.join()
    assert commits == [5]
    assert sorted(json.loads(one)["seq"] for one in receipts) == [0, 1, 2, 3, 4]


# -- the store


@pytest.mark.parametrize("table", tables.GROW_ONLY, ids=lambda table: str(table.name))
def test_the_store_itself_refuses_to_change_what_was_logged(ledger: Ledger, table: sa.Table) -> None:
    ledger.append(MINISTRY.hands("pack-1"))
    column = next(iter(table.columns))
    statements: list[sa.Executable] = [sa.delete(table), sa.update(table).values({column: column})]
    with writing(ledger.engine) as connection:
        for one in tables.GROW_ONLY:
            if one not in (tables.event, tables.key):
                connection.execute(sa.insert(one).values(_some_row(one)))
    for statement in statements:
        with pytest.raises((DBAPIError, KitaranError)), writing(ledger.engine) as connection:
            connection.execute(statement)


def _some_row(table: sa.Table) -> dict[str, Any]:
    return {column.name: b"x" if "content" in column.name else "1" for column in table.columns} | (
        {name: 1 for name in ("seq", "position", "size") if name in table.c}
    )


def test_not_even_the_superuser_changes_the_log_by_mistake(
    ledger: Ledger, request: pytest.FixtureRequest
) -> None:
    if ledger.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no superuser")
    import psycopg

    ledger.append(MINISTRY.hands("pack-1"))
    address = ledger.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    superuser = request.getfixturevalue("postgres").superuser(address)
    for statement in ("DELETE FROM ledger_event", "TRUNCATE ledger_event", "UPDATE ledger_event SET seq = 9"):
        with pytest.raises(psycopg.errors.RestrictViolation), psycopg.connect(superuser) as connection:
            connection.execute(statement)


def test_a_projection_that_fails_takes_only_its_own_event_with_it(engine: Engine) -> None:
    class Anything(Payload):
        pass

    def fail(connection: Connection, recorded: Recorded) -> None:
        connection.execute(sa.text("INSERT INTO there_is_no_such_table VALUES (1)"))

    kinds = Kinds()
    kinds.register([EventKind("sample.broken", Anything, project=fail), EventKind("sample.fine", Anything)])
    ledger = Ledger(engine, kinds, Keys(MINISTRY.key), allow)
    events = [sign(MINISTRY.envelope(kind), MINISTRY.private) for kind in ("sample.fine", "sample.broken")]
    with pytest.raises(DBAPIError):
        ledger.append_all([(event, None) for event in events])
    assert log_size(ledger) == 1
    assert json.loads(ledger.append(events[0]))["seq"] == 0


def test_two_nouns_cannot_claim_one_kind() -> None:
    kinds = Kinds()
    kinds.register([EventKind("sample.one", Payload)])
    with pytest.raises(ValueError, match="twice"):
        kinds.register([EventKind("sample.one", Payload)])


def test_a_batch_larger_than_a_transaction_is_refused_whole(ledger: Ledger) -> None:
    with pytest.raises(InputError, match=str(MOST_TOGETHER)):
        ledger.append_all([(None, None)] * (MOST_TOGETHER + 1))


def test_an_old_copy_of_the_database_takes_no_more_events(engine: Engine) -> None:
    ledger = sample_ledger(engine, MINISTRY, signed_to=lambda: 5)
    refused(ledger, MINISTRY.hands("pack-1"), HaltedError)


def test_stored_nodes_give_the_root_of_the_leaves(ledger: Ledger) -> None:
    for batch in (200, 100, 300):
        ledger.append_all([(MINISTRY.measures(f"pack-{n % 7}"), None) for n in range(batch)])
    with reading(ledger.engine) as connection:
        leaves = repository.leaf_hashes(connection, 0, 600)
        tree = StoredTree(connection)
        assert [tree.root(size) for size in (0, 1, 255, 256, 257, 512, 600)] == [
            merkle.root(leaves[:size]) for size in (0, 1, 255, 256, 257, 512, 600)
        ]
        proof = tree.inclusion_proof(300, 600)
        assert proof == merkle.inclusion_proof(300, 600, merkle.subtree_of(leaves))
        assert merkle.verify_inclusion(300, 600, leaves[300], proof, tree.root(600))
        between = tree.consistency_proof(257, 600)
        assert merkle.verify_consistency(257, 600, between, tree.root(257), tree.root(600))


def test_a_signing_key_is_valid_from_its_first_moment_until_before_its_last() -> None:
    key = SigningKey("k", "a", b"", "own", LONG_AGO, LONG_AGO + timedelta(days=1))
    assert key.valid_at(LONG_AGO)
    assert not key.valid_at(LONG_AGO - timedelta(milliseconds=1))
    assert not key.valid_at(LONG_AGO + timedelta(days=1))
