"""What the log tells in the blocks of a paper: consents, departure, border, receipt, completion.

Each is told with the number of its event, which who holds the paper can have proved. A block that is to be
signed by hand keeps its lines: an event is no ink.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from kitaran.law.paper_model import Paper, Part
from kitaran.law.paper_values import Known
from kitaran.law.papers import entry

Facts = Mapping[str, Any]
_SIGNED: Final = ("signature and stamp",)


def of_notification(paper: Paper, told: Facts) -> Paper:
    """The notification document with what each authority answered. told : as `view.notification_facts`"""
    if paper.id != "notification":
        return paper
    period = f"First departure: {told['first_departure']}\nLast departure: {told['last_departure']}"
    blocks = {
        "6": Known(period, ("notification",)),
        "19": _lines(told, ("acknowledged",), _acknowledged),
        "20": _lines(told, ("consented",), _consented),
        "21": _lines(told, ("consented", "objected", "consent_withdrawn"), _why),
    }
    return _coded(_with(paper, blocks), told["goods"].get("waste_code"))


def of_movement(paper: Paper, told: Facts) -> Paper:
    """The movement document with what happened since. told : as `view.movement_facts`"""
    if paper.id != "movement":
        return paper
    blocks = {
        "5": Known(f"{_tonnes(told['mass_kg'])} t", ("movement.mass_kg",)),
        "6": _lines(told, ("started",), _departed, signed=False),
        "18": _lines(told, ("received", "receipt_refused"), _received),
        "19": _lines(told, ("completed",), _completed),
        "20": _border(told, [told["route"]["export"]]),
        "21": _border(told, [told["route"]["destination"]]),
        "22": _border(told, told["route"].get("transit", [])),
    }
    return _coded(_with(paper, blocks), told["goods"].get("waste_code"))


def _coded(paper: Paper, code: str | None) -> Paper:
    """Block 14 with the entry under which it was notified, where the law finds another for that day."""
    told = next(
        shown
        for part in paper.parts
        for row in part.rows
        for block, shown in zip(part.blocks, row, strict=True)
        if block.block == "14"
    )
    if not code or code in told.value:
        return paper
    return _with(paper, {"14": Known(f"{told.value}; notified as {code}", told.facts, told.lacks)})


def _lines(told: Facts, kinds: Iterable[str], words: Any, signed: bool = True) -> Known:
    """A line for each event of these kinds that has something to say."""
    events = [one for one in told["events"] if one["kind"] in kinds]
    said = [(words(one["payload"], one), one) for one in events]
    lines = [f"{text} ({_by(told, one)})" for text, one in said if text]
    return Known("\n".join(lines), ("events",) if lines else (), _SIGNED if lines and signed else ())


def _by(told: Facts, event: Facts) -> str:
    name = told["names"].get(event["by"], event["by"])
    return f"{name}, {event['at'][:10]}, event {event['seq']}"


def _acknowledged(payload: Facts, event: Facts) -> str:
    return f"{payload['economy']}: received, and acknowledged {event['recorded_at'][:10]}"


def _consented(payload: Facts, _: Facts) -> str:
    told = f"{payload['economy']}: consent from {payload['valid_from']} until {payload['valid_until']}"
    told += f", {_tonnes(payload['quantity_kg'])} t" if payload.get("quantity_kg") else ""
    conditions = "yes, block 21" if payload.get("conditions") else "no"
    return f"{told}; conditions: {conditions}"


def _why(payload: Facts, event: Facts) -> str:
    reasons = payload.get("conditions") or ([payload["reason"]] if payload.get("reason") else [])
    word = {"consented": "conditions", "objected": "objection"}.get(event["kind"], "consent withdrawn")
    return f"{payload['economy']}, {word}: {'; '.join(reasons)}" if reasons else ""


def _departed(payload: Facts, event: Facts) -> str:
    return f"{event['at'][:10]}, {_tonnes(payload['mass_kg'])} t"


def _received(payload: Facts, event: Facts) -> str:
    if event["kind"] == "receipt_refused":
        return f"Rejected: {payload.get('reason', '')}"
    told = f"Received {payload['arrived'][:10]}, accepted, {_tonnes(payload['mass_kg'])} t"
    return f"{told}; {payload['remarks']}" if payload.get("remarks") else told


def _completed(payload: Facts, _: Facts) -> str:
    told = f"Completed {payload['completed']}: {_tonnes(payload['mass_kg'])} t treated"
    recovered = payload.get("recovered_kg")
    return told if recovered is None else f"{told}, {_tonnes(recovered)} t recovered"


def _border(told: Facts, economies: Iterable[str]) -> Known:
    def words(payload: Facts, event: Facts) -> str:
        finding = f"{payload['economy']}: {payload['finding']} {event['at'][:10]}"
        seal = f", seal {payload['seal']}" if payload.get("seal") else ""
        return f"{finding}{seal}" if payload["economy"] in economies else ""

    return _lines(told, ("border_checked",), words)


def _tonnes(mass_kg: str) -> str:
    return f"{(Decimal(mass_kg) / 1000).normalize():f}"


def _with(paper: Paper, blocks: Mapping[str, Known]) -> Paper:
    """The paper with these blocks, of which those that are not known stay as they were."""
    return replace(paper, parts=tuple(_with_part(part, blocks) for part in paper.parts))


def _with_part(part: Part, blocks: Mapping[str, Known]) -> Part:
    if part.shape != "fields":
        return part
    rows = tuple(
        tuple(
            entry(block, blocks[block.block]) if blocks.get(block.block, Known()).text else before
            for block, before in zip(part.blocks, row, strict=True)
        )
        for row in part.rows
    )
    return replace(part, rows=rows)
