"""Forms of the values that events of the shipment procedure hold."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kitaran.law.case import vocabulary
from kitaran.registry.parties.quantities import Amount

Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
"""The number of a notification or movement, the end of its item's id and of its address."""
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Procedure = Literal["basel_pic", "oecd_amber"]
Uncontrolled = Literal["none", "oecd_green", "domestic_only"]
Ground = Literal["cannot_complete", "illegal_exporter", "illegal_importer"]


def day(text: str) -> str:
    """A day as it is written, YYYY-MM-DD. Raises ValueError."""
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise ValueError("a day is written YYYY-MM-DD")


def _positive(text: str) -> str:
    if float(text) <= 0:
        raise ValueError("the mass is zero")
    return text


def of_vocabulary(name: str) -> AfterValidator:
    """A word of the law's vocabulary: of its group, or of a group's key."""

    def check(text: str) -> str:
        group, _, key = name.partition(".")
        known = vocabulary()[group][key] if key else vocabulary()[group]
        if text not in known:
            raise ValueError(f"known are {', '.join(known)}")
        return text

    return AfterValidator(check)


def _percent(text: str) -> str:
    if float(text) > 100:
        raise ValueError("it is more than 100 percent")
    return text


Percent = Annotated[Amount, AfterValidator(_percent)]
Day = Annotated[str, AfterValidator(day)]
Mass = Annotated[Amount, AfterValidator(_positive)]
