"""The form that records a triage: what it offers to choose from, so that no id needs to be typed."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection

from kitaran.foundation.clock import now
from kitaran.foundation.errors import NotFoundError
from kitaran.registry.parties.accounts import Person
from kitaran.registry.triage import records
from kitaran.web import held_choice
from kitaran.web.held_choice import Options
from kitaran.web.language import gettext as _
from kitaran.web.triage.words import grade_words, state_words

TESTED: Final = ("pack", "module", "cell")
"""Kinds that are tested one by one."""


def choices(connection: Connection, person: Person, battery: str) -> dict[str, Any]:
    """What stands in the lists of the form. battery : id of the one that is tested, empty if not chosen"""
    operator = person.operator.id
    return {
        "held": held_choice.held_options(connection, operator, TESTED),
        "own_facilities": held_choice.facility_options(connection, operator),
        "technicians": held_choice.technician_options(connection, operator),
        "earlier": _earlier(connection, person, battery),
    }


def _earlier(connection: Connection, person: Person, battery: str) -> Options:
    """Results of the battery that the person may see, the newest first; before them, none."""
    try:
        told = records.of(connection, battery, person.acts_for, now())["results"] if battery else []
    except NotFoundError:
        told = []
    words = state_words()
    named = [(one["result"], _result_words(one, words)) for one in reversed(told)]
    return [("", _("none")), *named]


def _result_words(one: dict[str, Any], words: dict[str, str]) -> str:
    grade = grade_words(one["told"]["grade"]) if one["told"] else _("Erased")
    return f"{one['at'][:10]}: {grade} ({words[one['state']]})"
