"""Faults of forms that are sent as an address."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    """A fault and the field of the form that it belongs to."""

    field: str
    place: str
    cause: str
    remedy: str
