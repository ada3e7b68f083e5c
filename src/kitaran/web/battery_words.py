"""Words of the page behind the QR code: what a battery can do to people, and what not to do."""

from __future__ import annotations

from kitaran.web.language import gettext as _

LEAD = ("lead_acid",)
OTHER_CELLS = ("NiMH",)
UNKNOWN = ("", "unknown")


def family(chemistry: str) -> str:
    """lithium, lead, other or unknown: people need no more to be careful."""
    if chemistry in UNKNOWN:
        return "unknown"
    if chemistry in LEAD:
        return "lead"
    return "other" if chemistry in OTHER_CELLS else "lithium"


def category_words() -> dict[str, str]:
    return {
        "ev": _("battery of an electric vehicle"),
        "lmt": _("battery of a light vehicle, such as a scooter or an e-bike"),
        "industrial": _("industrial battery"),
        "stationary": _("battery of a storage system"),
    }


def hazard_words(kind: str) -> list[str]:
    """What it can do to people."""
    electric = _("It can give an electric shock even when the vehicle or device is switched off.")
    lithium = [
        _("Damaged, wet or overheated, it can catch fire or burst, even hours or days later."),
        _("Its smoke is poisonous. A fire that seems to be out can start again."),
    ]
    lead = [
        _("It holds lead, which is poisonous, above all to children, and acid, which burns skin and eyes."),
        _("While it is charged it can give off gas that explodes."),
    ]
    found = {"lithium": lithium, "lead": lead, "other": lithium[:1], "unknown": [*lithium, *lead[:1]]}
    return [electric, *found[kind]]


def never_words(kind: str) -> list[str]:
    """What nobody should do with it."""
    always = [
        _("Do not open it, cut it, drill into it or break it up."),
        _("Do not put it into household waste, into a fire or into water."),
        _("Do not charge or use it if it is swollen, dented, leaking, hot or smells."),
        _("Do not send it by post."),
    ]
    lead = _("Do not pour the acid out and do not melt the lead.")
    return [*always, lead] if kind in ("lead", "unknown") else always


def emergency_words(kind: str) -> list[str]:
    """What to do when something goes wrong."""
    if kind == "lead":
        return [_("Acid on skin or in eyes: rinse with much water at once, then see a doctor.")]
    return [
        _("Smoke, hissing or heat: go away, keep others away and call the fire service."),
        _("Say that it is a battery."),
        _("Do not breathe the smoke."),
    ]


def status_words() -> dict[str, str]:
    return {
        "original": _("original"),
        "reused": _("reused"),
        "repurposed": _("repurposed"),
        "remanufactured": _("remanufactured"),
        "waste": _("waste"),
    }


def step_words() -> dict[str, str]:
    """What happened, by kind of event."""
    return {
        "issued": _("Passport issued"),
        "taken_in": _("Taken in without a passport: the history starts here"),
        "reading_taken": _("Reading taken"),
        "repaired": _("Repaired"),
        "reused": _("Reused"),
        "remanufactured": _("Remanufactured"),
        "repurposed": _("Repurposed under a new passport"),
        "became_waste": _("Became waste"),
        "ceased": _("Recycled: the passport ends"),
        "revoked": _("Revoked"),
    }


def source_words() -> dict[str, str]:
    """Where a reading is from."""
    return {
        "measured": _("measured"),
        "management_system": _("battery management system"),
        "declared": _("told by somebody"),
        "estimated": _("estimated"),
    }
