"""A passport in the form of the Catena-X battery pass 6.0.0, as far as the reader may see it.

Documents are `{content, contentType, header}`; a material is critical or not by the Union's list as of 2024.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from kitaran.registry.passport import paths
from kitaran.registry.passport.attributes import Attribute, attributes

_STATUS: Final = {"reused": "re-used"}
_CATEGORY: Final = {"ev": "EV", "lmt": "LMT", "industrial": "industrial", "stationary": "industrial"}
_BPN: Final = {
    "operator_identifier": "BPNL",
    "manufacturer_identifier": "BPNL",
    "plant_identifier": "BPNA",
}
"""Identifiers that the format takes only as numbers of its own registry."""
_CRITICAL: Final = {"cobalt": True, "lithium": True, "nickel": True, "lead": False}
"""Annex II of Regulation (EU) 2024/1252."""
_LISTS: Final = (
    "sustainability.documents.separateCollection",
    "sustainability.documents.wastePrevention",
    "conformity.declarationOfConformity",
    "conformity.resultOfTestReport",
    "conformity.thirdPartyAssurance",
    "conformity.dueDiligencePolicy",
    "safety.usableExtinguishAgent",
    "safety.safetyMeasures",
    "safety.meaningOfLabels",
    "safety.dismantling",
    "performance.rated.lifetime.report",
)
_UNITS: Final = {
    "characteristics.physicalDimension.weight": "unit:kilogram",
    "characteristics.physicalDimension.length": "unit:millimetre",
    "characteristics.physicalDimension.width": "unit:millimetre",
    "characteristics.physicalDimension.height": "unit:millimetre",
}


def document(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The document, from what `view.facts` shows to the reader."""
    made: dict[str, Any] = {}
    told = facts["attributes"]
    for name, one in told.items():
        attribute = attributes()[name]
        value = _converted(attribute, one["value"])
        if attribute.catena_x and value is not None:
            paths.put(made, attribute.catena_x, value)
            if attribute.catena_x.startswith("performance.dynamic.") and attribute.catena_x.endswith(
                ".value"
            ):
                paths.put(made, attribute.catena_x.removesuffix("value") + "time", one["at"])
    _state_units(made)
    _power(made, told)
    _materials(made, told)
    _composition(made, told)
    _carbon_footprint(made, told)
    _identification(made, facts)
    _metadata(made, facts)
    _handling(made)
    _extinguishing(made, told)
    _empty_lists(made)
    return made


def _converted(attribute: Attribute, value: Any) -> Any:
    name = attribute.name
    if name in _BPN:
        return value if re.fullmatch(rf"{_BPN[name]}[a-zA-Z0-9]{{12}}", value) else None
    if name == "unique_identifier":
        return _urn(value)
    if name == "category":
        return _CATEGORY[value]
    if attribute.type == "url" and attribute.catena_x.endswith("[]"):
        return [_document(attribute.label, value)]
    if name == "part_numbers":
        parts = {part: one.catena_x for part, one in attribute.parts.items() if one.catena_x}
        return [{key: entry[part] for part, key in parts.items() if part in entry} for entry in value]
    if attribute.type in ("number", "signed", "share"):
        return float(value)
    return _STATUS.get(value, value) if name == "battery_status" else value


def _state_units(made: dict[str, Any]) -> None:
    for path, unit in _UNITS.items():
        if paths.holds(made, path):
            paths.put(made, f"{path}.unit", unit)
    if paths.holds(made, "characteristics.warranty"):
        paths.put(made, "characteristics.warranty.lifeUnit", "unit:month")


def _power(made: dict[str, Any], told: Mapping[str, Any]) -> None:
    for one in told.get("original_power", {}).get("value", ()):
        if float(one.get("at_soc_percent", "-1")) in (20, 80) and "power_w" in one:
            key = f"at{float(one['at_soc_percent']):.0f}SoC"
            paths.put(made, f"performance.rated.power.{key}", float(one["power_w"]))


def _materials(made: dict[str, Any], told: Mapping[str, Any]) -> None:
    """Recovered shares of active materials, from manufacturing waste and used batteries together; and what is
    hazardous by weight of the whole battery.
    """
    shares = {}
    for element, critical in _CRITICAL.items():
        names = [f"{element}_recycled_{when}_consumer_percent" for when in ("pre", "post")]
        if all(name in told for name in names):
            shares[element] = sum(float(told[name]["value"]) for name in names)
            entry = {"recycled": shares[element], "critical": critical, "location": "active materials"}
            paths.put(made, f"materials.active.{element}", entry | {"documentation": []})
    for metal in ("cadmium", "mercury", "lead"):
        if f"{metal}_ppm" in told:
            entry = made["materials"]["hazardous"][metal]
            entry |= {"materialUnit": "unit:partPerMillion", "critical": False, "location": "whole battery"}
            entry |= {"documentation": [], "impactOfSubstances": []}
    lead = made.get("materials", {}).get("hazardous", {}).get("lead")
    if lead is not None and "lead" in shares:
        lead["recycled"] = shares["lead"]
        made["materials"]["active"]["lead"] = dict(lead)


