"""Words for what stands in facilities, incidents, alerts and certificates, in the reader's language."""

from __future__ import annotations

from kitaran.web.language import gettext as _


def incident_words() -> dict[str, str]:
    return {
        "fire": _("fire"),
        "theft": _("theft"),
        "leak": _("leak"),
        "accident": _("accident"),
        "lost": _("lost"),
    }


def step_words() -> dict[str, str]:
    return {
        "contained": _("contained"),
        "authority_notified": _("authority notified"),
        "investigated": _("investigated"),
        "cleaned_up": _("cleaned up"),
        "corrected": _("corrected"),
        "noted": _("noted"),
    }


def outcome_words() -> dict[str, str]:
    return {
        "resolved": _("resolved"),
        "recovered": _("recovered"),
        "not_recovered": _("not recovered"),
        "unfounded": _("unfounded"),
    }


def alert_words() -> dict[str, str]:
    return {"recall": _("Recall"), "safety_alert": _("Safety alert")}


def medium_words() -> dict[str, str]:
    return {
        "air": _("air"),
        "water": _("water"),
        "soil": _("soil"),
        "noise": _("noise"),
        "waste": _("waste"),
    }


def scope_words() -> dict[str, str]:
    return {
        "high_voltage": _("high voltage"),
        "diagnosis": _("diagnosis"),
        "dismantling": _("dismantling"),
        "dangerous_goods": _("dangerous goods"),
        "fire_response": _("fire response"),
        "recycling_plant": _("recycling plant"),
    }


def certificate_end_words() -> dict[str, str]:
    return {
        "withdrawn": _("withdrawn"),
        "left": _("the person left"),
        "replaced": _("replaced by another"),
        "entered_in_error": _("entered in error"),
    }
