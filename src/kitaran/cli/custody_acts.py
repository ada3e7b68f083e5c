"""Commands of `kitaran custody` that say what happened to an item besides a hand-over that was accepted."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kitaran.cli.custody_hand import (
    KeyOption,
    OperatorOption,
    PlaceOption,
    TokenOption,
    hand_of,
    named,
    open_registry,
)
from kitaran.cli.output import AsJson, WorkspaceOption, print_json

Items = Annotated[list[str], typer.Argument(help="Ids of the items, or of their passports.")]
Item = Annotated[str, typer.Argument(help="Id of the item, or of its passport.")]
OfferId = Annotated[str, typer.Argument(help="Id of the offer.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Why, in words.")]
NeededReason = Annotated[str, typer.Option("--reason", help="Why, in words.")]
FacilityOption = Annotated[str | None, typer.Option(help="Id of the facility where it was done.")]
TechnicianOption = Annotated[str | None, typer.Option(help="Id of the technician who did it.")]
WasteOption = Annotated[str | None, typer.Option("--waste-code", help="Entry of a list of wastes.")]
_WHO = "--operator delta-1a2b3c4d"


def add_to(app: typer.Typer) -> None:
    """Give the commands to the group `kitaran custody`."""
    for command, example in (
        (decline, f"decline 0f3c... --reason 'Swollen' {_WHO}"),
        (withdraw, f"withdraw 0f3c... {_WHO}"),
        (split, f"split pack-1 --part m-1=module,1,20.5 --facility works-1 {_WHO}"),
        (merge, f"merge pack-9 --mass-kg 41 --take m-1=1,20.5 --take m-2=1,20.5 --facility works-1 {_WHO}"),
        (store, f"store pack-1 --facility works-1 {_WHO}"),
        (install, f"install pack-1 --what vehicle --host bus-17 {_WHO}"),
        (remove, f"remove pack-1 --reason 'End of lease' {_WHO}"),
        (lost, f"lost pack-1 --reason 'Not in the store' {_WHO}"),
        (found, f"found pack-1 {_WHO}"),
        (correct, f"correct pack-1 --event 0f3c... --mass-kg 410 --reason 'Weighed again' {_WHO}"),
    ):
        app.command(epilog=f"Example: kitaran custody {example}")(command)


def decline(
    offer: OfferId,
    reason: ReasonOption = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Decline an offer: the items stay where they are."""
    from kitaran.registry.custody import service

    hand = hand_of(open_registry(workspace), operator, key, token)
    told = service.refuse(hand, "custody.declined", offer, reason, place)
    _tell(told, f"Offer {offer}: declined", as_json)


