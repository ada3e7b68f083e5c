"""The published forms in which a passport goes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kitaran.registry.passport import battery_pass, catena_x

FORMS: Final[Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]]] = {
    "batterypass": battery_pass.document,
    "catenax": catena_x.document,
}


def exported(facts: Mapping[str, Any], form: str) -> dict[str, Any]:
    """What `view.facts` shows to a reader, in one of the forms: no way out knows more than that."""
    return FORMS[form](facts)