def _composition(made: dict[str, Any], told: Mapping[str, Any]) -> None:
    mass = told.get("mass_kg", {}).get("value")
    if "battery_materials" not in told or mass is None or float(mass) == 0:
        return
    made.setdefault("materials", {})["composition"] = [
        {
            "id": [{"id": one["cas_number"], "type": "CAS", "name": one["name"]}],
            "concentration": 100 * float(one["mass_kg"]) / float(mass),
            "unit": "unit:percent",
            "critical": one["critical"],
            "location": one["location"],
            "documentation": [],
            **{
                key: float(one[f"{key}_percent"])
                for key in ("recycled", "renewable")
                if f"{key}_percent" in one
            },
        }
        for one in told["battery_materials"]["value"]
        if {"name", "cas_number", "mass_kg", "location", "critical"} <= one.keys()
    ]


def _carbon_footprint(made: dict[str, Any], told: Mapping[str, Any]) -> None:
    if "carbon_footprint_kg_per_kwh" not in told:
        return
    study = told.get("carbon_footprint_study", {}).get("value")
    facility = made.get("operation", {}).get("manufacturer", {}).get("facility", [])
    entry = {
        "value": float(told["carbon_footprint_kg_per_kwh"]["value"]),
        "unit": "kg CO2 eq / kWh",
        "type": "Climate Change Total",
        "lifecycle": "all stages that were declared",
        "rulebook": [],
        "declaration": [_document("Study of the carbon footprint", study)] if study else [],
        "manufacturingPlant": facility,
    }
    if "carbon_footprint_class" in told:
        entry["performanceClass"] = told["carbon_footprint_class"]["value"]
    paths.put(made, "sustainability.carbonFootprint[]", [entry])


def _identification(made: dict[str, Any], facts: Mapping[str, Any]) -> None:
    """The mark on the battery is our QR code, which holds the id; codes are those that the reader may see."""
    paths.put(made, "identification.idDmc", facts["id"])
    carrier = {"carrierType": "QR", "carrierLayout": "on the label of the battery"}
    paths.put(made, "identification.identification.dataCarrier", carrier)
    codes = [{"key": one["scheme"], "value": one["value"]} for one in facts.get("names", ())]
    paths.put(made, "identification.identification.codes", codes)
    paths.put(made, "identification.identification.classification", [])


def _metadata(made: dict[str, Any], facts: Mapping[str, Any]) -> None:
    """A passport without a predecessor names the nil UUID, as the published sample does."""
    if facts["model_version"] is not None:
        paths.put(made, "metadata.version", str(facts["model_version"]))
    if "issued_at" in facts:
        paths.put(made, "metadata.issueDate", facts["issued_at"][:10])
        paths.put(made, "metadata.predecessor", _urn(facts["predecessor"] or "0" * 32))


def _handling(made: dict[str, Any]) -> None:
    parts = made.get("handling", {}).get("content", {})
    producer = made.get("operation", {}).get("manufacturer", {}).get("manufacturer")
    parts = {"sparePart": [], "producer": [{"id": producer}] if producer else []} | parts
    made["handling"] = {"applicable": bool(parts["sparePart"]), "content": parts}


def _extinguishing(made: dict[str, Any], told: Mapping[str, Any]) -> None:
    fire_class = told.get("fire_class", {}).get("value")
    if "extinguishing_agents" in told and fire_class is not None:
        agents = told["extinguishing_agents"]["value"]
        entries = [{"media": agent, "fireClass": fire_class} for agent in agents]
        paths.put(made, "safety.usableExtinguishAgent[]", entries)


def _empty_lists(made: dict[str, Any]) -> None:
    """Lists that the schema wants stay empty where the reader sees nothing of them."""
    for path in _LISTS:
        if not paths.holds(made, path):
            paths.put(made, path, [])


def _urn(battery: str) -> str:
    parts = (battery[:8], battery[8:12], battery[12:16], battery[16:20], battery[20:])
    return f"urn:uuid:{'-'.join(parts)}"


def _document(header: str, address: str) -> dict[str, str]:
    return {"content": address, "contentType": "URL", "header": header}
