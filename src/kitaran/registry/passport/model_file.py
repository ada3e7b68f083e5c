"""The file of a battery model: YAML or JSON with `model`, `operator` and `attributes`."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kitaran.foundation.disk import explain
from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.passport.attributes import Attribute, entered
from kitaran.registry.passport.values import faults

_NUMBERS = ("number", "signed", "share")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model as a file describes it. operator : None if the file names none"""

    model: str
    operator: str | None
    attributes: dict[str, Any]


def read(path: Path) -> ModelFile:
    """Read and check the file. Raises InputError naming each attribute that is wrong."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise explain(error, path) from error
    read = read_text(content, str(path))
    told, known = read.attributes, entered("model", "static")
    missing = [name for name in ("category", "chemistry", "model_name") if name not in told]
    wrong = [*faults(told, known), *(Fault(name, "It is missing.", "Give it.") for name in missing)]
    if wrong:
        raise InputError("The model cannot be registered.", faults=wrong)
    return read


def read_text(content: bytes, place: str) -> ModelFile:
    """What a file says, its values not yet checked. Raises InputError if it is no file of a model."""
    try:
        text = content.decode("utf-8")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            cause = "The file refers to itself (*name), and may unfold by that without end."
            raise InputError(cause, place, "Write each value where it stands.")
        given = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        cause = f"The file cannot be read: {str(error).splitlines()[0]}."
        raise InputError(cause, place, "Write it as YAML or JSON in UTF-8.") from None
    if not isinstance(given, dict) or not isinstance(given.get("attributes"), dict) or "model" not in given:
        raise InputError("It is no model.", place, "Write model, operator and attributes.")
    if unknown := sorted(str(name) for name in given.keys() - {"model", "operator", "attributes"}):
        raise InputError(f"There is no field {unknown[0]}.", place, "Put it under attributes.")
    known = entered("model", "static")
    told = {str(name): _value(known.get(str(name)), one) for name, one in given["attributes"].items()}
    operator = given.get("operator")
    return ModelFile(str(given["model"]), None if operator is None else str(operator), told)


def _value(attribute: Attribute | None, given: Any) -> Any:
    """A value as events hold it: numbers as decimal strings, days and texts as text."""
    if attribute is not None and attribute.type == "list" and isinstance(given, list):
        return [_entry(attribute.parts, one) for one in given]
    if attribute is not None and attribute.type in _NUMBERS and type(given) in (int, float):
        return f"{given:.9f}".rstrip("0").rstrip(".") if isinstance(given, float) else str(given)
    if isinstance(given, date):
        return given.isoformat()
    if attribute is not None and attribute.type == "text" and type(given) in (int, float):
        return str(given)
    if isinstance(given, list):
        return [_value(None, one) for one in given]
    return unicodedata.normalize("NFC", given) if isinstance(given, str) else given


def _entry(parts: Mapping[str, Attribute], given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    return {str(name): _value(parts.get(str(name)), value) for name, value in given.items()}
