"""What a signed-in person may do next to a notification or movement: each act with the fields of its form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from kitaran.registry.movement import dossier
from kitaran.registry.parties.accounts import Person
from kitaran.web import movements_words as words
from kitaran.web.language import gettext as _
from kitaran.web.parties_clicks import Given, moment

WHOLE = frozenset({"shipments", "notice_days"})
TIMES = frozenset({"departs", "arrives_by", "arrived"})


@dataclass(frozen=True)
class Field:
    """One field of a form. kind : text, decimal, numeric, date, time or select (with options)"""

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    hint: str = ""
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Act:
    """An act: its form; fixed : what it says without being asked; first : whether it is the one to do now"""

    name: str
    button: str
    fields: tuple[Field, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    first: bool = False


def on_notification(facts: Mapping[str, Any], person: Person) -> list[Act]:
    """What the person may do to a notification as it stands."""
    if facts["withdrawn_at"] is not None:
        return []
    found = []
    if person.operator.id == facts["exporter"]:
        found += _of_exporter(facts)
    if "authority" in person.roles:
        mine = [one for one in facts["authorities"] if one["economy"] == person.operator.economy]
        found += [act for one in mine for act in _of_authority(facts, one)]
    return found


def _of_exporter(facts: Mapping[str, Any]) -> list[Act]:
    reply = [
        Act("answered", _("Answer"), (Field("answer", one["words"]),), {"question": one["question"]}, True)
        for one in facts["questions"]
        if one["answered_at"] is None
    ]
    if facts["state"] in ("consented", "not_yet_valid") and facts["quantity"]["shipments_left"]:
        reply.append(_announce(facts["quantity"]["left_kg"]))
    reason = Field("reason", _("Why"), required=False)
    return [*reply, Act("notification_withdrawn", _("Withdraw the notification"), (reason,))]


def _announce(left_kg: str) -> Act:
    fields = (
        Field("mass_kg", _("Mass [kg]"), "decimal", hint=_("At most %(left)s kg.") % {"left": left_kg}),
        Field("departs", _("Departs (UTC)"), "time"),
        Field("arrives_by", _("Arrives by (UTC)"), "time"),
        Field(
            "items",
            _("Batteries"),
            required=False,
            hint=_("Their ids or links with blanks between, if you hold them here."),
        ),
    )
    return Act("announced", _("Announce a movement"), fields, first=True)


def _of_authority(facts: Mapping[str, Any], one: Mapping[str, Any]) -> list[Act]:
    mine = {"economy": one["economy"]}
    question = Field("question", _("What do you want to know?"))
    reason = Field("reason", _("Why"))
    found = []
    if one["acknowledged_at"] is None:
        found.append(Act("acknowledged", _("Acknowledge"), fixed=mine, first=True))
    decided = one["state"] in ("consented", "not_yet_valid", "objected")
    deciding = not decided and one["acknowledged_at"] is not None
    found.append(Act("consented", _("Consent"), _consent(facts), mine, deciding))
    found.append(Act("questioned", _("Ask the exporter"), (question,), mine))
    if one["state"] in ("consented", "run_out", "not_yet_valid"):
        found.append(Act("consent_withdrawn", _("Withdraw the consent"), (reason,), mine))
    else:
        found.append(Act("objected", _("Object"), (reason,), mine))
    return found


def _consent(facts: Mapping[str, Any]) -> tuple[Field, ...]:
    quantity = facts["quantity"]
    return (
        Field("valid_from", _("First day"), "date", value=facts["first_departure"]),
        Field("valid_until", _("Last day"), "date", value=facts["last_departure"]),
        Field("quantity_kg", _("Mass in all [kg]"), "decimal", value=quantity["notified_kg"]),
        Field("shipments", _("Shipments in all"), "numeric", value=str(quantity["shipments"])),
        Field("notice_days", _("Days of notice before each departure"), "numeric", required=False),
        Field("conditions", _("Conditions"), required=False),
        Field("reference", _("Your number"), required=False),
    )


def on_movement(facts: Mapping[str, Any], person: Person) -> list[Act]:
    """What the person may do to a movement as it stands."""
    me, state = person.operator.id, facts["state"]
    roles = facts["roles_of"](me)
    official = person.operator.economy in _economies(facts["route"])
    found: list[Act] = []
    if state == "announced" and roles & {"exporter", "carrier"}:
        found.append(_start(facts["mass_kg"]))
    if state == "announced" and "exporter" in roles:
        found.append(Act("cancelled", _("Cancel it"), (Field("reason", _("Why")),)))
    if state == "under_way" and "officer" in person.roles and official:
        found.append(_check(str(person.operator.economy)))
    if state == "under_way" and roles & {"importer", "facility"}:
        found += [
            _receive(facts["mass_kg"]),
            Act("receipt_refused", _("Refuse it"), (Field("reason", _("Why")),)),
        ]
    if state == "received" and "facility" in roles:
        found.append(_complete())
    if state == "failed" and "exporter" in roles:
        found.append(_take_back(facts["mass_kg"]))
    if state in ("under_way", "received") and "authority" in person.roles and official:
        found.append(_declare(str(person.operator.economy)))
    return found


def _economies(route: Mapping[str, Any]) -> list[str]:
    return [route["export"], *route.get("transit", []), route["destination"]]


def _start(mass: str) -> Act:
    fields = (
        Field("mass_kg", _("Mass as weighed [kg]"), "decimal", value=mass),
        Field("seal", _("Number of the seal"), required=False),
        Field("conveyance", _("Ship, train or vehicle"), required=False),
    )
    return Act("started", _("It departs now"), fields, first=True)


def _check(economy: str) -> Act:
    options = tuple(words.finding_words().items())
    fields = (
        Field("finding", _("What you find"), "select", options=options),
        Field("seal", _("Number of the seal that you find"), required=False),
        Field("remarks", _("Remarks"), required=False),
    )
    return Act("border_checked", _("Record the check"), fields, {"economy": economy}, True)


def _receive(mass: str) -> Act:
    fields = (
        Field(
            "mass_kg",
            _("Mass on your scale [kg]"),
            "decimal",
            hint=_("%(mass)s kg departed.") % {"mass": mass},
        ),
        Field("arrived", _("Arrived (UTC)"), "time"),
        Field("remarks", _("Remarks"), required=False),
    )
    return Act("received", _("Confirm the receipt"), fields, first=True)


def _complete() -> Act:
    fields = (
        Field("mass_kg", _("Mass treated [kg]"), "decimal"),
        Field("recovered_kg", _("Material recovered [kg]"), "decimal", required=False),
        Field("completed", _("Day on which it was done"), "date"),
        Field("residues", _("What became of the rest"), required=False),
    )
    return Act("completed", _("Give the certificate"), fields, first=True)


def _take_back(mass: str) -> Act:
    fields = (
        Field("mass_kg", _("Mass that came back [kg]"), "decimal", value=mass),
        Field("arrived", _("Came back (UTC)"), "time"),
    )
    return Act("taken_back", _("It is back"), fields, first=True)


def _declare(economy: str) -> Act:
    options = tuple(words.ground_words().items())
    fields = (Field("ground", _("Why it fails"), "select", options=options), Field("reason", _("In words")))
    return Act("failed", _("Declare that it failed"), fields, {"economy": economy})


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


def batteries_of(text: str) -> list[str]:
    """Batteries that were typed, by their ids or the links of their pages, as items of the record."""
    return [f"battery/{one.rstrip('/').rpartition('/')[2]}" for one in text.split()]


def payload_of(act: Act, given: Given) -> dict[str, Any]:
    """A form as the payload of its event: numbers of a count as numbers, times as the record writes them."""
    told: dict[str, Any] = dict(act.fixed)
    for one in act.fields:
        text = given.get(one.name)
        if text is None:
            continue
        if one.name in WHOLE:
            told[one.name] = int(text) if text.isdecimal() else text
        elif one.name == "conditions":
            told[one.name] = [text]
        elif one.name in TIMES:
            told[one.name] = moment(given, one.name)
        elif one.name != "items":
            told[one.name] = text
    return told
