"""The application identifiers of GS1: what each holds, and with which others it may stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kitaran.reference import read
from kitaran.registry.identity.character_sets import NAMES, stranger
from kitaran.registry.identity.content_checks import CHECKS

_COMPONENT = re.compile(r"(\[?)([NXYZ])(\.\.)?(\d+)\]?((?:,\w+)*)$")


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a value: type (N digits, X, Y, Z), longest length, whether shorter or absent may be,
    checks.
    """

    kind: str
    length: int
    variable: bool
    optional: bool
    checks: tuple[str, ...]

    def fault(self, text: str) -> str | None:
        """What is wrong with the text of this part, None if it is sound."""
        if not text or (not self.variable and len(text) < self.length):
            return f"the value ends too early: {self.length} characters belong here, there are {len(text)}"
        if bad := stranger(text, self.kind):
            return f"{bad!r} may not stand here; this part holds {NAMES[self.kind]}"
        return next((problem for name in self.checks if (problem := CHECKS[name](text))), None)


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """One application identifier.

    predefined_length : no separator follows its value in an element string
    link_attribute    : it may stand in the query of a GS1 Digital Link
    qualifiers        : alternatives of ordered qualifiers after it as primary key; None if it is no
                        primary key
    requires          : groups, of which each needs one of its choices; a choice is a set of patterns
    excludes          : patterns of others that may not stand beside it; `n` in a pattern is any digit
    """

    ai: str
    title: str
    predefined_length: bool
    link_attribute: bool
    components: tuple[Component, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None
    requires: tuple[tuple[frozenset[str], ...], ...]
    excludes: tuple[str, ...]

    @property
    def length(self) -> int:
        """Length of the value if it is fixed; the longest it may have otherwise."""
        return sum(component.length for component in self.components)

    def fault(self, value: str) -> str | None:
        """What is wrong with a value of this identifier, None if it is sound."""
        rest = value
        for component in self.components:
            if not rest and component.optional:
                return None
            part, rest = rest[: component.length], rest[component.length :]
            if problem := component.fault(part):
                return problem
        return f"{len(rest)} characters too many" if rest else None


def find(ai: str) -> ApplicationIdentifier | None:
    """The identifier of these digits, None if GS1 has none."""
    return _all().get(ai)


def starting(text: str) -> ApplicationIdentifier | None:
    """The identifier with which a text starts, None if none does."""
    return next((found for length in (2, 3, 4) if (found := find(text[:length]))), None)


def matches(ai: str, pattern: str) -> bool:
    """Whether an identifier is meant by a pattern such as 310n."""
    return len(ai) == len(pattern) and all(p in ("n", a) for a, p in zip(ai, pattern, strict=True))


@cache
def _all() -> dict[str, ApplicationIdentifier]:
    made = {}
    for row in read("gs1_application_identifiers").rows:
        first, last = str(row["first"]), str(row["last"])
        for number in range(int(first), int(last) + 1):
            ai = str(number).zfill(len(first))
            made[ai] = ApplicationIdentifier(
                ai=ai,
                title=str(row["title"] or ai),
                predefined_length=row["predefined_length"] == "yes",
                link_attribute=row["link_attribute"] == "yes",
                components=tuple(_component(word) for word in str(row["components"]).split()),
                qualifiers=_qualifiers(str(row["qualifiers"] or "")) if row["link_key"] == "yes" else None,
                requires=tuple(_choices(group) for group in str(row["requires"] or "").split()),
                excludes=tuple(part for part in re.split("[ ,]", str(row["excludes"] or "")) if part),
            )
    return made


def _component(word: str) -> Component:
    matched = _COMPONENT.match(word)
    if matched is None:
        raise ValueError(f"gs1_application_identifiers: {word} is no component")
    optional, kind, variable, length, checks = matched.groups()
    names = tuple(name for name in checks.split(",") if name)
    return Component(kind, int(length), bool(variable), bool(optional), names)


def _qualifiers(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(part for part in choice.split(",") if part) for choice in text.split("|"))


def _choices(group: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(choice.split("+")) for choice in group.split(","))
