"""Custody over HTTP: an item's hand-overs and lineage, and one's own offers.

What is said goes through `/events`: `custody.offered`, `custody.accepted` and the other kinds.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.registry.custody import history, lineage

router = APIRouter(prefix="/api/v1", tags=["custody"])


@router.get("/custody/offers")
def list_offers(request: Request) -> dict[str, Any]:
    """Offers that the caller made and got, with the heads that an answer must expect, and the chains of its
    devices with what is missing in them.
    """
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return history.offers_of(connection, caller)


@router.get("/items/{item:path}/custody")
def look_at_custody(request: Request, item: str) -> dict[str, Any]:
    """Where an item stands, who held and owned it, hand-overs with receipts, hosts and events.

    Present and past holders and owners see their own time, the present owner and who reads everything all of
    it. Anybody else gets the same answer whether the item exists or not.
    """
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return history.of(connection, item, caller)


@router.get("/items/{item:path}/lineage")
def look_at_lineage(request: Request, item: str) -> dict[str, Any]:
    """What an item was made of and what became of it, to any depth, as far as the caller may follow it."""
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        return lineage.of(connection, item, caller)
