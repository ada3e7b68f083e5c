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


def event_words() -> dict[str, str]:
    """What happened, by kind of event."""
    return {
        "passport.issued": _("Passport issued"),
        "passport.batch_issued": _("Passport issued, with many others"),
        "passport.taken_in": _("Taken in without a passport: the history starts here"),
        "passport.reading_taken": _("Reading taken"),
        "passport.repaired": _("Repaired"),
        "passport.reused": _("Reused"),
        "passport.remanufactured": _("Remanufactured"),
        "passport.repurposed": _("Repurposed under a new passport"),
        "passport.became_waste": _("Became waste"),
        "passport.ceased": _("Recycled: the passport ends"),
        "passport.revoked": _("Revoked"),
        "custody.begun": _("Its custody begins here"),
        "custody.offered": _("Offered"),
        "custody.accepted": _("Taken over"),
        "custody.declined": _("Offer declined"),
        "custody.withdrawn": _("Offer withdrawn"),
        "custody.claim_answered": _("Claim answered"),
        "custody.split": _("Divided"),
        "custody.merged": _("Put together with others"),
        "custody.stored": _("Put at a facility"),
        "custody.installed": _("Installed"),
        "custody.removed": _("Removed"),
        "custody.lost": _("Lost"),
        "custody.stolen": _("Stolen"),
        "custody.found": _("Found again"),
        "custody.corrected": _("An earlier event corrected"),
        "custody.assigned": _("Assigned by an authority"),
        "custody.recorded_offline": _("Recorded without a network"),
        "triage.graded": _("Tested and graded"),
        "repurposed": _("repurposed"),
        "split": _("divided"),
        "merged": _("put together"),
    }


def basis_words() -> dict[str, str]:
    """On what a battery was handed over."""
    return {
        "sale": _("sale"),
        "lease": _("lease"),
        "battery_as_a_service": _("battery as a service"),
        "swap": _("swap"),
        "loan": _("loan"),
        "return": _("return"),
        "carriage": _("carriage"),
        "storage": _("storage"),
        "treatment": _("treatment"),
        "waste": _("waste"),
    }


def custody_words() -> dict[str, str]:
    """How it stands with an item in custody, and in what it is."""
    return {
        "held": _("in hand"),
        "lost": _("lost"),
        "stolen": _("stolen"),
        "inside": _("inside another battery"),
        "closed": _("divided: nothing is left of it as a whole"),
        "vehicle": _("in a vehicle"),
        "storage_system": _("in a storage system"),
        "swap_pool": _("in a swap pool"),
    }


def signed_words() -> dict[str, str]:
    """Whose key signed."""
    return {
        "own": _("signed with its own key"),
        "custodial": _("by a click"),
    }


def late_words() -> dict[str, str]:
    """How it stands with an event that was recorded without a network."""
    return {
        "provisional": _("recorded late, waits for what came before it"),
        "effective": _("recorded late"),
        "conflicting": _("recorded late, in conflict with another event: it changed nothing"),
        "forked": _("recorded late, twice under one number: it changed nothing"),
    }


def ended_words() -> dict[str, str]:
    """Why a passport is no longer in force, for who may know it."""
    return {
        "ceased": _("The battery was recycled and its passport has ended."),
        "repurposed": _("The battery was repurposed and has a new passport."),
        "revoked": _("An authority revoked this passport: do not trust the label."),
    }


def missing_words() -> dict[str, str]:
    """Why remaining life cannot be told, and what would tell it."""
    return {
        "reading": _(
            "There is no reading of its state of health. A reading of state of certified energy, of "
            "remaining capacity or of capacity lost would tell it: from the battery management system, or "
            "from a test."
        ),
        "place": _("It is not known in which climate it is. Choose a place."),
        "model": _("No published model tells how this chemistry ages, so no figure is given."),
        "use": _("There is no such place or use. Choose one from the lists."),
        "out_of_use": _("It is not in use any more, so no remaining life is told."),
    }


def source_words() -> dict[str, str]:
    """Where a reading is from."""
    return {
        "measured": _("measured"),
        "management_system": _("battery management system"),
        "declared": _("told by somebody"),
        "estimated": _("estimated"),
    }
