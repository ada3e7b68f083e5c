"""The log's proofs over HTTP: for everyone, since they hold hashes only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.registry.ledger import merkle, repository
from kitaran.registry.ledger.stored_tree import StoredTree

router = APIRouter(prefix="/api/v1/ledger", tags=["ledger"])

Size = Annotated[int, Query(ge=1, description="Number of events of the tree.")]


@router.get("/checkpoint")
def checkpoint(request: Request) -> dict[str, Any]:
    """The newest signed checkpoint: a C2SP note with its cosignatures, and the key that verifies it.

    What is recorded and not yet signed is signed first.
    """
    opened = registry.of(request)
    signer = opened.signer()
    note = signer.sign()
    if note is None:
        raise NotFoundError("Nothing is recorded yet.", "checkpoint", "Ask again after the first event.")
    with reading(opened.whole().engine) as connection:
        lines = repository.cosignatures(connection, note.checkpoint.size)
    return {
        "origin": note.checkpoint.origin,
        "size": note.checkpoint.size,
        "root": note.checkpoint.root.hex(),
        "note": str(note.witnessed(lines.values())),
        "log_key": str(signer.key),
        "witness_keys": list(lines),
    }


@router.get("/proof/inclusion")
def inclusion(
    request: Request,
    seq: Annotated[int, Query(ge=0, description="Sequence number of the event, from 0.")],
    size: Size,
) -> dict[str, Any]:
    """Proof that event `seq` is in the tree of `size` events (RFC 6962, section 2.1.1); hashes in hex."""
    with reading(registry.of(request).whole().engine) as connection:
        tree = _tree(connection, size)
        row = repository.row(connection, seq) if seq < size else None
        if row is None:
            raise InputError(f"Event {seq} is not in a tree of {size}.", "seq", "Give a number below size.")
        proof = tree.inclusion_proof(seq, size)
        root = merkle.fold(tree.frontier(size))
    shown = [node.hex() for node in proof]
    return {"seq": seq, "size": size, "leaf_hash": row.leaf_hash.hex(), "proof": shown, "root": root.hex()}


@router.get("/proof/consistency")
def consistency(
    request: Request,
    first: Annotated[int, Query(alias="from", ge=1, description="Number of events of the earlier tree.")],
    second: Annotated[int, Query(alias="to", ge=1, description="Number of events of the later tree.")],
) -> dict[str, Any]:
    """Proof that the later tree only adds to the earlier one (RFC 6962, section 2.1.2); hashes in hex.

    A proof from an empty tree proves nothing and is refused.
    """
    with reading(registry.of(request).whole().engine) as connection:
        tree = _tree(connection, second)
        if first > second:
            raise InputError(f"{first} is more than {second}.", "from", "Give the earlier tree first.")
        proof = tree.consistency_proof(first, second)
        roots = [merkle.fold(tree.frontier(size)).hex() for size in (first, second)]
    shown = [node.hex() for node in proof]
    return {"from": first, "to": second, "proof": shown, "root_from": roots[0], "root_to": roots[1]}


def _tree(connection: Connection, size: int) -> StoredTree:
    held = repository.size(connection)
    if size > held:
        raise InputError(f"The log holds {held} events, not {size}.", "size", f"Give at most {held}.")
    return StoredTree(connection)
