"""Battery passports. What a caller may not read is absent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from kitaran.api.shapes.shape import Hash, Instant, OpenShape, Seq, Shape, absent


class Attribute(OpenShape):
    """What is said under an attribute; a reading also says when, by whom and how."""

    value: Any
    unit: str | None
    level: Literal["model", "item"]
    nature: Literal["static", "dynamic", "derived"]


class Passport(OpenShape):
    """A passport as far as the caller may read it."""

    id: str
    origin: Literal["issued", "taken_in"]
    valid: bool
    model: str | None
    model_version: int | None
    attributes: dict[str, Attribute]
    operator: str = absent()
    state: Literal["in_force", "repurposed", "ceased", "revoked"] = absent()
    issued_at: Instant = absent()
    head: Hash | None = absent()
    predecessor: str | None = absent()
    successor: str | None = absent()


class Passports(Shape):
    """A page of passports."""

    passports: list[Passport]
    next: Annotated[str | None, Field(description="The `after` of the next page.")]


class Model(Shape):
    """The newest version of a model."""

    model: str
    version: int
    operator: str
    at: Instant
    attributes: dict[str, Any]


class Models(Shape):
    """Models of the caller."""

    models: list[Model]


class Version(Shape):
    """A version of a model, and which attributes it changed."""

    version: int
    at: Instant
    attributes: dict[str, Any]
    changed: list[str]


class Versions(Shape):
    """Every version of a battery's model."""

    versions: list[Version]


class Export(OpenShape):
    """A passport in the form that was asked for."""


class Step(Shape):
    """What happened to a battery."""

    kind: str
    at: Instant
    by: str
    seq: Seq
    says: dict[str, Any]
