"""`kitaran movement notify | acknowledge | consent | object | announce`: what is said before it moves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kitaran.cli.case_files import fields_of
from kitaran.cli.custody_hand import KeyOption, OperatorOption, TokenOption
from kitaran.cli.movement_said import EconomyOption, MassOption, Number, notification_says, say
from kitaran.cli.output import AsJson, WorkspaceOption

notices = typer.Typer()


@notices.command(epilog="Example: kitaran movement notify notification.yaml --operator delta-1a2b3c4d")
def notify(
    file: Annotated[Path, typer.Argument(help="The notification in YAML or JSON.")],
    number: Annotated[str | None, typer.Option(help="Its number; without, one is made.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Submit a notification to the authorities concerned."""
    from kitaran.cli.custody_hand import hand_of, open_registry
    from kitaran.registry.movement import service

    hand = hand_of(open_registry(workspace), operator, key, token)
    made = service.notify(hand, fields_of(file), number)
    say(made, f"Notification {made['notification']} is submitted.", as_json)


@notices.command(
    epilog="Example: kitaran movement acknowledge n-1 --economy KOR --operator ministry-1a2b3c4d"
)
def acknowledge(
    number: Number,
    economy: EconomyOption,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Acknowledge a notification: the clock of objections runs from here."""
    notification_says(
        workspace, (operator, key, token), number, "acknowledged", {"economy": economy}, as_json
    )


@notices.command(
    epilog="Example: kitaran movement consent n-1 --economy KOR --until 2026-12-31 --operator korea-1a2b3c4d"
)
def consent(
    number: Number,
    economy: EconomyOption,
    until: Annotated[str, typer.Option("--until", help="Last day, 2026-12-31.")],
    since: Annotated[str | None, typer.Option("--from", help="First day; today if it is not given.")] = None,
    quantity_kg: Annotated[
        str | None, typer.Option("--quantity-kg", help="In all [kg]; as notified if it is not given.")
    ] = None,
    shipments: Annotated[int | None, typer.Option(help="In all; as notified if it is not given.")] = None,
    notice_days: Annotated[
        int | None, typer.Option("--notice-days", help="Days from announcement to departure.")
    ] = None,
    condition: Annotated[list[str] | None, typer.Option("--condition", help="May be repeated.")] = None,
    reference: Annotated[str | None, typer.Option(help="The authority's own number.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Consent to a notification, for so much, so often and so long."""
    from kitaran.foundation.clock import stamp

    payload = {
        "economy": economy,
        "valid_from": since or stamp()[:10],
        "valid_until": until,
        "quantity_kg": quantity_kg,
        "shipments": shipments,
        "notice_days": notice_days,
        "conditions": condition,
        "reference": reference,
    }
    notification_says(workspace, (operator, key, token), number, "consented", payload, as_json)


@notices.command(
    name="object", epilog="Example: kitaran movement object n-1 --economy KOR --reason 'No capacity'"
)
def object_to(
    number: Number,
    economy: EconomyOption,
    reason: Annotated[str, typer.Option(help="Why.")],
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Object to a notification."""
    payload = {"economy": economy, "reason": reason}
    notification_says(workspace, (operator, key, token), number, "objected", payload, as_json)


@notices.command(
    epilog="Example: kitaran movement announce n-1 --mass-kg 400 --departs 2026-03-20T08:00Z "
    "--arrives-by 2026-03-30T08:00Z --item battery/p1 --operator delta-1a2b3c4d"
)
def announce(
    notification: Annotated[str, typer.Argument(help="Number of the notification under which it goes.")],
    mass_kg: MassOption,
    departs: Annotated[str, typer.Option("--departs", help="Planned departure, 2026-03-20T08:00Z.")],
    arrives_by: Annotated[str, typer.Option("--arrives-by", help="When it should have been received.")],
    item: Annotated[list[str] | None, typer.Option("--item", help="A battery; may be repeated.")] = None,
    carrier: Annotated[list[str] | None, typer.Option("--carrier", help="Id; may be repeated.")] = None,
    number: Annotated[str | None, typer.Option(help="Its number; without, one is made.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Announce a movement under a notification: from here on it draws on the consents."""
    from kitaran.cli.custody_hand import hand_of, open_registry
    from kitaran.cli.moments import moment
    from kitaran.registry.movement import service

    payload = {
        "notification": notification,
        "mass_kg": mass_kg,
        "departs": moment(departs),
        "arrives_by": moment(arrives_by),
        "carriers": carrier,
    }
    made = service.announce(
        hand_of(open_registry(workspace), operator, key, token), payload, item or (), number
    )
    say(made, f"Movement {made['movement']} is announced.", as_json)
