"""A YAML tree as plain data, with the line of every entry; what cannot be read so is told or refused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from kitaran.foundation.errors import Fault

Path = tuple[str | int, ...]
"""Keys and indices that lead to an entry."""

_MOST_VALUES = 50_000
_DEEPEST = 20
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class TooMuchError(Exception):
    """A file that unfolds beyond all measure."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.cause)
        self.fault = fault


@dataclass
class Marked:
    """Plain data of a YAML tree, with the line of every entry."""

    place: str
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _loader: yaml.SafeLoader = field(default_factory=lambda: yaml.SafeLoader(""))
    _values: int = 0

    def read(self, node: yaml.Node, path: Path) -> Any:
        """Raises TooMuchError where aliases or nesting unfold beyond what a scenario can hold."""
        line = node.start_mark.line + 1
        self._values += 1
        if self._values > _MOST_VALUES or len(path) > _DEEPEST:
            cause = "Entries repeat one another or are nested beyond what a scenario can hold."
            raise TooMuchError(Fault(f"{self.place}:{line}", cause, "Write them out, without & and *."))
        self.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        """The value of a scalar. A number that YAML reads otherwise than a person does (1:30 as 90, 010 as 8)
        stays text."""
        if node.tag in _NUMBERS:
            try:
                plain = float(node.value)
            except ValueError:
                plain = math.nan
            if not math.isfinite(plain) or self._loader.construct_object(node) != plain:
                return node.value
        try:
            return self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError):
            return node.value

    def _entries(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                self.faults.append(
                    Fault(f"{self.place}:{line}", f"The key {key!r} stands twice.", "Keep one.")
                )
            seen.add(key)
            self.lines[(*path, key)] = line
            yield key, self.read(value_node, (*path, key))

    def line(self, path: Path) -> int:
        """Line of an entry, or of the nearest entry around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, path: Path, cause: str, remedy: str) -> Fault:
        """A fault with the line of an entry."""
        return Fault(f"{self.place}:{self.line(path)}", cause, remedy)
