"""`kitaran passport take-in`: a battery or lot without a passport."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kitaran.cli.custody_hand import KeyOption, OperatorOption, PlaceOption, TokenOption
from kitaran.cli.output import AsJson, WorkspaceOption, print_json

EXAMPLE = "Example: kitaran passport take-in pack --mass-kg 11.4 --voltage-v 60 --operator delta-1a2b3c4d"


def take_in(
    what: Annotated[
        str,
        typer.Argument(help="pack, module, cell, lead_acid_lot, mixed_lot, black_mass or salt."),
    ],
    mass_kg: Annotated[str, typer.Option("--mass-kg", help="Mass of all of it [kg].")],
    count: Annotated[int | None, typer.Option(help="Batteries in a lot.")] = None,
    chemistry: Annotated[str, typer.Option(help="As in the passport: LFP, NMC622, lead_acid.")] = "unknown",
    known_by: Annotated[
        str | None, typer.Option("--known-by", help="How the chemistry is known: label, tested or declared.")
    ] = None,
    test: Annotated[str | None, typer.Option(help="How it was tested.")] = None,
    label: Annotated[str | None, typer.Option(help="What the label still says, in words.")] = None,
    voltage_v: Annotated[str | None, typer.Option("--voltage-v", help="On the label [V].")] = None,
    capacity_ah: Annotated[str | None, typer.Option("--capacity-ah", help="On the label [Ah].")] = None,
    energy_kwh: Annotated[str | None, typer.Option("--energy-kwh", help="On the label [kWh].")] = None,
    code: Annotated[list[str] | None, typer.Option("--code", help="Code on it; may be repeated.")] = None,
    sign: Annotated[
        list[str] | None,
        typer.Option(
            "--sign", help="swollen, leaked, vented, water, crash or undiagnosable; may be repeated."
        ),
    ] = None,
    condition: Annotated[str | None, typer.Option(help="What else is seen.")] = None,
    photo: Annotated[
        Path | None, typer.Option("--photo", help="Photo to keep, without its metadata.")
    ] = None,
    moisture_percent: Annotated[
        str | None, typer.Option("--moisture-percent", help="Of black mass or a salt.")
    ] = None,
    assay: Annotated[
        list[str] | None, typer.Option("--assay", help="Element or impurity, Ni=21.5 [%]; may be repeated.")
    ] = None,
    facility: Annotated[str | None, typer.Option(help="Id of the facility where it lies.")] = None,
    place: PlaceOption = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Take in a battery or lot without a passport: its history starts here, in the hand of who acts."""
    from kitaran.cli.custody_hand import hand_of, open_registry
    from kitaran.registry.custody import intake
    from kitaran.registry.passport import intake_photos

    if what == "lead_acid_lot" and chemistry == "unknown":
        chemistry = "lead_acid"  # the kind of the lot says it
    told: dict[str, Any] = {
        "what": what,
        "mass_kg": mass_kg,
        "count": count,
        "chemistry": chemistry,
        "known_by": known_by or ("unknown" if chemistry == "unknown" else "declared"),
        "test": test,
        "label": label,
        "voltage_v": voltage_v,
        "capacity_ah": capacity_ah,
        "energy_kwh": energy_kwh,
        "codes": code,
        "signs": sign,
        "condition": condition,
        "moisture_percent": moisture_percent,
        "assay": [_share(one) for one in assay or ()] or None,
    }
    registry = open_registry(workspace)
    hand = hand_of(registry, operator, key, token)
    if photo is not None:
        told["photo"] = intake_photos.keep(_place(workspace), _content(photo), "--photo")
    made = intake.take_in(hand, told, facility, place)
    if as_json:
        print_json({"battery": made.battery, "item": made.item, "receipts": list(made.receipts)})
    else:
        print(f"{made.battery}: taken in. Its history starts here.")


def _share(text: str) -> dict[str, str]:
    from kitaran.foundation.errors import InputError

    item, equals, percent = text.partition("=")
    if not (item.strip() and equals):
        raise InputError(f"{text} is no share.", "--assay", "Write it as Ni=21.5")
    return {"item": item.strip(), "percent": percent.strip()}


def _content(photo: Path) -> bytes:
    from kitaran.foundation.errors import InputError

    try:
        return photo.read_bytes()
    except OSError as error:
        cause = f"The photo cannot be read: {error.strerror or error}."
        raise InputError(cause, str(photo), "Name another file.") from error


def _place(folder: Path | None) -> Any:
    from kitaran.foundation import workspace as workspaces

    return workspaces.Workspace.make(folder or workspaces.DEFAULT)
