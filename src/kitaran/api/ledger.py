"""The log's proofs over HTTP: for everyone, since they hold hashes only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from kitaran.api import registry
from kitaran.registry.ledger import asking

router = APIRouter(prefix="/api/v1/ledger", tags=["ledger"], dependencies=[Depends(registry.anyone)])

Size = Annotated[int, Query(ge=1, description="Number of events of the tree.")]


@router.get("/checkpoint")
def checkpoint(request: Request) -> dict[str, Any]:
    """The newest signed checkpoint: a C2SP note with its cosignatures, and the key that verifies it.

    What is recorded and not yet signed is signed first.
    """
    opened = registry.of(request)
    signer = opened.signer()
    signer.sign()
    return {**asking.newest_checkpoint(opened.whole().engine), "log_key": str(signer.key)}


@router.get("/proof/inclusion")
def inclusion(
    request: Request,
    seq: Annotated[int, Query(ge=0, description="Sequence number of the event, from 0.")],
    size: Size,
) -> dict[str, Any]:
    """Proof that event `seq` is in the tree of `size` events (RFC 6962, section 2.1.1); hashes in hex."""
    return asking.inclusion(registry.of(request).whole().engine, seq, size)


@router.get("/proof/consistency")
def consistency(
    request: Request,
    first: Annotated[int, Query(alias="from", ge=1, description="Number of events of the earlier tree.")],
    second: Annotated[int, Query(alias="to", ge=1, description="Number of events of the later tree.")],
) -> dict[str, Any]:
    """Proof that the later tree only adds to the earlier one (RFC 6962, section 2.1.2); hashes in hex.

    A proof from an empty tree proves nothing and is refused.
    """
    return asking.consistency(registry.of(request).whole().engine, first, second)
