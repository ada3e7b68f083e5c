"""`kitaran movement notify | consent | announce | ...`: the shipment procedure at the registry's computer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kitaran.cli.custody_hand import KeyOption, OperatorOption, SeenByOption, TokenOption
from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table

acts = typer.Typer()
Number = Annotated[str, typer.Argument(help="Number of the notification or movement.")]
MassOption = Annotated[str, typer.Option("--mass-kg", help="Mass [kg].")]
EconomyOption = Annotated[str, typer.Option("--economy", help="For which economy, ISO 3166 alpha-3.")]


@acts.command(epilog="Example: kitaran movement notify notification.yaml --operator delta-1a2b3c4d")
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
    made = service.notify(hand, _payload(file), number)
    _told(made, f"Notification {made['notification']} is submitted.", as_json)


@acts.command(epilog="Example: kitaran movement acknowledge n-1 --economy KOR --operator ministry-1a2b3c4d")
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
    _of_notification(workspace, (operator, key, token), number, "acknowledged", {"economy": economy}, as_json)


@acts.command(
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
    _of_notification(workspace, (operator, key, token), number, "consented", payload, as_json)


@acts.command(
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
    _of_notification(workspace, (operator, key, token), number, "objected", payload, as_json)


@acts.command(
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
    _told(made, f"Movement {made['movement']} is announced.", as_json)


@acts.command(
    epilog="Example: kitaran movement start m-1 --mass-kg 398.5 --seal 1234 --operator delta-1a2b3c4d"
)
def start(
    number: Number,
    mass_kg: MassOption,
    seal: Annotated[str | None, typer.Option(help="Number of the seal.")] = None,
    conveyance: Annotated[str | None, typer.Option(help="Ship, train or vehicle.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """It departs, with this mass."""
    payload = {"mass_kg": mass_kg, "seal": seal, "conveyance": conveyance}
    _of_movement(workspace, (operator, key, token), number, "started", payload, as_json)


@acts.command(
    epilog="Example: kitaran movement border m-1 --economy KOR --finding passed --operator customs-1a2b3c4d"
)
def border(
    number: Number,
    economy: EconomyOption,
    finding: Annotated[str, typer.Option(help="passed, held or refused.")],
    remarks: Annotated[str | None, typer.Option(help="What was seen.")] = None,
    seal: Annotated[str | None, typer.Option(help="Number of the seal that was found.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Record what an officer found at the border."""
    payload = {"economy": economy, "finding": finding, "remarks": remarks, "seal": seal}
    _of_movement(workspace, (operator, key, token), number, "border_checked", payload, as_json)


