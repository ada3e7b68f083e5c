"""Words for roles, scopes and acts, in the reader's language; and faults as forms show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kitaran.foundation.errors import Fault
from kitaran.web.language import gettext as _


def role_words() -> dict[str, str]:
    """Each role and its name."""
    return {
        "administrator": _("administrator"),
        "producer": _("producer"),
        "producer_responsibility_organisation": _("producer responsibility organisation"),
        "operator": _("operator"),
        "repurposer": _("repurposer"),
        "recycler": _("recycler"),
        "officer": _("officer"),
        "authority": _("authority"),
        "observer": _("observer"),
        "auditor": _("auditor"),
    }


def role_meanings() -> dict[str, str]:
    """What each role means, in a few words."""
    return {
        "administrator": _("runs this installation: adds operators, keys and tokens, and names authorities"),
        "producer": _("places batteries or vehicles on the market"),
        "producer_responsibility_organisation": _("meets the duties of producers for them"),
        "operator": _("collects, stores, carries or swaps batteries"),
        "repurposer": _("tests, repairs and rebuilds batteries for another use"),
        "recycler": _("recovers materials"),
        "officer": _("inspects at a border or on site"),
        "authority": _("grants licences, consents and exemptions"),
        "observer": _("reads what an agreement opens to it"),
        "auditor": _("reads everything and writes nothing"),
    }


def scope_words() -> dict[str, str]:
    """What a token may do."""
    return {"read": _("read items and their events"), "record": _("record signed events")}


def activity_words() -> dict[str, str]:
    """What a licence lets an organisation do."""
    return {
        "collect": _("collect"),
        "store": _("store"),
        "carry": _("carry"),
        "swap": _("swap"),
        "test": _("test"),
        "dismantle": _("dismantle"),
        "repurpose": _("repurpose"),
        "recycle": _("recycle"),
        "dispose": _("dispose"),
    }


def act_words() -> dict[str, str]:
    """What happened at the door."""
    return {
        "signed_in": _("signed in"),
        "sign_in_refused": _("sign-in refused"),
        "signed_out": _("signed out"),
        "person_added": _("person added"),
        "person_ended": _("person let in no more"),
        "person_changed": _("roles of a person changed"),
        "link_made": _("one-time link made"),
        "link_used": _("one-time link used"),
        "password_set": _("password set"),
        "session_ended": _("session ended"),
        "token_made": _("token made"),
        "token_ended": _("token ended"),
        "token_renewed": _("token renewed"),
        "identity_connected": _("identity elsewhere connected"),
        "identity_disconnected": _("identity elsewhere disconnected"),
    }


def shown_faults(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Faults beside the fields that they name."""
    return [{**fault.as_dict(), "field": fault.place, "place": ""} for fault in faults]
