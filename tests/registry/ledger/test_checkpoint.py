"""A signed root follows from the last one, from bytes as they are stored, or it is not signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from kitaran.foundation.database import connect, migrate, reading
from kitaran.foundation.errors import EvidenceError, InputError, KitaranError, NotFoundError
from kitaran.registry.ledger import checkpoint, merkle, repository
from kitaran.registry.ledger.checkpoint import Checkpointer, Signer, ensure_origin
from kitaran.registry.ledger.errors import HaltedError, NotAllowedError
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.note import LOG, Checkpoint, Note, NoteKey, read_note, sign_checkpoint
from kitaran.registry.ledger.signature import public_bytes
from kitaran.registry.ledger.stored_tree import StoredTree
from kitaran.registry.ledger.witness import (
    BehindError,
    InconsistentError,
    Request,
    Witness,
    read_request,
)
from kitaran.registry.ledger.witness_http import HttpWitness, make_server
from tests.registry.ledger.sample_noun import Party, sample_ledger
from tests.registry.tampering import tamper

ORIGIN = "registry.example/log"
KEY = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
LOG_KEY = NoteKey(ORIGIN, LOG, public_bytes(KEY))
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
MINISTRY = Party("ministry")


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return sample_ledger(engine, MINISTRY)


@pytest.fixture
def signer(ledger: Ledger, tmp_path: Path) -> Signer:
    return Signer(ledger.engine, ORIGIN, KEY, LastSigned(tmp_path / "outside"))


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness("witness.example", WITNESS_KEY, [LOG_KEY], tmp_path / "witness")


@pytest.fixture
def over_http(witness: Witness) -> Iterator[HttpWitness]:
    server = make_server(witness, "127.0.0.1", 0)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield HttpWitness(f"http://127.0.0.1:{server.server_port}", str(witness.key))
    server.shutdown()
    server.server_close()
    thread.join()


def fill(ledger: Ledger, count: int) -> None:
    for start in range(0, count, 500):
        ledger.append_all([(MINISTRY.measures("pack-1"), None) for _ in range(min(500, count - start))])


# -- signing


def test_a_checkpoint_holds_the_root_of_the_stored_events(ledger: Ledger, signer: Signer) -> None:
    fill(ledger, 5)
    note = signer.sign()
    assert note is not None
    assert note.signed_by(LOG_KEY)
    with reading(ledger.engine) as connection:
        leaves = repository.leaf_hashes(connection, 0, 5)
        stored = repository.last_checkpoint(connection)
    assert note.checkpoint == Checkpoint(ORIGIN, 5, merkle.root(leaves))
    assert stored is not None
    assert read_note(stored.note) == note
    remembered = signer.last.read()
    assert remembered == note


def test_an_empty_log_has_no_checkpoint(signer: Signer) -> None:
    assert signer.sign() is None


def test_checkpoints_are_at_most_a_thousand_events_apart(ledger: Ledger, signer: Signer) -> None:
    fill(ledger, 300)
    signer.sign()
    fill(ledger, 2200)
    signer.sign()
    with reading(ledger.engine) as connection:
        assert [row.size for row in repository.checkpoints(connection)] == [300, 1300, 2300, 2500]
        tree = StoredTree(connection)
        for row in repository.checkpoints(connection):
            assert read_note(row.note).checkpoint.root == tree.root(row.size)


def test_signing_again_without_new_events_signs_nothing_new(ledger: Ledger, signer: Signer) -> None:
    fill(ledger, 3)
    assert signer.sign() == signer.sign()


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE ledger_event SET entry = CAST('{}' AS {blob}) WHERE seq = 2", "ledger_event, seq 2"),
        ("UPDATE ledger_event SET leaf_hash = digest WHERE seq = 2", "ledger_event, seq 2"),
        ("DELETE FROM ledger_event WHERE seq = 2", "ledger_event, seq 2"),
    ],
)
def test_stored_bytes_that_are_not_the_acknowledged_ones_are_not_signed(
    ledger: Ledger, signer: Signer, statement: str, place: str
) -> None:
    fill(ledger, 4)
    tamper(ledger.engine, statement)
    with pytest.raises(EvidenceError) as error:
        signer.sign()
    assert error.value.place == place
    assert signer.last.read() is None


def test_what_was_signed_and_then_changed_stops_the_log(ledger: Ledger, signer: Signer) -> None:
    fill(ledger, 4)
    signer.sign()
    tamper(ledger.engine, "UPDATE ledger_event SET leaf_hash = digest WHERE seq = 1")
    fill(ledger, 1)
    with pytest.raises(HaltedError, match="not those that were signed"):
        signer.sign()


def test_a_database_older_than_the_last_checkpoint_is_not_signed(
    ledger: Ledger, signer: Signer, tmp_path: Path
) -> None:
    fill(ledger, 4)
    signer.sign()
    old = connect(tmp_path / "old.db")
    migrate(old)
    copy = sample_ledger(old, MINISTRY, signed_to=signer.last.size)
    with pytest.raises(HaltedError, match="0 events"):
        Signer(old, ORIGIN, KEY, signer.last).sign()
    with pytest.raises(HaltedError):
        copy.append(MINISTRY.hands("pack-1"))


def test_a_lost_memory_is_not_made_anew_in_silence(ledger: Ledger, signer: Signer, tmp_path: Path) -> None:
    fill(ledger, 1)
    signer.sign()
    with pytest.raises(HaltedError, match="memory of the last one is missing"):
        Signer(ledger.engine, ORIGIN, KEY, LastSigned(tmp_path / "elsewhere")).sign()


def test_another_key_does_not_go_on_with_a_log(ledger: Ledger, signer: Signer) -> None:
    fill(ledger, 1)
    signer.sign()
    with pytest.raises(HaltedError, match="another key"):
        Signer(ledger.engine, ORIGIN, WITNESS_KEY, signer.last).sign()


def test_a_damaged_memory_is_told(signer: Signer, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir(exist_ok=True)
    (tmp_path / "outside" / "last-checkpoint").write_text("registry.exa")
    with pytest.raises(EvidenceError, match="damaged"):
        signer.sign()


def test_a_signer_killed_between_memory_and_database_goes_on(ledger: Ledger, signer: Signer) -> None:
    fill(ledger, 2)
    with reading(ledger.engine) as connection:
        root = StoredTree(connection).root(2)
    signer.last.write(sign_checkpoint(Checkpoint(ORIGIN, 2, root), KEY))
    fill(ledger, 1)
    signer.sign()
    with reading(ledger.engine) as connection:
        assert [row.size for row in repository.checkpoints(connection)] == [2, 3]


def test_the_name_of_a_log_never_changes(engine: Engine) -> None:
    assert ensure_origin(engine, "first.example/log") == "first.example/log"
    assert ensure_origin(engine, "second.example/log") == "first.example/log"


def test_a_running_log_is_signed_every_thousand_events_and_when_it_stops(
    ledger: Ledger, signer: Signer
) -> None:
    told: list[KitaranError] = []
    watch = Checkpointer(signer, told.append)
    watch.start()
    for _ in range(3):
        fill(ledger, 450)
        with reading(ledger.engine) as connection:
            watch.committed(repository.size(connection))
    watch.stop()
    with reading(ledger.engine) as connection:
        assert [row.size for row in repository.checkpoints(connection)] == [1000, 1350]
    assert told == []


def test_a_running_log_is_signed_after_some_seconds(
    ledger: Ledger, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checkpoint.EVERY_S <= 30
    monkeypatch.setattr(checkpoint, "EVERY_S", 0.05)
    fill(ledger, 1)
    watch = Checkpointer(signer, lambda error: None)
    watch.start()
    for _ in range(200):
        if signer.last.read() is not None:
            break
        sleep(0.05)
    assert signer.last.size() == 1
    watch.stop()


# -- witnesses


def note_of(size: int, seed: bytes = b"") -> tuple[Note, Callable[[int], list[bytes]]]:
    leaves = [merkle.leaf_hash(seed + bytes([n])) for n in range(size)]
    note = sign_checkpoint(Checkpoint(ORIGIN, size, merkle.root(leaves)), KEY)
    return note, lambda old: merkle.consistency_proof(old, size, merkle.subtree_of(leaves))


def asked(old: int, size: int, seed: bytes = b"") -> Request:
    note, proof = note_of(size, seed)
    return Request(old, tuple(proof(old)) if old else (), note)


def test_a_witness_cosigns_what_follows_and_nothing_else(witness: Witness) -> None:
    line = witness.answer(asked(0, 5))
    assert note_of(5)[0].witnessed([line]).signed_by(witness.key)
    witness.answer(asked(5, 5))
    witness.answer(asked(5, 9))
    for request, refusal in (
        (asked(5, 12), BehindError),
        (asked(0, 12), BehindError),
        (asked(9, 12, b"fork"), InconsistentError),
        (Request(9, (), note_of(7)[0]), InconsistentError),
        (Request(9, (), note_of(9, b"fork")[0]), InconsistentError),
    ):
        with pytest.raises(refusal):
            witness.answer(request)


def test_a_witness_remembers_when_it_starts_again(witness: Witness, tmp_path: Path) -> None:
    witness.answer(asked(0, 5))
    again = Witness("witness.example", WITNESS_KEY, [LOG_KEY], tmp_path / "witness")
    with pytest.raises(BehindError) as error:
        again.answer(asked(0, 3))
    assert error.value.size == 5


def test_a_witness_cosigns_only_logs_that_it_watches(witness: Witness) -> None:
    other = sign_checkpoint(Checkpoint("other.example/log", 1, bytes(32)), KEY)
    with pytest.raises(NotFoundError):
        witness.answer(Request(0, (), other))
    forged = sign_checkpoint(Checkpoint(ORIGIN, 1, bytes(32)), WITNESS_KEY)
    with pytest.raises(NotAllowedError):
        witness.answer(Request(0, (), forged))


def test_a_request_carried_by_hand_is_the_same_text(witness: Witness) -> None:
    witness.answer(asked(0, 5))
    request = asked(5, 9)
    assert read_request(str(request)) == request
    for broken in ("", "old 5\n", str(request).replace("old 5", "old five"), str(request)[:-70]):
        with pytest.raises(InputError):
            read_request(broken)


def test_a_log_is_cosigned_over_http(ledger: Ledger, signer: Signer, over_http: HttpWitness) -> None:
    signer = Signer(ledger.engine, ORIGIN, KEY, signer.last, [over_http])
    for count in (3, 4):
        fill(ledger, count)
        note = signer.sign()
        assert note is not None
        with reading(ledger.engine) as connection:
            lines = repository.cosignatures(connection, note.checkpoint.size).values()
        assert note.witnessed(lines).signed_by(over_http.key)


def test_a_witness_that_is_away_is_asked_again_later(
    ledger: Ledger, signer: Signer, over_http: HttpWitness
) -> None:
    fill(ledger, 2)
    away = HttpWitness("http://127.0.0.1:9", str(over_http.key))
    note = Signer(ledger.engine, ORIGIN, KEY, signer.last, [away]).sign()
    assert note is not None
    Signer(ledger.engine, ORIGIN, KEY, signer.last, [over_http]).sign()
    with reading(ledger.engine) as connection:
        assert len(repository.cosignatures(connection, 2)) == 1


@pytest.mark.parametrize("status", [200, 409, 500])
@pytest.mark.parametrize("text", ["", "nonsense", "\u2014 witness.example AAAA\n", "9" * 5000])
def test_a_witness_that_talks_nonsense_hinders_no_checkpoint(
    sqlite: Engine, tmp_path: Path, witness: Witness, status: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sample_ledger(sqlite, MINISTRY), 2)
    strange = HttpWitness("http://127.0.0.1:9", str(witness.key))
    monkeypatch.setattr(strange, "_ask", lambda note, proof: (status, text))
    note = Signer(sqlite, ORIGIN, KEY, LastSigned(tmp_path / "outside"), [strange]).sign()
    assert note is not None
    with reading(sqlite) as connection:
        assert [row.size for row in repository.checkpoints(connection)] == [2]
        assert repository.cosignatures(connection, 2) == {}


def test_a_fork_is_cosigned_once_and_the_other_side_stops(
    over_http: HttpWitness, tmp_path: Path, witness: Witness
) -> None:
    """Two nodes begin from one backup, each with the log's key: only one of them is ever believed."""
    nodes = []
    for name in ("left", "right"):
        engine = connect(tmp_path / f"{name}.db")
        migrate(engine)
        last = LastSigned(tmp_path / name)
        asking = HttpWitness(over_http._url.removesuffix("/add-checkpoint"), str(witness.key))
        ledger = sample_ledger(engine, MINISTRY, signed_to=last.size)
        nodes.append((ledger, Signer(engine, ORIGIN, KEY, last, [asking])))
    for ledger, _ in nodes:
        fill(ledger, 2)
    assert nodes[0][1].sign() is not None
    with pytest.raises(HaltedError, match="another history"):
        nodes[1][1].sign()
    with pytest.raises(HaltedError):
        nodes[1][0].append(MINISTRY.hands("pack-7"))
    with reading(nodes[1][0].engine) as connection:
        assert repository.checkpoints(connection) == []
    fill(nodes[0][0], 1)
    assert nodes[0][1].sign() is not None
