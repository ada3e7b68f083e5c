"""What a signed-in person may do next to a notification: exporter, and the authorities of its route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kitaran.registry.parties.accounts import Person
from kitaran.web.language import gettext as _
from kitaran.web.movements.acts import Act, Field

Options = tuple[tuple[str, str], ...]
DECIDED: Final = ("consented", "not_yet_valid", "objected")


def on_notification(
    facts: Mapping[str, Any], person: Person, carriers: Options = (), batteries: Options = ()
) -> list[Act]:
    """What the person may do to a notification as it stands.

    carriers : who may be named as carrier; batteries : what the person's organisation has at hand
    """
    if facts["withdrawn_at"] is not None:
        return []
    found = []
    if person.operator.id == facts["exporter"]:
        found += _of_exporter(facts, carriers, batteries)
    if "authority" in person.roles and person.operator.economy is not None:
        found += _of_authorities(facts, person.operator.economy)
    return found


def _of_exporter(facts: Mapping[str, Any], carriers: Options, batteries: Options) -> list[Act]:
    found = [
        Act(
            "answered",
            _("Answer"),
            (Field("answer", one["words"], "long"),),
            {"question": one["question"]},
            True,
            one["question"],
        )
        for one in facts["questions"]
        if one["answered_at"] is None
    ]
    if facts["state"] in ("consented", "not_yet_valid") and facts["quantity"]["shipments_left"]:
        found.append(announcing(facts, carriers, batteries))
    if facts["state"] != "objected":
        found.append(_amend(facts, carriers))
    reason = Field("reason", _("Why"), required=False)
    withdraw = Act(
        "notification_withdrawn",
        _("Withdraw the notification"),
        (reason,),
        about=_("No movement begins any more. Those under way go on."),
        grave=True,
    )
    return [*found, withdraw]


def announcing(facts: Mapping[str, Any], carriers: Options, batteries: Options) -> Act:
    """The form of a movement under a notification."""
    left = facts["quantity"]["left_kg"]
    planned = tuple(one for one in carriers if one[0] in facts["carriers"])
    fields = [
        Field("mass_kg", _("Mass [kg]"), "decimal", hint=_("At most %(left)s kg.") % {"left": left}),
        Field("departs", _("Departs (UTC)"), "time"),
        Field("arrives_by", _("Arrives by (UTC)"), "time"),
    ]
    if planned:
        fields.append(Field("carriers", _("Carriers"), "many", False, options=planned))
    if batteries:
        hint = _("Those that you hold and that are in no other movement.")
        fields.append(Field("items", _("Batteries"), "many", False, hint, options=batteries, beside=True))
    return Act("announced", _("Announce a movement"), tuple(fields), first=True)


def _amend(facts: Mapping[str, Any], carriers: Options) -> Act:
    quantity = facts["quantity"]
    fields = [
        Field("quantity_kg", _("Mass in all [kg]"), "decimal", value=quantity["notified_kg"], changes=True),
        Field("shipments", _("Shipments in all"), "numeric", value=str(quantity["shipments"]), changes=True),
        Field("last_departure", _("Last departure"), "date", value=facts["last_departure"], changes=True),
    ]
    if carriers:
        now = " ".join(facts["carriers"])
        fields.append(
            Field("carriers", _("Carriers"), "many", False, value=now, options=carriers, changes=True)
        )
    about = _(
        "Another importer, facility, route or other goods need a new notification. "
        "What was consented to is not widened."
    )
    return Act("amended", _("Change it"), (*fields, Field("reason", _("Why"))), about=about)


def _of_authorities(facts: Mapping[str, Any], mine: str) -> list[Act]:
    """Acts for the person's own economy; the authority of export enters letters of those not here."""
    found = []
    for one in facts["authorities"]:
        if one["economy"] == mine:
            found += _of_authority(facts, one)
        elif mine == facts["route"]["export"] and not one["operators"]:
            found += [_on_paper(act, one["economy"]) for act in _of_authority(facts, one)]
    return found


def _on_paper(act: Act, economy: str) -> Act:
    """The same act by letter: who wrote it, its number and day, and its file."""
    letter = (
        Field("paper_reference", _("Number of its letter"), beside=True),
        Field("paper_dated", _("Date of its letter"), "date", beside=True),
        Field(
            "file",
            _("Its file"),
            "file",
            hint=_("The record holds its SHA-256: keep the file."),
            beside=True,
        ),
    )
    button = _("%(act)s, by letter of %(economy)s") % {"act": act.button, "economy": economy}
    return Act(
        act.name, button, (*act.fields, *letter), act.fixed, of=economy, letter_of=economy, grave=act.grave
    )


def _of_authority(facts: Mapping[str, Any], one: Mapping[str, Any]) -> list[Act]:
    mine = {"economy": one["economy"]}
    question = Field("question", _("What do you want to know?"), "long")
    reason = Field("reason", _("Why"), "long")
    found = []
    if one["acknowledged_at"] is None:
        about = _("You have it, complete. Clocks of objection run from here.")
        found.append(Act("acknowledged", _("Acknowledge"), (), mine, True, about=about))
    deciding = one["state"] not in DECIDED and one["acknowledged_at"] is not None
    found.append(Act("consented", _("Consent"), _consent(facts), mine, deciding))
    found.append(Act("questioned", _("Ask the exporter"), (question,), mine))
    if one["state"] in ("consented", "run_out", "not_yet_valid"):
        about = _("For movements that have not started.")
        found.append(
            Act("consent_withdrawn", _("Withdraw the consent"), (reason,), mine, about=about, grave=True)
        )
    else:
        found.append(Act("objected", _("Object"), (reason,), mine, grave=True))
    return found


def _consent(facts: Mapping[str, Any]) -> tuple[Field, ...]:
    quantity = facts["quantity"]
    return (
        Field("valid_from", _("First day"), "date", value=facts["first_departure"]),
        Field("valid_until", _("Last day"), "date", value=facts["last_departure"]),
        Field("quantity_kg", _("Mass in all [kg]"), "decimal", value=quantity["notified_kg"]),
        Field("shipments", _("Shipments in all"), "numeric", value=str(quantity["shipments"])),
        Field("notice_days", _("Days of notice before each departure"), "numeric", required=False),
        Field("conditions", _("Conditions"), "long", required=False),
        Field("reference", _("Your number"), required=False),
    )
