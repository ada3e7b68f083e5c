"""A personal value can be erased: every proof holds after it, and no byte of it is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError
from kitaran.registry.ledger import erasure, repository, verifier
from kitaran.registry.ledger.bundle import make_bundle
from kitaran.registry.ledger.checkpoint import Signer
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.last_signed import LastSigned
from kitaran.registry.ledger.log import Ledger
from kitaran.registry.ledger.rebuild import rebuild
from kitaran.registry.ledger.sealed import Disclosure, seal
from kitaran.registry.ledger.signature import make_key
from kitaran.registry.ledger.verify import verify_log
from tests.registry.ledger.sample_noun import Party, sample_ledger

NAME = "Dara Sok of Phnom Penh"
MINISTRY = Party("ministry")


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    ledger = sample_ledger(engine, MINISTRY)
    ledger.kinds.register([erasure.KIND])
    return ledger


def hand_over(ledger: Ledger, item: str, name: str) -> bytes:
    sealed, opened = seal({"owner_name": name})
    return ledger.append(MINISTRY.hands(item, sealed=sealed), sent(opened))


def sent(opened: dict[str, Disclosure]) -> dict[str, Any]:
    """Disclosures as JSON brings them."""
    return {name: {"salt": one.salt, "value": one.value} for name, one in opened.items()}


def erase(ledger: Ledger, seq: int) -> None:
    payload = {"seq": seq, "name": "owner_name", "reason": "retention has ended"}
    erasure.erase(
        ledger, sign(MINISTRY.envelope("ledger.erased", items=["pack-1"], payload=payload), MINISTRY.private)
    )


def test_an_erased_value_is_in_no_file_and_every_proof_still_holds(
    ledger: Ledger, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    receipt = hand_over(ledger, "pack-1", NAME)
    hand_over(ledger, "pack-2", "Somchai of Khon Kaen")
    assert NAME in " ".join(str(row.content) for row in _sealed(ledger))
    erase(ledger, 0)
    signer = Signer(ledger.engine, "registry.example/log", make_key(), LastSigned(tmp_path / "outside"))
    signer.sign()
    left = _stored(ledger, tmp_path, request)
    assert NAME.encode() not in left
    assert b"Somchai" in left
    bundle = make_bundle(ledger.engine, ["pack-1"], signer.key, disclose=lambda seq, name: True)
    assert verifier.verify(bundle).problems == []
    assert NAME not in bundle.decode()
    assert verify_log(ledger.engine, signer.key).problems == []
    rebuild(ledger.engine, ledger.kinds)
    assert [row.seq for row in _sealed(ledger)] == [1]
    event = json.loads(bundle)["events"][0]["entry"]
    again = {**event["envelope"], "signature": event["signature"]}
    assert ledger.append(again) == receipt


def _sealed(ledger: Ledger) -> list[sa.Row[Any]]:
    with reading(ledger.engine) as connection:
        return repository.sealed(connection, range(10))


def _stored(ledger: Ledger, tmp_path: Path, request: pytest.FixtureRequest) -> bytes:
    if ledger.engine.dialect.name == "postgresql":
        ledger.engine.dispose()
        database = str(ledger.engine.url.database)
        superuser = request.getfixturevalue("postgres")
        superuser.execute("CHECKPOINT", database)
        return bytes(superuser.table_bytes("ledger_sealed", database))
    return b"".join(path.read_bytes() for path in tmp_path.glob("kitaran.db*"))


def test_a_value_that_the_event_does_not_commit_to_is_refused(ledger: Ledger) -> None:
    sealed, _ = seal({"owner_name": NAME})
    _, other = seal({"owner_name": "Nobody"})
    opened = sent(other)
    with pytest.raises(InputError) as error:
        ledger.append(MINISTRY.hands("pack-1", sealed=sealed), opened)
    assert error.value.place == "$.disclosures.owner_name"
    for malformed in (
        {"owner_name": 7},
        {"owner_name": {"salt": "0", "value": 1}},
        {"colour": opened["owner_name"]},
    ):
        with pytest.raises(InputError):
            ledger.append(MINISTRY.hands("pack-1", sealed=sealed), malformed)


def test_a_signer_may_keep_the_value_to_himself(ledger: Ledger) -> None:
    sealed, _ = seal({"owner_name": NAME})
    ledger.append(MINISTRY.hands("pack-1", sealed=sealed))
    assert _sealed(ledger) == []


def test_the_same_value_sealed_twice_looks_different() -> None:
    assert seal({"owner_name": NAME})[0] != seal({"owner_name": NAME})[0]
