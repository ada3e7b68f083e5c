"""Conditions of rules in three-valued logic: true, false, or None for unknown (Kleene).

A condition is a mapping of names to what they must be; all must hold. `any`, `all` and `not` nest.

    {purpose: recycling}                      the fact equals the value
    {item.kind: [module, cell]}               the fact is one of the values
    {item.soc_pct: {over: 30}}                numbers: over, at_least, under, at_most
    {any: [{...}, {...}], not: {...}}         nested conditions

A name whose value is None makes its part unknown; false wins over unknown in `and`, true in `or`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Truth = bool | None
Lookup = Callable[[str], Any]
Condition = Callable[[Lookup], Truth]

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "over": lambda value, limit: value > limit,
    "at_least": lambda value, limit: value >= limit,
    "under": lambda value, limit: value < limit,
    "at_most": lambda value, limit: value <= limit,
}


def both(truths: Iterable[Truth]) -> Truth:
    """Kleene and: false if any is false, else unknown if any is unknown."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def either(truths: Iterable[Truth]) -> Truth:
    """Kleene or: true if any is true, else unknown if any is unknown."""
    result: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is None:
            result = None
    return result


def negation(truth: Truth) -> Truth:
    """Kleene not: unknown stays unknown."""
    return None if truth is None else not truth


def names_in(node: Mapping[str, Any]) -> frozenset[str]:
    """The names that a condition asks for."""
    found: set[str] = set()
    for key, value in node.items():
        if key in ("any", "all"):
            found.update(*(names_in(part) for part in value))
        elif key == "not":
            found |= names_in(value)
        else:
            found.add(key)
    return frozenset(found)


def compiled(node: Mapping[str, Any]) -> Condition:
    """A function of a lookup for a condition. Raises ValueError if the condition cannot be read."""
    parts = tuple(_part(key, value) for key, value in node.items())
    if len(parts) == 1:
        return parts[0]

    def conjunction(lookup: Lookup) -> Truth:
        result: Truth = True
        for part in parts:
            truth = part(lookup)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    return conjunction


def _part(key: str, value: Any) -> Condition:
    if key == "not":
        inner = compiled(value)
        return lambda lookup: negation(inner(lookup))
    if key in ("any", "all"):
        inners = tuple(compiled(part) for part in value)
        join = either if key == "any" else both
        return lambda lookup: join(inner(lookup) for inner in inners)
    if isinstance(value, Mapping):
        return _comparison(key, value)
    return _membership(key, value)


def _comparison(name: str, limits: Mapping[str, Any]) -> Condition:
    unknown = set(limits) - set(_COMPARISONS)
    if unknown or not limits:
        raise ValueError(f"condition on {name}: {sorted(unknown) or 'no comparison'}")
    tests = tuple((_COMPARISONS[word], float(limit)) for word, limit in limits.items())

    def compare(lookup: Lookup) -> Truth:
        value = lookup(name)
        return None if value is None else all(test(value, limit) for test, limit in tests)

    return compare


def _membership(name: str, wanted: Any) -> Condition:
    if isinstance(wanted, list):
        values = frozenset(wanted)

        def is_one_of(lookup: Lookup) -> Truth:
            value = lookup(name)
            return None if value is None else value in values

        return is_one_of

    def equals(lookup: Lookup) -> Truth:
        value = lookup(name)
        return None if value is None else bool(value == wanted)

    return equals
