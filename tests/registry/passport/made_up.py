"""An invented model and battery in which every attribute says something that stands nowhere else.

Whoever finds such a value in an answer knows by it which attribute leaked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitaran.registry.passport.attributes import Attribute, attributes, entered

GTIN = "09506000134352"
FITTING: dict[str, Any] = {
    "warranty_months": 11,
    "idle_temperature_max_c": "41.1317",
    "operator_identifier": "BPNLoperator0001",
    "manufacturer_identifier": "BPNLmanufact0002",
    "plant_identifier": "BPNAplant0000003",
    "gtin": GTIN,
    "original_power": [
        {"at_soc_percent": "20", "power_w": "150000.13"},
        {"at_soc_percent": "80", "power_w": "165000.17"},
    ],
}


def value(attribute: Attribute, position: int) -> Any:
    """A value that fits the attribute; numbers and texts are its own."""
    if attribute.name in FITTING:
        return FITTING[attribute.name]
    if attribute.type == "list":
        parts = enumerate(attribute.parts.items(), start=1)
        return [{name: _part(attribute, one, 10 * position + at) for at, (name, one) in parts}]
    return {
        "text": f"needle-{attribute.name}",
        "texts": [f"needle-{attribute.name}"],
        "choice": attribute.choices[-1] if attribute.choices else "",
        "number": f"{7000 + position}.13",
        "signed": f"-{position}.1317",
        "share": f"{position % 49}.{1300 + position}",
        "integer": 7_700_770_770_000 + position,  # so long that no digest holds it by chance
        "url": f"https://example.org/needle-{attribute.name}",
        "date": f"200{position % 9}-0{1 + position % 9}-1{position % 10}",
        "yes_no": True,
        "gtin": GTIN,
    }[attribute.type]


def _part(attribute: Attribute, part: Attribute, position: int) -> Any:
    if part.name == "cas_number":
        return f"{position}-11-7"
    if part.name == "email":
        return f"needle-{position}@example.org"
    made = value(part, position)
    return f"needle-{attribute.name}-{part.name}" if part.type == "text" else made


def values_of(level: str, nature: str) -> dict[str, Any]:
    """Every attribute of a level and nature with its value."""
    places = {name: at for at, name in enumerate(attributes(), start=1)}
    return {name: value(one, places[name]) for name, one in entered(level, nature).items()}


def needles(told: Any) -> set[str]:
    """What one can search for in an answer: every text and number that is the attribute's own."""
    if isinstance(told, Mapping):
        return {found for one in told.values() for found in needles(one)}
    if isinstance(told, list):
        return {found for one in told for found in needles(one)}
    text = "" if isinstance(told, bool) else str(told)
    return {text} if len(text) >= 6 else set()
