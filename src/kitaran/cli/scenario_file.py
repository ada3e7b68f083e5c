"""A new scenario file: what it says, and beneath, as comments, all that it could say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kitaran.foundation.disk import explain, write_whole
from kitaran.foundation.errors import InputError

if TYPE_CHECKING:
    from kitaran.planning.scenario import Scenario

Schema = Mapping[str, Any]
_WIDTH = 60


def write_new(file: Path, name: str, like: Scenario, schema: Schema) -> None:
    """Raises InputError if the file exists or the name cannot be one, WorkspaceError if it cannot stand."""
    if not re.fullmatch(schema["properties"]["name"]["pattern"], name):
        raise InputError(f"{name!r} cannot be a name.", "NAME", "Use a-z, 0-9 and hyphens.")
    if file.exists():
        raise InputError("This file exists already.", str(file), "Name another with --out.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(error, file.parent) from error
    write_whole(file, text_of(name, like, schema).encode())


def text_of(name: str, like: Scenario, schema: Schema) -> str:
    """YAML of `like` under another name, each key under its meaning; absent keys as comments."""
    import yaml

    said = {**like.model_dump(mode="json", exclude_defaults=True), "name": name}
    lines = [
        f"# A scenario like {like.name}. Check it: kitaran scenario check FILE. Lines with # are not read."
    ]
    for key, meaning in schema["properties"].items():
        lines += ["", f"# {key}: {meaning.get('description', '')}"]
        if key in said:
            lines += yaml.safe_dump(
                {key: said[key]}, sort_keys=False, allow_unicode=True, width=100
            ).splitlines()
        else:
            lines += [f"# {line}" for line in _possible(key, meaning, schema)]
    return "\n".join(lines) + "\n"


def _possible(key: str, meaning: Schema, schema: Schema) -> Iterator[str]:
    """How an absent key would be written: an entry with every field and what it takes."""
    entry = _definition(meaning, schema)
    if entry is None:
        yield f"{key}: {_values(meaning, schema)}"
        return
    yield f"{key}:"
    for index, (name, field) in enumerate(entry["properties"].items()):
        optional = "" if name in entry.get("required", ()) else " Optional."
        start = f"{'  - ' if index == 0 else '    '}{name}: {_values(field, schema)}"
        yield f"{start:{_WIDTH}}  # {field.get('description', '')}{optional}"


def _definition(meaning: Schema, schema: Schema) -> Schema | None:
    reference = meaning.get("items", {}).get("$ref")
    found: Schema | None = schema["$defs"][reference.rpartition("/")[2]] if reference else None
    return found


def _values(meaning: Schema, schema: Schema) -> str:
    """What a field takes: its words, or its kind."""
    if "enum" in meaning:
        return " | ".join(map(str, meaning["enum"]))
    if "const" in meaning:
        return str(meaning["const"])
    if "anyOf" in meaning:
        return " | ".join(_values(one, schema) for one in meaning["anyOf"] if one.get("type") != "null")
    if meaning.get("type") == "array":
        return f"[{_values(meaning.get('items', {}), schema)}]"
    return "THA" if meaning.get("pattern") == "^[A-Z]{3}$" else str(meaning.get("type", "text"))
