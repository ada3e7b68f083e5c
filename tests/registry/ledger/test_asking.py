"""Anyone may ask for proofs, and what is answered can be checked with the public functions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.ledger import asking, merkle
from kitaran.registry.ledger.checkpoint import Signer
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.note import read_note
from kitaran.registry.ledger.signature import make_key
from tests.registry.ledger.sample_noun import Party, sample_ledger

MINISTRY = Party("ministry")


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    ledger = sample_ledger(engine, MINISTRY)
    ledger.append_all([(MINISTRY.measures(f"pack-{n % 3}"), None) for n in range(10)])
    return ledger


def test_a_proof_of_inclusion_checks(ledger: Ledger) -> None:
    answer = asking.inclusion(ledger.engine, 4, 9)
    leaf, root = bytes.fromhex(answer["leaf_hash"]), bytes.fromhex(answer["root"])
    assert merkle.verify_inclusion(4, 9, leaf, list(map(bytes.fromhex, answer["proof"])), root)


def test_a_proof_of_consistency_checks(ledger: Ledger) -> None:
    answer = asking.consistency(ledger.engine, 3, 10)
    roots = bytes.fromhex(answer["root_from"]), bytes.fromhex(answer["root_to"])
    assert merkle.verify_consistency(3, 10, list(map(bytes.fromhex, answer["proof"])), *roots)


@pytest.mark.parametrize(("old", "new"), [(0, 10), (5, 4), (1, 11), (-1, 3), (1, 0)])
def test_consistency_that_shows_nothing_is_refused(ledger: Ledger, old: int, new: int) -> None:
    with pytest.raises(InputError):
        asking.consistency(ledger.engine, old, new)


@pytest.mark.parametrize(("seq", "size"), [(9, 9), (-1, 5), (0, 0), (0, 11)])
def test_a_place_that_is_not_there_is_refused(ledger: Ledger, seq: int, size: int) -> None:
    with pytest.raises(InputError):
        asking.inclusion(ledger.engine, seq, size)


def test_the_events_of_an_item_come_in_order_and_in_parts(ledger: Ledger) -> None:
    head = json.loads(ledger.append(MINISTRY.hands("pack-1")))["digest"]
    answer = asking.item_events(ledger.engine, "pack-1", after=1, limit=2)
    assert (answer["item_seq"], answer["head"]) == (4, head)
    assert [(one["item_seq"], one["entry"]["seq"], one["custody"]) for one in answer["events"]] == [
        (2, 4, "own"),
        (3, 7, "own"),
    ]
    with pytest.raises(NotFoundError):
        asking.item_events(ledger.engine, "pack-9")


def test_the_newest_checkpoint_is_shown_whole(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        asking.newest_checkpoint(ledger.engine)
    signer = Signer(ledger.engine, "registry.example/log", make_key(), LastSigned(tmp_path / "outside"))
    signer.sign()
    answer = asking.newest_checkpoint(ledger.engine)
    assert answer["size"] == 10
    assert read_note(answer["note"]).signed_by(signer.key)
    assert answer["root"] == asking.inclusion(ledger.engine, 0, 10)["root"]
