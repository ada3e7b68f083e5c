"""A log that was changed where it is stored is found broken, and the event is named."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from kitaran.foundation.database import reading, writing
from kitaran.foundation.migrations.versions import v0007_item_actors
from kitaran.registry.ledger import merkle, repository, tables
from kitaran.registry.ledger.checkpoint import Signer
from kitaran.registry.ledger.findings import Findings
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.note import LOG, NoteKey
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.ledger.sealed import seal
from kitaran.registry.ledger.signature import public_bytes
from kitaran.registry.ledger.verify import verify_log
from tests.registry.ledger.sample_noun import HOLDER, Party, sample_ledger
from tests.registry.tampering import tamper

ORIGIN = "registry.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
LOG_KEY = NoteKey(ORIGIN, LOG, public_bytes(KEY))
MINISTRY = Party("ministry")


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    """300 events under checkpoints of 290 and 300, the first with a sealed value."""
    ledger = sample_ledger(engine, MINISTRY)
    sealed, opened = seal({"owner_name": "Dara Sok"})
    head = json.loads(ledger.append(MINISTRY.hands("pack-1", sealed=sealed), dict(opened)))["digest"]
    ledger.append(MINISTRY.hands("pack-1", "shop", head))
    ledger.append_all([(MINISTRY.measures(f"pack-{n % 5}"), None) for n in range(288)])
    return ledger


@pytest.fixture
def signer(ledger: Ledger, tmp_path: Path) -> Signer:
    signer = Signer(ledger.engine, ORIGIN, KEY, LastSigned(tmp_path / "outside"))
    signer.sign()
    ledger.append_all([(MINISTRY.measures("pack-1"), None) for _ in range(10)])
    signer.sign()
    return signer


def verified(signer: Signer, signatures: bool = True) -> Findings:
    return verify_log(signer.engine, LOG_KEY, signer.last.read(), signatures)


def test_an_untouched_log_is_intact(signer: Signer) -> None:
    findings = verified(signer)
    assert findings.problems == []
    assert (findings.size, findings.checkpoints) == (300, 2)
    with reading(signer.engine) as connection:
        assert findings.root == merkle.root(repository.leaf_hashes(connection, 0, 300))


@pytest.mark.parametrize("signatures", [True, False], ids=["all", "hashes"])
@pytest.mark.parametrize(
    ("statement", "seq", "words"),
    [
        ("UPDATE ledger_event SET entry = CAST('{}' AS {blob}) WHERE seq = 7", 7, "stored bytes"),
        ("UPDATE ledger_event SET leaf_hash = digest WHERE seq = 7", 7, "stored bytes"),
        ("UPDATE ledger_event SET digest = leaf_hash WHERE seq = 7", 7, "digest"),
        ("UPDATE ledger_event SET event_id = 'event-x' WHERE seq = 7", 7, "id"),
        ("DELETE FROM ledger_event WHERE seq = 7", 7, "missing"),
        ("UPDATE ledger_event SET seq = 900 WHERE seq = 7", 7, "missing"),
        ("DELETE FROM ledger_event WHERE seq = 299", None, "events 299 to 299 are missing"),
        ("UPDATE ledger_checkpoint SET note = 'x' WHERE size = 290", None, "cannot be read"),
        ("UPDATE ledger_checkpoint SET size = 280 WHERE size = 290", None, "not signed"),
        ("UPDATE ledger_node SET hash = CAST('x' AS {blob})", None, "events 0 to 255"),
    ],
)
def test_what_was_changed_is_named(
    signer: Signer, statement: str, seq: int | None, words: str, signatures: bool
) -> None:
    tamper(signer.engine, statement)
    problems = verified(signer, signatures).problems
    assert any(one.seq == seq and words in one.problem for one in problems), problems


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE ledger_sealed SET content = CAST('\"Nobody\"' AS {blob})", "sealed owner_name"),
        ("UPDATE ledger_head SET item_seq = 1 WHERE item = 'pack-1'", "head of pack-1"),
        ("DELETE FROM ledger_head WHERE item = 'pack-1'", "head of pack-1"),
        ("UPDATE ledger_item_event SET item_seq = 9 WHERE seq = 1", "history of pack-1"),
        ("DELETE FROM ledger_item_event WHERE seq = 1", "history of pack-1"),
        ("DELETE FROM ledger_item_actor WHERE item = 'pack-1'", "who acted on pack-1"),
        ("UPDATE ledger_item_actor SET actor = 'nobody' WHERE item = 'pack-1'", "who acted on pack-1"),
        ("UPDATE ledger_key SET public_key = CAST('x' AS {blob})", "key that signed it is not kept"),
    ],
)
def test_what_stands_beside_the_log_is_checked_too(signer: Signer, statement: str, words: str) -> None:
    tamper(signer.engine, statement)
    assert any(words in one.problem for one in verified(signer).problems)


def test_a_change_that_covers_its_tracks_is_found_by_signature_and_by_tree(signer: Signer) -> None:
    """Entry, leaf hash and digest are made to agree, as only someone with the program can."""
    with reading(signer.engine) as connection:
        row = repository.row(connection, 295)
    assert row is not None
    forged = row.entry.replace(b'"soh":"0.81"', b'"soh":"0.99"')
    values = {"entry": forged, "leaf": merkle.leaf_hash(forged)}
    tamper(
        signer.engine, "UPDATE ledger_event SET entry = :entry, leaf_hash = :leaf WHERE seq = 295", **values
    )
    assert "digest" in str(verified(signer, signatures=False).problems[0])
    envelope = forged[len('{"envelope":') : forged.index(b',"recorded_at"')]
    digest = sha256(envelope).digest()
    tamper(signer.engine, "UPDATE ledger_event SET digest = :digest WHERE seq = 295", digest=digest)
    by_tree = [one.problem for one in verified(signer, signatures=False).problems]
    assert by_tree == ["one of the events 290 to 299 was changed after it was signed"]
    assert any(one.seq == 295 and "signature" in one.problem for one in verified(signer).problems)


def test_a_checkpoint_remembered_outside_is_held_against_the_log(signer: Signer) -> None:
    tamper(signer.engine, "DELETE FROM ledger_checkpoint")
    tamper(signer.engine, "DELETE FROM ledger_event WHERE seq >= 150")
    assert any("150 to 299 are missing" in str(one) for one in verified(signer).problems)


# -- what follows from the log


def snapshot(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every derived row, in order."""
    with reading(engine) as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in (*tables.DERIVED, HOLDER)
        }


def test_what_follows_from_the_log_is_rebuilt_to_the_same_bytes(ledger: Ledger, signer: Signer) -> None:
    before = snapshot(ledger.engine)
    assert all(before.values())
    tamper(ledger.engine, "UPDATE ledger_head SET item_seq = 77")
    tamper(ledger.engine, "DELETE FROM sample_holder")
    assert rebuild(ledger.engine, ledger.kinds) == 300
    assert snapshot(ledger.engine) == before
    assert verified(signer).problems == []


def test_a_log_of_before_is_looked_through_for_who_acted_on_what(ledger: Ledger, signer: Signer) -> None:
    before = snapshot(ledger.engine)["ledger_item_actor"]
    tamper(ledger.engine, "DELETE FROM ledger_item_actor")
    with writing(ledger.engine) as connection:
        v0007_item_actors._fill(connection, tables.item_actor)
    assert snapshot(ledger.engine)["ledger_item_actor"] == before
