"""What a client holds in its hand once its event is durable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from kitaran.registry.ledger import canonical
from kitaran.registry.ledger.repository import Row

Receipt = bytes
"""Canonical JSON of id, seq, leaf_hash, digest, recorded_at, items (each with its item sequence) and
custody.
"""


def make_receipt(row: Row, item_seqs: Mapping[str, int]) -> Receipt:
    """The receipt of a recorded event: the same bytes each time it is asked for.

    custody : `custodial` if a node signed for a person in the session that the envelope names, else `own`
    """
    entry: dict[str, Any] = canonical.loads(row.entry)
    return fresh_receipt(row, entry["envelope"], entry["recorded_at"], item_seqs)


def fresh_receipt(
    row: Row, envelope: Mapping[str, Any], recorded_at: str, item_seqs: Mapping[str, int]
) -> Receipt:
    """`make_receipt` for who has the envelope at hand."""
    content = {
        "id": row.event_id,
        "seq": row.seq,
        "leaf_hash": row.leaf_hash.hex(),
        "digest": row.digest.hex(),
        "recorded_at": recorded_at,
        "items": dict(item_seqs),
        "custody": custody_of(envelope),
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)  # each value was checked with its envelope


def custody_of(envelope: Mapping[str, Any]) -> str:
    """Who kept the private key that signed this envelope."""
    return "custodial" if "session" in envelope else "own"