def withdraw(
    offer: OfferId,
    reason: ReasonOption = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Withdraw an offer of one's own that nobody has accepted."""
    from kitaran.registry.custody import service

    hand = hand_of(open_registry(workspace), operator, key, token)
    told = service.refuse(hand, "custody.withdrawn", offer, reason, place)
    _tell(told, f"Offer {offer}: withdrawn", as_json)


def split(
    item: Item,
    part: Annotated[list[str], typer.Option("--part", help="ID=FORM,COUNT,KG of a piece; repeat.")],
    rest: Annotated[
        str | None, typer.Option(help="COUNT,KG that stays; without it nothing is left of the whole.")
    ] = None,
    facility: FacilityOption = None,
    technician: TechnicianOption = None,
    waste_code: WasteOption = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Divide an item into pieces, with its mass shared among them."""
    parts = [_part(text) for text in part]
    left = None if rest is None else dict(zip(("count", "mass_kg"), _counted(rest, "--rest"), strict=True))
    payload = {"parts": parts, "rest": left, "facility": facility, "technician": technician}
    payload["waste_code"] = waste_code
    items = [item, *(one["item"] for one in parts)]
    _say("custody.split", items, payload, operator, key, token, place, workspace, as_json)


def merge(
    result: Annotated[str, typer.Argument(help="Id of the new item.")],
    mass_kg: Annotated[str, typer.Option("--mass-kg", help="Its mass [kg].")],
    take: Annotated[list[str], typer.Option("--take", help="ID=COUNT,KG of what goes into it; repeat.")],
    form: Annotated[str, typer.Option(help="pack, module, cell or other.")] = "pack",
    count: Annotated[int, typer.Option(help="Pieces of a lot.")] = 1,
    facility: FacilityOption = None,
    technician: TechnicianOption = None,
    waste_code: WasteOption = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Make a new item of others, which are then inside it."""
    takes = [_taken(text) for text in take]
    made = {"item": result, "form": form, "count": count, "mass_kg": mass_kg}
    payload = {"result": made, "takes": takes, "facility": facility, "technician": technician}
    payload["waste_code"] = waste_code
    items = [result, *(one["item"] for one in takes)]
    _say("custody.merged", items, payload, operator, key, token, place, workspace, as_json)


def store(
    items: Items,
    facility: Annotated[str, typer.Option("--facility", help="Id of the holder's facility.")],
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Say that items lie at a facility of their holder."""
    _say("custody.stored", items, {"facility": facility}, operator, key, token, place, workspace, as_json)


def install(
    items: Items,
    what: Annotated[str, typer.Option(help="vehicle, storage_system or swap_pool.")],
    host: Annotated[
        str, typer.Option(help="Its number of your own; never a vehicle's identification number.")
    ],
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Put items into a vehicle, a storage system or a swap pool."""
    payload = {"what": what, "host": host}
    _say("custody.installed", items, payload, operator, key, token, place, workspace, as_json)


def remove(
    items: Items,
    reason: ReasonOption = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Take items out of where they were installed."""
    _say("custody.removed", items, {"reason": reason}, operator, key, token, place, workspace, as_json)


def lost(
    items: Items,
    reason: NeededReason,
    stolen: Annotated[bool, typer.Option("--stolen", help="They were stolen.")] = False,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Report items as lost, or as stolen: nobody takes them over until they are found."""
    kind = "custody.stolen" if stolen else "custody.lost"
    _say(kind, items, {"reason": reason}, operator, key, token, place, workspace, as_json)


def found(
    items: Items,
    reason: ReasonOption = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Report lost or stolen items as found."""
    _say("custody.found", items, {"reason": reason}, operator, key, token, place, workspace, as_json)


def correct(
    item: Item,
    event: Annotated[str, typer.Option("--event", help="Id of the event that was wrong.")],
    reason: NeededReason,
    mass_kg: Annotated[str | None, typer.Option("--mass-kg", help="The mass that holds [kg].")] = None,
    count: Annotated[int | None, typer.Option(help="The count that holds.")] = None,
    condition: Annotated[str | None, typer.Option(help="The condition that holds.")] = None,
    operator: OperatorOption = None,
    key: KeyOption = None,
    token: TokenOption = None,
    place: PlaceOption = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Say what holds instead of an earlier event, which stays in the record."""
    payload = {
        "corrects": event,
        "reason": reason,
        "mass_kg": mass_kg,
        "count": count,
        "condition": condition,
    }
    _say("custody.corrected", [item], payload, operator, key, token, place, workspace, as_json)


def _say(kind: str, items: list[str], payload: dict[str, Any], *rest: Any) -> None:
    """Record one event by who acts, and tell its receipt."""
    from kitaran.registry.custody import service

    operator, key, token, place, workspace, as_json = rest
    registry = open_registry(workspace)
    items = [named(registry, item) for item in items]
    for taken in payload.get("takes", ()):
        taken["item"] = named(registry, taken["item"])
    recorded = service.act(hand_of(registry, operator, key, token), kind, items, payload, place)
    what = kind.removeprefix("custody.").replace("_", " ")
    words = f"{', '.join(items)}: {what}, recorded as event {recorded['seq']}"
    _tell({"items": items, "receipt": recorded}, words, as_json)


def _tell(told: dict[str, Any], words: str, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        print(words)


def _part(text: str) -> dict[str, Any]:
    """A piece as it is typed, `ID=FORM,COUNT,KG`."""
    item, _, told = text.rpartition("=")
    form, _, figures = told.partition(",")
    count, mass_kg = _counted(figures, "--part")
    return {"item": item, "form": form, "count": count, "mass_kg": mass_kg}


def _taken(text: str) -> dict[str, Any]:
    """What goes into a new item as it is typed, `ID=COUNT,KG`."""
    item, _, figures = text.rpartition("=")
    count, mass_kg = _counted(figures, "--take")
    return {"item": item, "count": count, "mass_kg": mass_kg}


def _counted(text: str, option: str) -> tuple[int, str]:
    """Count and mass, `1,20.5`. Raises InputError."""
    from kitaran.foundation.errors import InputError

    count, comma, mass_kg = text.partition(",")
    if not (comma and count.isdecimal() and mass_kg):
        raise InputError(f"{text!r} is no count and mass.", option, "Write them as 1,20.5")
    return int(count), mass_kg
