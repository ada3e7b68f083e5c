"""A remembered key saves a look-up and decides nothing: whether it may sign is asked each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine

from kitaran.registry.ledger import seen_keys
from kitaran.registry.ledger.errors import NotAllowedError
from kitaran.registry.ledger.kinds import SigningKey, allow
from kitaran.registry.ledger.log import Ledger
from tests.registry.ledger.sample_noun import LONG_AGO, Keys, Party, sample_ledger

MINISTRY = Party("ministry")
STRANGER = Party("stranger", seed=2)


class CountedKeys(Keys):
    """A key book that writes down what it is asked."""

    def __init__(self, *keys: SigningKey) -> None:
        super().__init__(*keys)
        self.asked: list[str] = []

    def find(self, connection: Connection, key_id: str) -> SigningKey | None:
        self.asked.append(key_id)
        return super().find(connection, key_id)


@pytest.fixture
def keys() -> CountedKeys:
    return CountedKeys(MINISTRY.key)


@pytest.fixture
def ledger(engine: Engine, keys: CountedKeys) -> Ledger:
    return Ledger(engine, sample_ledger(engine).kinds, keys, allow)


def test_a_key_that_ended_between_two_batches_signs_no_more(ledger: Ledger, keys: CountedKeys) -> None:
    ledger.append(MINISTRY.measures("pack-1"))
    keys.keys[MINISTRY.key.key_id] = replace(MINISTRY.key, valid_until=LONG_AGO + timedelta(days=1))
    with pytest.raises(NotAllowedError, match="not valid"):
        ledger.append(MINISTRY.measures("pack-1"))


def test_a_key_that_is_gone_from_the_book_signs_no_more(ledger: Ledger, keys: CountedKeys) -> None:
    ledger.append(MINISTRY.measures("pack-1"))
    del keys.keys[MINISTRY.key.key_id]
    with pytest.raises(NotAllowedError):
        ledger.append(MINISTRY.measures("pack-1"))


def test_a_key_that_went_over_to_another_actor_signs_for_that_one_alone(
    ledger: Ledger, keys: CountedKeys
) -> None:
    ledger.append(MINISTRY.measures("pack-1"))
    keys.keys[MINISTRY.key.key_id] = replace(MINISTRY.key, actor="agency")
    with pytest.raises(NotAllowedError, match="another actor"):
        ledger.append(MINISTRY.measures("pack-1"))


def test_a_key_registered_after_it_was_refused_signs(ledger: Ledger, keys: CountedKeys) -> None:
    event = STRANGER.measures("pack-1")
    with pytest.raises(NotAllowedError, match="not known"):
        ledger.append(event)
    keys.keys[STRANGER.key.key_id] = STRANGER.key
    assert isinstance(ledger.append(event), bytes)


def test_a_known_key_is_looked_up_once_in_a_transaction_and_an_unknown_one_once_in_a_batch(
    ledger: Ledger, keys: CountedKeys
) -> None:
    ledger.append(MINISTRY.measures("pack-1"))
    keys.asked.clear()
    ledger.append_all([(MINISTRY.measures("pack-1"), None) for _ in range(9)])
    assert keys.asked == [MINISTRY.key.key_id]
    keys.asked.clear()
    outcomes = ledger.append_all([(STRANGER.measures("pack-1"), None) for _ in range(9)])
    assert all(isinstance(one, NotAllowedError) for one in outcomes)
    assert keys.asked == [STRANGER.key.key_id]


def test_what_is_remembered_stays_small(
    ledger: Ledger, keys: CountedKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen_keys, "MOST", 1)
    keys.keys[STRANGER.key.key_id] = STRANGER.key
    for party in (MINISTRY, STRANGER, MINISTRY):
        assert isinstance(ledger.append(party.measures("pack-1")), bytes)


def test_a_book_that_gives_another_key_under_the_id_is_believed_for_no_second_batch(engine: Engine) -> None:
    """Only a key that hashes to its id is remembered: no mistaken row can outlive itself."""
    keys = Keys(MINISTRY.key)
    ledger = Ledger(engine, sample_ledger(engine).kinds, keys, allow)
    keys.keys[MINISTRY.key.key_id] = replace(MINISTRY.key, public_key=STRANGER.key.public_key)
    with pytest.raises(NotAllowedError, match="signature"):
        ledger.append(MINISTRY.measures("pack-1"))
    keys.keys[MINISTRY.key.key_id] = MINISTRY.key
    assert isinstance(ledger.append(MINISTRY.measures("pack-1")), bytes)
