"""The same battery and duty in many places."""

from __future__ import annotations

from functools import cache

from kitaran.foundation.errors import NotFoundError
from kitaran.planning.lifetime.climate import normals
from kitaran.planning.lifetime.outlook import PlaceLife, outlook
from kitaran.planning.lifetime.question import Question
from kitaran.reference import economies


@cache
def capitals() -> dict[str, str]:
    """Place of each economy's capital by economy code; economies without normals of it are left out."""
    found = {}
    for economy in economies():
        try:
            place = normals(economy.code)
        except NotFoundError:
            continue
        found[economy.code] = f"{place.economy}/{place.place}"
    return found


def compare(question: Question, places: tuple[str, ...]) -> tuple[PlaceLife, ...]:
    """How long the battery of a question lasts in each of the places, in their order."""
    return outlook(question, places).places
