"""The words of the shipment pages in the reader's language: states, acts, roles, steps of clocks."""

from __future__ import annotations

from kitaran.web.language import gettext as _

TONES = {
    "pending": "warn",
    "consented": "done",
    "objected": "wrong",
    "withdrawn": "plain",
    "run_out": "warn",
    "announced": "warn",
    "under_way": "warn",
    "received": "done",
    "completed": "done",
    "failed": "wrong",
    "taken_back": "plain",
    "cancelled": "plain",
    "tacit": "done",
    "silent": "warn",
    "awaited": "warn",
    "acknowledged": "warn",
    "not_yet_valid": "warn",
}


def state_words() -> dict[str, str]:
    """States of notifications, movements and authorities."""
    return {
        "pending": _("waits for authorities"),
        "consented": _("consented"),
        "objected": _("objected"),
        "withdrawn": _("withdrawn"),
        "run_out": _("consent has run out"),
        "announced": _("announced"),
        "under_way": _("under way"),
        "received": _("received"),
        "completed": _("completed"),
        "failed": _("failed: to be taken back"),
        "taken_back": _("taken back"),
        "cancelled": _("cancelled"),
        "tacit": _("consented by silence"),
        "silent": _("time is over, no answer"),
        "awaited": _("not acknowledged yet"),
        "acknowledged": _("acknowledged, not decided"),
        "not_yet_valid": _("consented, not valid yet"),
    }


def role_words() -> dict[str, str]:
    """Sides and authorities."""
    return {
        "exporter": _("Exporter"),
        "importer": _("Importer"),
        "facility": _("Facility"),
        "carrier": _("Carrier"),
        "authority": _("Authority"),
        "officer": _("Officer"),
        "export": _("export"),
        "transit": _("transit"),
        "import": _("import"),
    }


def turn_words() -> dict[str, str]:
    """What is waited for."""
    return {
        "answer": _("answer the question"),
        "acknowledge": _("acknowledge the notification"),
        "decide": _("consent or object"),
        "renew": _("renew the consent"),
        "announce": _("announce a movement"),
        "start": _("send it off"),
        "receive": _("confirm the receipt"),
        "complete": _("certify the completion"),
        "take_back": _("take it back"),
        "check": _("check it at the border"),
        "release": _("let it pass, or refuse it"),
        "join": _("join the corridor, or not"),
    }


def act_words() -> dict[str, str]:
    """Events of the history, and the buttons that record them."""
    return {
        "notified": _("Notified"),
        "amended": _("Amended"),
        "notification_withdrawn": _("Notification withdrawn"),
        "acknowledged": _("Acknowledged"),
        "questioned": _("Question"),
        "answered": _("Answer"),
        "consented": _("Consent"),
        "objected": _("Objection"),
        "consent_withdrawn": _("Consent withdrawn"),
        "announced": _("Announced"),
        "started": _("Departed"),
        "mass_corrected": _("Mass corrected"),
        "cancelled": _("Cancelled"),
        "border_checked": _("Checked at the border"),
        "received": _("Received"),
        "receipt_refused": _("Receipt refused"),
        "completed": _("Certificate of completion"),
        "failed": _("Failed"),
        "taken_back": _("Taken back"),
        "document_given": _("Document given"),
        "document_withdrawn": _("Document withdrawn"),
    }


def finding_words() -> dict[str, str]:
    """What an officer finds."""
    return {"passed": _("may pass"), "held": _("held"), "refused": _("refused")}


def ground_words() -> dict[str, str]:
    """Why a movement failed."""
    return {
        "cannot_complete": _("It cannot be completed as agreed"),
        "illegal_exporter": _("Illegal, by the exporter's fault"),
        "illegal_importer": _("Illegal, by the importer's fault"),
    }


def document_words() -> dict[str, str]:
    """How far a document of a dossier is there."""
    return {
        "missing": _("missing"),
        "given": _("given"),
        "given in part": _("given in part"),
        "held": _("in the registry"),
        "held in part": _("in the registry in part"),
        "later": _("comes later"),
    }


def held_words() -> dict[str, str]:
    """What the registry itself has of a document."""
    return {
        "number": _("number"),
        "submitted_at": _("in the registry since"),
        "announced_at": _("in the registry since"),
        "received_at": _("received"),
        "received_kg": _("received, kg"),
        "certified_kg": _("certified, kg"),
        "recovered_kg": _("recovered, kg"),
        "completed_at": _("completed"),
        "carrier": _("carrier"),
        "un_number": _("UN number"),
        "items": _("batteries"),
        "tested": _("batteries tested"),
        "of": _("of"),
    }


def step_words() -> dict[str, str]:
    """Clocks of a movement."""
    return {
        "receive": _("Confirm the receipt"),
        "complete": _("Complete the treatment"),
        "take_back": _("Take it back"),
        "acknowledge": _("Acknowledge"),
        "decide": _("Decide"),
    }


def activity_words() -> dict[str, str]:
    """What is done at the facility with what is shipped."""
    return {
        "recycle": _("recycled"),
        "repurpose": _("repurposed"),
        "test": _("tested"),
        "dismantle": _("dismantled"),
        "dispose": _("disposed of"),
    }


def disclosed_words() -> dict[str, str]:
    """What a corridor may open of its movements."""
    return {
        "dates": _("dates"),
        "masses": _("masses"),
        "parties": _("who sends, carries and receives"),
        "findings": _("findings at the border"),
    }
