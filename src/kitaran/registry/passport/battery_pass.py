"""A passport in the form of Battery Pass 1.2: seven aspects, each as far as the reader may see it.

Its keys are misspelt in places (`batteryTechicalProperties`, `warrentyPeriod`, `remainingEnergyalue`); they
stand in the attribute table and nowhere else. What the format cannot hold is left out: a warranty of more
than 12 months, and e-mail addresses of maker and operator, whose pattern lost its backslashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kitaran.registry.passport import paths
from kitaran.registry.passport.attributes import Attribute, attributes

ASPECTS: Final = (
    "GeneralProductInformation",
    "CarbonFootprint",
    "Circularity",
    "Labels",
    "MaterialComposition",
    "Performance",
    "SupplyChainDueDiligence",
)
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "battery_status": {
        "original": "Original",
        "reused": "Reused",
        "repurposed": "Repurposed",
        "remanufactured": "Remanufactured",
        "waste": "Waste",
    },
    "hazard_class": {
        "acute_toxicity": "AcuteToxicity",
        "skin_corrosion_or_irritation": "SkinCorrosionOrIrritation",
        "eye_damage_or_irritation": "EyeDamageOrIrritation",
    },
    "stage": {
        "raw_materials": "RawMaterialExtraction",
        "production": "MainProduction",
        "distribution": "Distribution",
        "recycling": "Recycling",
    },
    "kind": {
        "bill_of_material": "BillOfMaterial",
        "model_3d": "Model3D",
        "dismantling_manual": "DismantlingManual",
        "removal_manual": "RemovalManual",
        "other_manual": "OtherManual",
        "drawing": "Drawing",
    },
}
_LONGEST_WARRANTY: Final = 12
"""A `gMonth` is all that the format has for it."""
_IDLE_C: Final = (-20.0, 60.0)


def document(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The aspects by name, from what `view.facts` shows to the reader; one without any value is left out."""
    made: dict[str, Any] = {}
    for name, told in facts["attributes"].items():
        attribute = attributes()[name]
        aspect, _, path = attribute.battery_pass.partition(":")
        value = _converted(attribute, told["value"])
        if not path or value is None:
            continue
        if attribute.type == "list" and attribute.nature == "dynamic":
            value = [_timed(entry, told["at"]) for entry in value]
        paths.put(made.setdefault(aspect, {}), path, value)
        if attribute.nature == "dynamic" and (when := _time_path(attribute, path)):
            paths.put(made[aspect], when, told.get("at", ""))
    _label(made)
    return {aspect: made[aspect] for aspect in ASPECTS if aspect in made}


def _timed(entry: Mapping[str, Any], at: str) -> dict[str, Any]:
    """An entry of a list with its time; the schema wants that of a remaining power twice."""
    power = entry.get("remainingPowerCapabilityValue")
    twice = {} if power is None else {"remainingPowerCapabilityValue": {**power, "rPCLastUpdated": at}}
    return {**entry, **twice, "lastUpdate": at}


def _time_path(attribute: Attribute, path: str) -> str:
    """Where the time of a reading stands: beside its value, if that has an object of its own."""
    above, dot, _ = path.rpartition(".")
    own_object = above.count(".") >= 1 or "[" in above
    if attribute.type == "list" or attribute.filled == "derived" or not dot or not own_object:
        return ""
    return "" if "Technical" in above or "Techical" in above else f"{above}.lastUpdate"


def _converted(attribute: Attribute, value: Any) -> Any:
    special = _SPECIAL.get(attribute.name)
    if special is not None:
        return special(value)
    if attribute.type == "list":
        return [_entry(attribute, one) for one in value]
    if attribute.type in ("number", "signed", "share"):
        return float(value)
    return _WORDS.get(attribute.name, {}).get(value, value) if isinstance(value, str) else value


def _entry(attribute: Attribute, given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, part in attribute.parts.items():
        if name in given and part.battery_pass:
            paths.put(made, part.battery_pass, _converted(part, given[name]))
    return made


def _warranty(months: int) -> str | None:
    return f"--{months:02}" if 1 <= months <= _LONGEST_WARRANTY else None


def _idle(degrees: str) -> float | None:
    return float(degrees) if _IDLE_C[0] <= float(degrees) <= _IDLE_C[1] else None


def _midnight(day: str) -> str:
    return f"{day}T00:00:00.000Z"


_SPECIAL: Final[Mapping[str, Callable[[Any], Any]]] = {
    "unique_identifier": lambda battery: f"urn:uuid:{battery}",
    "warranty_months": _warranty,
    "idle_temperature_max_c": _idle,
    "manufactured_on": _midnight,
    "put_into_service_on": _midnight,
}


def _label(made: dict[str, Any]) -> None:
    """The schema wants the meaning of a symbol in words of a language."""
    for one in made.get("Labels", {}).get("labels", ()):
        one["labelingMeaning"] = {"en": "Separate collection"}
