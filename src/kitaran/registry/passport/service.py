"""Registering models and issuing passports with a hand that signs: one commit each, all or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from kitaran.foundation.clock import stamp
from kitaran.foundation.database import reading
from kitaran.registry.ledger import bulk
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.envelope import sign
from kitaran.registry.ledger.errors import ConflictError
from kitaran.registry.ledger.receipt import Receipt
from kitaran.registry.ledger.sealed import seal
from kitaran.registry.parties.hand import Hand
from kitaran.registry.passport import repository
from kitaran.registry.passport.attributes import sealed_of_model
from kitaran.registry.passport.kinds import item_of, model_item
from kitaran.registry.passport.schemas import SALT

TWICE: Final = "A battery is known under one of these serial numbers or codes already."


@dataclass(frozen=True, slots=True)
class Batch:
    """Passports that were issued together. batteries : their ids in the order of the rows"""

    id: str
    batteries: tuple[str, ...]


def new_id() -> str:
    """A fresh id of a battery: 122 random bits in the form of a UUID of version 4, without hyphens."""
    digits = secrets.token_hex(16)
    return f"{digits[:12]}4{digits[13:16]}{'89ab'[int(digits[16], 16) % 4]}{digits[17:]}"


def register_model(hand: Hand, operator: str, model: str, attributes: Mapping[str, Any]) -> int:
    """Register a model or its next version; the version. What not everyone may read is sealed.

    Raises InputError naming each wrong attribute, NotAllowedError, ConflictError if the id is another's.
    """
    sealed = {name: value for name, value in attributes.items() if name in sealed_of_model()}
    shown = {name: value for name, value in attributes.items() if name not in sealed}
    payload = {"model": model, "operator": operator, "attributes": shown}
    append(hand, "passport.model_registered", [model_item(model)], payload, sealed)
    with reading(hand.ledger.engine) as connection:
        found = repository.model(connection, model)
    return 0 if found is None else found.version


def issue_batch(hand: Hand, operator: str, rows: Sequence[Mapping[str, Any]]) -> Batch:
    """Issue one passport a row `{model, serial_number, ...}` under one signature, all or nothing.

    The rows are those that `importing.check` let through. Each gets a salt of its own: the hash of a row that
    is withheld cannot be tried out for a serial number.
    Raises ConflictError if a serial number or code was given away meanwhile.
    """
    batch, ids = secrets.token_hex(8), tuple(new_id() for _ in rows)
    numbered = zip(ids, rows, strict=True)
    prepared = bulk.prepare(
        (item_of(one), {**row, "battery": one, SALT: secrets.token_hex(16)}) for one, row in numbered
    )
    payload = {
        "batch": batch,
        "operator": operator,
        "rows": prepared.count,
        "root": prepared.root.hex(),
    }
    envelope = _envelope(hand, "passport.batch_issued", [f"batch/{batch}"], payload, None)
    try:
        hand.ledger.append_import(sign(envelope, hand.key), prepared)
    except IntegrityError as error:
        raise ConflictError(TWICE, "rows", "Import the file again to see which.") from error
    return Batch(batch, ids)


def append(
    hand: Hand,
    kind: str,
    items: Sequence[str],
    payload: Mapping[str, Any],
    sealed: Mapping[str, Any] | None = None,
    occurred_at: str | None = None,
) -> Receipt:
    """Sign and append one event about these items, which follows their heads. Raises as the log does."""
    hashes, disclosures = seal(sealed or {})
    envelope = _envelope(hand, kind, items, payload, occurred_at)
    if hashes:
        envelope["sealed"] = hashes
    return hand.ledger.append(sign(envelope, hand.key), dict(disclosures))


def _envelope(
    hand: Hand, kind: str, items: Sequence[str], payload: Mapping[str, Any], occurred_at: str | None
) -> dict[str, Any]:
    moves = hand.ledger.kinds.find(kind).moves_head
    return {
        "kind": kind,
        "id": secrets.token_hex(16),
        "actor": hand.actor,
        "items": list(items),
        "expects": _heads(hand, items) if moves else {},
        "occurred_at": occurred_at or stamp(),
        "place": None,
        "payload": dict(payload),
        **({} if hand.session is None else {"session": hand.session}),
    }


def _heads(hand: Hand, items: Sequence[str]) -> dict[str, str | None]:
    with reading(hand.ledger.engine) as connection:
        heads = log.heads(connection, items)
    return {
        item: None if (head := heads.get(item)) is None or head.digest is None else head.digest.hex()
        for item in items
    }
