"""`kitaran movement start | border | receive | complete | record`: a shipment on its way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kitaran.cli.case_files import fields_of
from kitaran.cli.custody_hand import KeyOption, OperatorOption, TokenOption
from kitaran.cli.movement_said import EconomyOption, MassOption, Number, movement_says, say
from kitaran.cli.output import AsJson, WorkspaceOption

acts = typer.Typer()


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
    movement_says(workspace, (operator, key, token), number, "started", payload, as_json)


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
    movement_says(workspace, (operator, key, token), number, "border_checked", payload, as_json)


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
    movement_says(workspace, (operator, key, token), number, "received", payload, as_json)


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
    movement_says(workspace, (operator, key, token), number, "completed", payload, as_json)


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
    receipt = service.say_of_item(hand, item, act, fields_of(file))
    say({"item": item, "receipt": receipt}, f"{item}: recorded as event {receipt['seq']}", as_json)
