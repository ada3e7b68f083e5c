"""Figures as events hold them: decimal strings, since a number with a fraction has no one form."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from kitaran.registry.ledger.kinds import QUANTITY

Amount = Annotated[str, Field(pattern=QUANTITY)]
"""A decimal number of zero or more, `12.5`."""


def _within(limit: int, name: str) -> AfterValidator:
    def check(text: str) -> str:
        if abs(float(text)) > limit:
            raise ValueError(f"the {name} lies beyond {limit} degrees")
        return text

    return AfterValidator(check)


_DEGREES = r"^-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,7})?$"
Latitude = Annotated[str, Field(pattern=_DEGREES), _within(90, "latitude")]
Longitude = Annotated[str, Field(pattern=_DEGREES), _within(180, "longitude")]
