"""What every shape is: an object with these fields and no others."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="32 bytes as hexadecimal digits.")]
Signature = Annotated[str, Field(pattern="^[0-9a-f]{128}$")]
Instant = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
        description="UTC with milliseconds.",
        examples=["2026-01-31T08:00:00.000Z"],
    ),
]
Seq = Annotated[int, Field(ge=0, description="Number in the log, from 0.")]
Decimal = Annotated[str, Field(description="A decimal number as text.", examples=["412.5"])]


class Shape(BaseModel):
    """An object with these fields and no others."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class OpenShape(BaseModel):
    """An object with at least these fields."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Fault(Shape):
    """What is wrong: where, why, and what to do about it."""

    place: str
    cause: str
    remedy: str


def absent() -> Any:
    """Said of a field that is left out where there is nothing to say, and is not null."""
    return Field(default_factory=lambda: None)
