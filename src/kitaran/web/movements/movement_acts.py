"""What a signed-in person may do next to a movement: its sides, and officers and authorities of its route."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from kitaran.registry.movement import dossier
from kitaran.registry.parties.accounts import Person
from kitaran.web.language import gettext as _
from kitaran.web.movements import words
from kitaran.web.movements.acts import Act, Field


def on_movement(facts: Mapping[str, Any], roles: Collection[str], person: Person) -> list[Act]:
    """What the person may do to a movement as it stands. roles : of its organisation in the movement"""
    economy = str(person.operator.economy)
    official = person.operator.economy in _economies(facts["route"])
    found = _of_sides(facts, set(roles))
    if facts["state"] in ("under_way", "failed") and "officer" in person.roles and official:
        found.insert(0, _check(economy, facts["state"] == "under_way"))
    if facts["state"] in ("under_way", "received") and "authority" in person.roles and official:
        found.append(_declare(economy))
    return found


def _of_sides(facts: Mapping[str, Any], roles: set[str]) -> list[Act]:
    match facts["state"]:
        case "announced":
            return _before(facts, roles)
        case "under_way":
            return _on_the_way(facts, roles)
        case "received":
            return _arrived(facts, roles)
        case "failed":
            return _failed(facts, roles)
    return []


def _economies(route: Mapping[str, Any]) -> list[str]:
    return [route["export"], *route.get("transit", []), route["destination"]]


def _before(facts: Mapping[str, Any], roles: set[str]) -> list[Act]:
    found = [_start(facts["mass_kg"])] if roles & {"exporter", "carrier"} else []
    if "exporter" in roles:
        about = _("It does not depart. What it took of the consents is free again.")
        found.append(Act("cancelled", _("Cancel it"), (Field("reason", _("Why")),), about=about, grave=True))
    return found


def _on_the_way(facts: Mapping[str, Any], roles: set[str]) -> list[Act]:
    found = []
    if roles & {"importer", "facility"}:
        found.append(_receive(facts["mass_kg"]))
        refuse = Field("reason", _("Why"), "long")
        found.append(Act("receipt_refused", _("Refuse it"), (refuse,), grave=True))
    if "exporter" in roles:
        found.append(_correct(facts["mass_kg"]))
    if roles & {"exporter", "importer", "facility"}:
        found.append(_cannot())
    return found


def _arrived(facts: Mapping[str, Any], roles: set[str]) -> list[Act]:
    found = [_complete()] if "facility" in roles else []
    return [*found, _cannot()] if roles & {"exporter", "importer", "facility"} else found


def _failed(facts: Mapping[str, Any], roles: set[str]) -> list[Act]:
    who = "importer" if facts["ground"] == "illegal_importer" else "exporter"
    return [_take_back(facts["mass_kg"], who)] if who in roles else []


def _start(mass: str) -> Act:
    fields = (
        Field("mass_kg", _("Mass as weighed [kg]"), "decimal", value=mass),
        Field("seal", _("Number of the seal"), required=False),
        Field("conveyance", _("Ship, train or vehicle"), required=False),
    )
    return Act("started", _("It departs now"), fields, first=True)


def _check(economy: str, first: bool) -> Act:
    options = tuple(words.finding_words().items())
    fields = (
        Field("finding", _("What you find"), "select", options=options),
        Field("seal", _("Number of the seal that you find"), required=False),
        Field("remarks", _("Remarks"), "long", required=False),
    )
    return Act("border_checked", _("Record the check"), fields, {"economy": economy}, first)


def _correct(mass: str) -> Act:
    about = _("Upwards only, and within the consents: what has left stays drawn from them.")
    hint = _("%(mass)s kg departed by your word.") % {"mass": mass}
    fields = (Field("mass_kg", _("Mass [kg]"), "decimal", hint=hint), Field("reason", _("Why")))
    return Act("mass_corrected", _("Correct the mass"), fields, about=about)


def _receive(mass: str) -> Act:
    hint = _("%(mass)s kg departed.") % {"mass": mass}
    fields = (
        Field("mass_kg", _("Mass on your scale [kg]"), "decimal", hint=hint),
        Field("arrived", _("Arrived (UTC)"), "time"),
        Field("remarks", _("Remarks"), "long", required=False),
    )
    return Act("received", _("Confirm the receipt"), fields, first=True)


def _complete() -> Act:
    fields = (
        Field("mass_kg", _("Mass treated [kg]"), "decimal"),
        Field("recovered_kg", _("Material recovered [kg]"), "decimal", required=False),
        Field("completed", _("Day on which it was done"), "date"),
        Field("residues", _("What became of the rest"), "long", required=False),
    )
    return Act("completed", _("Give the certificate"), fields, first=True)


def _cannot() -> Act:
    about = _("From here on it is to be taken back, within the time that the law names.")
    return Act(
        "failed",
        _("It cannot be completed"),
        (Field("reason", _("Why"), "long"),),
        {"ground": "cannot_complete"},
        about=about,
        grave=True,
    )


def _take_back(mass: str, who: str) -> Act:
    fields = (
        Field("mass_kg", _("Mass that came back [kg]"), "decimal", value=mass),
        Field("arrived", _("Came back (UTC)"), "time"),
        Field("remarks", _("Remarks"), "long", required=False),
    )
    if who == "exporter":
        return Act("taken_back", _("It is back"), fields, first=True)
    about = _("The fault was the importer's: say where it is now, as the authorities agreed.")
    placed = (
        Field("mass_kg", _("Mass in its place [kg]"), "decimal", value=mass),
        Field("arrived", _("There since (UTC)"), "time"),
        Field("remarks", _("Where, and by which agreement"), "long"),
    )
    return Act("taken_back", _("It is in its place"), placed, first=True, about=about)


def _declare(economy: str) -> Act:
    options = tuple(words.ground_words().items())
    fields = (
        Field("ground", _("Why it fails"), "select", options=options),
        Field("reason", _("In words"), "long"),
    )
    fixed = {"economy": economy}
    return Act("failed", _("Declare that it failed"), fields, fixed, of=economy, grave=True)


def giving(facts: Mapping[str, Any], roles: Collection[str]) -> dict[str, list[tuple[str, str]]] | None:
    """What a side can add to the dossier: documents, the missing first, and batteries; None if it may not."""
    if not set(roles) & set(dossier.SIDES) or not facts["dossier"]:
        return None
    wanted = sorted(facts["dossier"], key=lambda one: one["state"] == "given")
    batteries = [(one, one.removeprefix("battery/")) for one in facts.get("items", [])]
    return {
        "documents": [(one["document"], one["label"]) for one in wanted],
        "batteries": [("", _("the whole consignment")), *batteries] if batteries else [],
    }
