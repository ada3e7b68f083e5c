"""The required members of a published schema, as paths such as `a.b[].c`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def required_members(schema: Mapping[str, Any]) -> Iterator[str]:
    """Paths of required members, in the order of the schema. No schema here contains itself."""
    yield from _below(schema, schema, "")


def _below(root: Mapping[str, Any], schema: Mapping[str, Any], path: str) -> Iterator[str]:
    for one in (schema, *schema.get("allOf", ())):
        node = _resolved(root, one)
        if node is not one:
            yield from _below(root, node, path)
            continue
        for name, value in node.get("properties", {}).items():
            here = f"{path}.{name}" if path else name
            if name in node.get("required", ()):
                yield here
            yield from _below(root, value, here)
        if "items" in node:
            yield from _below(root, node["items"], f"{path}[]")


def _resolved(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    node: Any = root
    for step in schema["$ref"].removeprefix("#/").split("/"):
        node = node[step]
    return node  # type: ignore[no-any-return]
