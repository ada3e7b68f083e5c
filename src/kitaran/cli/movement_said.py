"""What one says in a shipment at the registry's computer: with whose hand, and what is printed of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kitaran.cli.output import print_json

Number = Annotated[str, typer.Argument(help="Number of the notification or movement.")]
MassOption = Annotated[str, typer.Option("--mass-kg", help="Mass [kg].")]
EconomyOption = Annotated[str, typer.Option("--economy", help="For which economy, ISO 3166 alpha-3.")]
Who = tuple[Any, Any, Any]
"""Operator, key and token, of which one is given."""


def notification_says(
    workspace: Path | None, who: Who, number: str, act: str, payload: dict[str, Any], as_json: bool
) -> None:
    """Record an act on a notification, and tell so. Raises as `service.say_of_notification` does."""
    from kitaran.cli.custody_hand import hand_of, open_registry
    from kitaran.registry.movement import service

    receipt = service.say_of_notification(hand_of(open_registry(workspace), *who), number, act, payload)
    told = {"notification": number, "receipt": receipt}
    say(told, f"Notification {number}: {act.replace('_', ' ')}, event {receipt['seq']}", as_json)


def movement_says(
    workspace: Path | None, who: Who, number: str, act: str, payload: dict[str, Any], as_json: bool
) -> None:
    """Record an act on a movement, and tell so. Raises as `service.say_of_movement` does."""
    from kitaran.cli.custody_hand import hand_of, open_registry
    from kitaran.registry.movement import service

    receipt = service.say_of_movement(hand_of(open_registry(workspace), *who), number, act, payload)
    told = {"movement": number, "receipt": receipt}
    say(told, f"Movement {number}: {act.replace('_', ' ')}, event {receipt['seq']}", as_json)


def say(facts: dict[str, Any], words: str, as_json: bool) -> None:
    """Print what was recorded, in words or as JSON."""
    if as_json:
        print_json(facts)
    else:
        print(words)
