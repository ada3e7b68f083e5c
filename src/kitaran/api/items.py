"""Items over HTTP: where one stands, and its events, as far as the caller may know of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection

from kitaran.api import registry
from kitaran.foundation.database import reading
from kitaran.registry.custody import disclosure
from kitaran.registry.ledger import asking, canonical, repository
from kitaran.registry.ledger.receipt import custody_of
from kitaran.registry.parties.repository import Operator

router = APIRouter(prefix="/api/v1/items", tags=["items"])
After = Annotated[int, Query(ge=-1, le=2**53 - 1, description="Sequence number after which to read on.")]


@router.get("/{item:path}/events")
def events_of_item(request: Request, item: str, after: After = -1) -> dict[str, Any]:
    """Events of an item in the order of the log, up to 1,000 at once; `next` is the `after` of the next page.

    An operator sees the items on which it has acted, and its own history; of a battery in custody what
    happened while it held or owned it, and its owner all. Administrators, authorities and auditors see all.
    An event that names batteries of which the caller may not know comes without envelope and signature: what
    is left proves that it is in the log. Sealed values are not shown.
    """
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        seqs = _readable(connection, item, caller)
        page = [seq for seq in seqs if seq > after][: asking.MOST_EVENTS]
        shown = _events(connection, item, page, caller)
    return {"item": item, "events": shown, "next": page[-1] if page and page[-1] < seqs[-1] else None}


@router.get("/{item:path}")
def look_at_item(request: Request, item: str) -> dict[str, Any]:
    """Where an item stands: its head, which the next event must expect, and how many of its events the caller
    may see. The head is null for who may not see the last event, and for an item whose head nothing moved.
    """
    caller = registry.caller(request)
    with reading(registry.of(request).whole().engine) as connection:
        seqs = _readable(connection, item, caller)
        head = repository.heads(connection, [item]).get(item)
        past = bool(seqs) and seqs[-1] < repository.seqs_of_items(connection, [item])[-1]
    return {
        "item": item,
        "head": None if head is None or head.digest is None or past else head.digest.hex(),
        "events": len(seqs),
        "first_seq": seqs[0] if seqs else None,
        "last_seq": seqs[-1] if seqs else None,
    }


def _readable(connection: Connection, item: str, caller: Operator) -> list[int]:
    """Raises NotFoundError, in the words and after the work of an item that is not there, for who may see
    nothing of it.
    """
    found = disclosure.readable(connection, item, caller)
    if not found and not disclosure.unmoved(connection, item, caller):
        raise disclosure.unseen(item)
    return found


def _events(connection: Connection, item: str, seqs: list[int], caller: Operator) -> list[dict[str, Any]]:
    if not seqs:
        return []
    places = {seq: place for place, seq in enumerate(repository.seqs_of_items(connection, [item]), 1)}
    wanted, first, last = set(seqs), places[seqs[0]], places[seqs[-1]]
    rows = repository.item_rows(connection, item, first - 1, last - first + 1)
    found = {row.seq: (row, place, canonical.loads(row.entry)) for place, row in rows if row.seq in wanted}
    envelopes = {seq: entry["envelope"] for seq, (_, _, entry) in found.items()}
    whole = disclosure.open_whole(connection, caller, envelopes)
    return [_shown(*one, seq in whole) for seq, one in found.items()]


def _shown(row: repository.Row, place: int, entry: dict[str, Any], whole: bool) -> dict[str, Any]:
    envelope = entry["envelope"]
    return {
        "seq": row.seq,
        "item_seq": place,
        "kind": envelope["kind"],
        "occurred_at": envelope["occurred_at"],
        "recorded_at": entry["recorded_at"],
        "leaf_hash": row.leaf_hash.hex(),
        "digest": row.digest.hex(),
        "custody": custody_of(envelope),
        "withheld": not whole,
        "envelope": envelope if whole else None,
        "signature": entry["signature"] if whole else None,
    }
