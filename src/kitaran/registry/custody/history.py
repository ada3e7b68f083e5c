"""The custody of one item and the offers of one operator, in JSON's own types, as the caller may see them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import now, stamp
from kitaran.registry.custody import disclosure, late, offers, receipts, repository
from kitaran.registry.custody.amounts import spelt
from kitaran.registry.custody.offers import Claim, Offer
from kitaran.registry.ledger import canonical
from kitaran.registry.ledger import repository as log
from kitaran.registry.ledger.receipt import custody_of
from kitaran.registry.parties import repository as parties
from kitaran.registry.parties.repository import Operator

_NOW: Final = ("form", "status", "holder", "owner", "basis", "count", "mass_kg", "inside", "head", "last")
_LISTS: Final = ("parts", "takes", "claims")
_OF_THE_WHOLE: Final = ("parts", "takes")
_INTERVAL: Final = ("role", "operator", "since", "until", "place")
_STAY: Final = ("what", "host", "since", "until")


def of(connection: Connection, item: str, caller: Operator) -> dict[str, Any]:
    """Where the item stands, its intervals, hand-overs, stays and events.

    Where it stands now is told to its holder, its owner and who reads everything; to others it is None.
    Raises NotFoundError as `disclosure.check` does.
    """
    disclosure.check(connection, item, caller)
    found = repository.standing(connection, item)
    whole = disclosure.reads_all(caller) or (found is not None and found.owner == caller.id)
    windows: list[disclosure.Window] = [(0, None)]
    if not whole:
        windows = disclosure.windows(connection, item, caller.id)
    seqs = [seq for seq in log.seqs_of_items(connection, [item]) if disclosure.within(windows, seq)]
    sides = [one for one in offers.of_item(connection, item) if disclosure.within(windows, one.seq)]
    names = _names(connection)
    spans = [one for one in repository.intervals(connection, item) if disclosure.within(windows, one["seq"])]
    stays = [one for one in repository.stays(connection, item) if disclosure.within(windows, one["seq"])]
    return {
        "item": item,
        **_standing(connection, item, caller),
        "intervals": [_shown_span(one, windows, _INTERVAL) for one in spans],
        "stays": [_shown_span(one, windows, _STAY) for one in stays],
        "handovers": [_handover(connection, one, names, item) for one in sides],
        "events": _events(connection, item, seqs),
    }


def offers_of(connection: Connection, caller: Operator) -> dict[str, Any]:
    """Offers that the caller made and got. An open one names the heads that its answer must expect."""
    names = _names(connection)
    found = [_handover(connection, one, names) for one in offers.of_operator(connection, caller.id)]
    return {
        "made": [one for one in found if one["giver"] == caller.id],
        "received": [one for one in found if one["receiver"] == caller.id],
        "late": late.chains(connection, caller.id),
    }


def handover(connection: Connection, offer: str) -> dict[str, Any]:
    """One offer with its answer, claims and receipts, for its sides."""
    found = offers.find(connection, offer)
    assert found is not None  # asked by who has just made or answered it
    return _handover(connection, found, _names(connection))


def _standing(connection: Connection, item: str, caller: Operator) -> dict[str, Any]:
    found = repository.standing(connection, item)
    if found is None or not disclosure.may_see_now(connection, item, caller):
        return dict.fromkeys(_NOW)
    head = log.heads(connection, [item]).get(item)
    told = {name: getattr(found, name) for name in _NOW[:8]}
    return told | {
        "mass_kg": None if found.mass_kg is None else spelt(found.mass_kg),
        "head": None if head is None or head.digest is None else head.digest.hex(),
        "last": found.last_digest,
    }


def _shown_span(
    one: dict[str, Any], windows: list[disclosure.Window], names: tuple[str, ...]
) -> dict[str, Any]:
    """A span; that it ended is told to who was there still."""
    shown = {name: one[name] for name in names}
    until_seq = one.get("until_seq")
    if until_seq is not None and not disclosure.within(windows, until_seq):
        shown["until"] = None
    return shown


def _handover(
    connection: Connection, one: Offer, names: dict[str, str], only: str | None = None
) -> dict[str, Any]:
    """An offer with its answer; only : the item that is asked for, if the others are not the reader's."""
    at = stamp(now())
    items = [row for row in offers.items_of(connection, one.id) if only in (None, row["item"])]
    claims = [row for row in offers.claims_of(connection, one.id) if only in (None, row.item)]
    return {
        "offer": one.id,
        "state": one.state(at),
        "giver": one.giver,
        "giver_name": names.get(one.giver),
        "receiver": one.receiver,
        "receiver_name": names.get(one.receiver),
        "passes": one.passes,
        **{name: one.content.get(name) for name in ("basis", "condition", "waste_code", "claim_days")},
        "valid_until": one.valid_until,
        "made_at": one.made_at,
        "place": one.place,
        "answered_at": one.answered_at,
        "answer_place": one.answer_place,
        "items": items,
        "heads": _heads(connection, items) if one.stands(at) else {},
        "claims": [_claim(row, at) for row in claims],
        "receipts": receipts.texts(one, items, claims, names),
    }


def _heads(connection: Connection, items: list[dict[str, Any]]) -> dict[str, str | None]:
    heads = log.heads(connection, [one["item"] for one in items])
    return {item: None if head.digest is None else head.digest.hex() for item, head in heads.items()}


def _claim(one: Claim, at: str) -> dict[str, Any]:
    names = ("item", "claimant", "against", "made_at", "answer_by", "outcome_at", "outcome_by")
    said = dict.fromkeys(("mass_kg", "count", "condition")) | one.content
    return {name: getattr(one, name) for name in names} | said | {"state": one.state(at)}


def _events(connection: Connection, item: str, seqs: list[int]) -> list[dict[str, Any]]:
    """Events of custody, each with what it says of this item; a late one with its state."""
    states = late.states(connection, seqs)
    found = []
    for seq in seqs:
        row = log.row(connection, seq)
        entry = {} if row is None else canonical.loads(row.entry)
        if entry and entry["envelope"]["kind"].startswith("custody."):
            found.append(_event(item, entry, states.get(seq)))
    return found


def _event(item: str, entry: dict[str, Any], state: tuple[str, str | None] | None) -> dict[str, Any]:
    envelope = entry["envelope"]
    payload = envelope["payload"]
    kind = envelope["kind"]
    if kind == repository.OFFLINE:
        kind, payload = payload["act"], payload["payload"]
    return {
        "seq": entry["seq"],
        "id": envelope["id"],
        "kind": kind,
        "at": envelope["occurred_at"],
        "recorded_at": entry["recorded_at"],
        "by": envelope["actor"],
        "signed": custody_of(envelope),
        "place": envelope["place"],
        "other_items": len(envelope["items"]) - 1,
        "payload": _about(item, envelope["items"], payload),
        "late": None if state is None else {"state": state[0], "reason": state[1]},
    }


def _about(item: str, items: list[str], payload: dict[str, Any]) -> dict[str, Any]:
    """What a payload says of one item: of a list only its own line, but of the whole all that came of it."""
    whole = _OF_THE_WHOLE if items[0] == item else ()
    return {
        name: [one for one in value if one["item"] == item] if name in _LISTS and name not in whole else value
        for name, value in payload.items()
    }


def _names(connection: Connection) -> dict[str, str]:
    return {one.id: one.name for one in parties.operators(connection, now())}
