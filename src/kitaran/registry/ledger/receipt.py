"""What a client holds in its hand once its event is durable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    envelope = entry["envelope"]
    return canonical.encode(
        {
            "id": envelope["id"],
            "seq": entry["seq"],
            "leaf_hash": row.leaf_hash.hex(),
            "digest": row.digest.hex(),
            "recorded_at": entry["recorded_at"],
            "items": dict(item_seqs),
            "custody": custody_of(envelope),
        }
    )


def custody_of(envelope: Mapping[str, Any]) -> str:
    """Who kept the private key that signed this envelope."""
    return "custodial" if "session" in envelope else "own"