@acts.command(
    epilog="Example: kitaran movement receive m-1 --mass-kg 398 --arrived 2026-03-29T06:00Z --key beta.pem"
)
def receive(
    number: Number,
    mass_kg: MassOption,
    arrived: Annotated[str, typer.Option("--arrived", help="When, 2026-03-29T06:00Z.")],
    remarks: Annotated[str | None, typer.Option(help="What was seen.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Confirm that it has arrived, with the mass on the receiver's scale."""
    from kitaran.cli.moments import moment

    payload = {"mass_kg": mass_kg, "arrived": moment(arrived), "remarks": remarks}
    _of_movement(workspace, (operator, key, token), number, "received", payload, as_json)


@acts.command(
    epilog="Example: kitaran movement complete m-1 --mass-kg 398 --recovered-kg 280 --on 2026-05-01 "
    "--operator beta-1a2b3c4d"
)
def complete(
    number: Number,
    mass_kg: MassOption,
    on: Annotated[str, typer.Option("--on", help="Day on which it was done.")],
    recovered_kg: Annotated[
        str | None, typer.Option("--recovered-kg", help="Material recovered [kg].")
    ] = None,
    residues: Annotated[str | None, typer.Option(help="What became of the rest.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Certify that so much of what was received was treated."""
    payload = {"mass_kg": mass_kg, "recovered_kg": recovered_kg, "completed": on, "residues": residues}
    _of_movement(workspace, (operator, key, token), number, "completed", payload, as_json)


@acts.command(
    epilog="Example: kitaran movement record questioned notification/n-1 question.yaml --key ministry.pem"
)
def record(
    act: Annotated[str, typer.Argument(help="Any act of the procedure, such as amended or taken_back.")],
    item: Annotated[str, typer.Argument(help="notification/N, movement/N, corridor/N or facility/ID.")],
    file: Annotated[Path, typer.Argument(help="What it says, in YAML or JSON.")],
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Record any other act: question, answer, amendment, document, failure, take-back, corridor, report."""
    from kitaran.cli.custody_hand import hand_of, open_registry
    from kitaran.registry.movement import service

    hand = hand_of(open_registry(workspace), operator, key, token)
    receipt = service.say_of_item(hand, item, act, _payload(file))
    _told({"item": item, "receipt": receipt}, f"{item}: recorded as event {receipt['seq']}", as_json)


@acts.command(epilog="Example: kitaran movement status n-1 --json")
def status(
    number: Annotated[str | None, typer.Argument(help="A number; none lists all.")] = None,
    operator: SeenByOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Tell how notifications and movements stand, whose turn it is, and what is left of the consents."""
    from kitaran.cli.custody_hand import caller_of, open_registry
    from kitaran.foundation.clock import now
    from kitaran.foundation.database import reading
    from kitaran.registry.movement import repository, view

    registry = open_registry(workspace)
    caller = caller_of(registry, operator, token)
    with reading(registry.engine) as connection:
        if number is None:
            told = view.listed(connection, caller, now())
        elif repository.movement(connection, number) is not None:
            told = view.of_movement(connection, number, caller, now())
        else:
            told = view.of_notification(connection, number, caller, now())
    if as_json:
        print_json(told)
    elif number is None:
        _print_list(told)
    else:
        _print_one(number, told)


def _print_list(told: dict[str, Any]) -> None:
    rows = [
        ("notification", one["notification"], one["state"], f"{one['quantity']['left_kg']} kg left")
        for one in told["notifications"]
    ]
    rows += [
        ("movement", one["movement"], one["state"].replace("_", " "), f"{one['mass_kg']} kg")
        for one in told["movements"]
    ]
    print_table("Notifications and movements", ["", "number", "state", "mass"], rows)


def _print_one(number: str, told: dict[str, Any]) -> None:
    print(f"{number}: {told['state'].replace('_', ' ')}; by the law on these facts: {told['law']['card']}")
    for one in told["next"]:
        due = f", until {one['due']}" if one["due"] else ""
        late = ", LATE" if one["late"] else ""
        who = " of ".join(part for part in (one["who"], one["economy"]) if part)
        print(f"  next: {who}: {one['what'].replace('_', ' ')}{due}{late}")
    rows = [
        (one["document"], one["state"], one["who"] or "")
        for one in told["dossier"]
        if one["state"] != "given"
    ]
    print_table("Documents that are missing", ["document", "state", "who can give it"], rows)
    print(told["note"])


def _payload(file: Path) -> dict[str, Any]:
    """What a file says, as an event holds it. Raises InputError if it cannot be read."""
    from kitaran.foundation.errors import InputError
    from kitaran.law.case_file import parse_case

    try:
        content = parse_case(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The file cannot be read: {error}", str(file), "Give YAML or JSON.") from error
    found = _plain(content)
    if not isinstance(found, dict):
        raise InputError("The file holds no mapping.", str(file), "Write one field on each line.")
    return found


def _plain(value: Any) -> Any:
    """What YAML gave, as an event holds it: days as text, numbers with a fraction as decimal text."""
    from datetime import date, datetime

    from kitaran.registry.parties.entering import plain

    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return plain(value)


def _of_notification(
    workspace: Path | None,
    who: tuple[Any, Any, Any],
    number: str,
    act: str,
    payload: dict[str, Any],
    as_json: bool,
) -> None:
    from kitaran.cli.custody_hand import hand_of, open_registry
    from kitaran.registry.movement import service

    receipt = service.say_of_notification(hand_of(open_registry(workspace), *who), number, act, payload)
    told = {"notification": number, "receipt": receipt}
    _told(told, f"Notification {number}: {act.replace('_', ' ')}, event {receipt['seq']}", as_json)


def _of_movement(
    workspace: Path | None,
    who: tuple[Any, Any, Any],
    number: str,
    act: str,
    payload: dict[str, Any],
    as_json: bool,
) -> None:
    from kitaran.cli.custody_hand import hand_of, open_registry
    from kitaran.registry.movement import service

    receipt = service.say_of_movement(hand_of(open_registry(workspace), *who), number, act, payload)
    told = {"movement": number, "receipt": receipt}
    _told(told, f"Movement {number}: {act.replace('_', ' ')}, event {receipt['seq']}", as_json)


def _told(facts: dict[str, Any], words: str, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        print(words)
