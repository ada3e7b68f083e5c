"""Findings of the scenario's model in plain words: cause, remedy, and the entry that they are about."""

from __future__ import annotations

import difflib
import json
from typing import Any

from pydantic_core import ErrorDetails

from kitaran.planning.scenario.marked_yaml import Path
from kitaran.planning.scenario.model import Scenario

COMPARE = "Compare with docs/scenario-example.yaml."


def place_of(error: ErrorDetails) -> Path:
    """Keys and indices that lead to the entry a finding is about."""
    return tuple(part for part in error["loc"] if not _is_branch(part))


def of_another_branch(error: ErrorDetails) -> bool:
    """Whether a finding belongs to the reading of `economies` (the word, or a list) that was not meant."""
    is_list = isinstance(error.get("input"), list)
    return error["loc"][0] == "economies" and (
        is_list if error["type"] == "literal_error" else error["type"] == "tuple_type"
    )


def _is_branch(part: str | int) -> bool:
    """Parts of a location that name a branch of a union and not a place in the file."""
    return isinstance(part, str) and (
        part.startswith(("literal[", "tuple[", "constrained-")) or part == "tuple"
    )


def in_words(error: ErrorDetails) -> tuple[str, str]:
    """Cause and remedy of a finding."""
    path = place_of(error)
    field_name = _field_in_words(path)
    given, context = error.get("input"), error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(path)
            near = difflib.get_close_matches(str(path[-1]), known, 1)
            hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
            return f"The key {path[-1]!r} is not known.", hint
        case "missing":
            return f"The key {path[-1]!r} is missing.", f"Add it. {COMPARE}"
        case "literal_error" if path == ("economies",):
            return f"{given!r} is not possible for economies.", "Give all, or a list such as [THA, LAO]."
        case "literal_error":
            return (
                f"{given!r} is not possible for {field_name}.",
                f"Give {context.get('expected', 'another')}.",
            )
        case "greater_than_equal" | "greater_than" if isinstance(given, int | float) and given < 0:
            return f"{field_name} is negative: {given}.", "Give a number of zero or more."
        case "greater_than_equal" | "greater_than" | "less_than_equal":
            limit = next(iter(context.values()), "")
            side = "at most" if error["type"] == "less_than_equal" else "at least"
            return f"{field_name} is {given}, which is out of range.", f"Give {side} {limit}."
        case "int_parsing" | "int_type" | "int_from_float" | "float_parsing" | "float_type" | "finite_number":
            kind = "whole number" if error["type"].startswith("int") else "number"
            return f"{field_name} is {repr(given)[:40]}, which is no {kind}.", f"Give a {kind}."
        case "string_pattern_mismatch" if path and path[-1] == "name":
            return (
                f"The name {given!r} has other signs than a-z, 0-9 and hyphens.",
                "Change it, for example my-plan.",
            )
        case "string_pattern_mismatch":
            return (
                f"{given!r} is no economy code.",
                "Give an ISO 3166 alpha-3 code in capitals, for example THA.",
            )
        case "tuple_type":
            return f"{field_name} is no list.", f"Begin each entry with a dash. {COMPARE}"
        case "value_error":
            return (
                f"{field_name}: {error['msg'].removeprefix('Value error, ')}.",
                "Change the value or its unit.",
            )
    return f"{field_name}: {error['msg'][:1].lower()}{error['msg'][1:]}.", COMPARE


def _field_in_words(path: Path) -> str:
    """`value` of the first entry of lives: "value (lives, entry 1)"."""
    if not path:
        return "the file"
    if len(path) > 2 and isinstance(path[1], int):
        return f"{path[-1]} ({path[0]}, entry {path[1] + 1})"
    return str(path[0])


def _known_keys(path: Path) -> list[str]:
    """Keys that are possible beside the last of a path."""
    top = Scenario.model_json_schema()
    properties: dict[str, Any] = top["properties"]
    if len(path) >= 3:
        items = json.dumps(properties.get(str(path[0]), {}))
        for name, definition in top.get("$defs", {}).items():
            if f"/{name}" in items:
                properties = definition["properties"]
    return list(properties)
