"""Canonical JSON: one value, one sequence of bytes.

The subset of JSON in which orjson with sorted keys gives the bytes of RFC 8785 (JCS): ASCII keys, no floats,
integers within 2^53-1, strings in Unicode normal form C without lone surrogates. Quantities are decimal
strings with a unit; times are strings in UTC with milliseconds, where a schema says that a string is a time.
"""

from __future__ import annotations

from typing import Any, Final
from unicodedata import is_normalized

import orjson

from kitaran.foundation.errors import InputError

LARGEST_INTEGER: Final = 2**53 - 1
DEEPEST: Final = 200
"""Levels of arrays and objects in one value."""


def encode(value: Any) -> bytes:
    """The canonical bytes of `value`: None, bool, int, str, and lists and dicts of these.

    Raises InputError naming the path of the first value that is outside the subset, `$.payload.rows[3]`.
    """
    wrong = _wrong(value, 0)
    if wrong is not None:
        path, cause, remedy = wrong
        raise InputError(cause, "$" + path, remedy)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def decode(content: bytes) -> Any:
    """The value whose canonical bytes are `content`. Raises InputError if they are not canonical."""
    value = loads(content)
    if encode(value) != content:
        raise InputError(
            "This JSON is not canonical: keys are not sorted, a key stands twice, or it holds spaces.",
            "$",
            "Write it with sorted keys and without spaces, as RFC 8785 says.",
        )
    return value


def loads(content: bytes | str) -> Any:
    """The value of a JSON text of any form. Raises InputError if it is not JSON."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InputError(f"This is not JSON: {error}.", "$", "Send one JSON value in UTF-8.") from error


_Wrong = tuple[str, str, str]


def _wrong(value: Any, depth: int) -> _Wrong | None:
    """Path, cause and remedy of the first thing outside the subset. Types are exact: a subclass may lie."""
    kind = type(value)
    if kind is str:
        return _wrong_text(value)
    if kind is dict:
        return _wrong_depth(depth) or _wrong_object(value, depth)
    if kind is list:
        return _wrong_depth(depth) or _wrong_array(value, depth)
    if kind is bool or value is None:
        return None
    if kind is int:
        return _wrong_integer(value)
    return _wrong_type(kind)


def _wrong_object(value: dict[Any, Any], depth: int) -> _Wrong | None:
    for key, member in value.items():
        if type(key) is not str or not key.isascii():
            return _step(key), f"The key {key!r} is not an ASCII string.", "Use ASCII letters for keys."
        if type(member) is str and member.isascii():
            continue  # most values are; a call for each would be half of the time
        wrong = _wrong(member, depth + 1)
        if wrong is not None:
            return _step(key) + wrong[0], wrong[1], wrong[2]
    return None


def _wrong_array(value: list[Any], depth: int) -> _Wrong | None:
    for index, member in enumerate(value):
        wrong = _wrong(member, depth + 1)
        if wrong is not None:
            return f"[{index}]{wrong[0]}", wrong[1], wrong[2]
    return None


def _wrong_text(value: str) -> _Wrong | None:
    if value.isascii():
        return None
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        return "", "The string holds half of a surrogate pair.", "Send whole characters."
    if not is_normalized("NFC", value):
        return (
            "",
            f"The string {_short(value)} is not in Unicode normal form C.",
            "Normalise it (NFC) before signing.",
        )
    return None


def _wrong_integer(value: int) -> _Wrong | None:
    if -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        return None
    return "", "The integer is beyond 2^53-1.", "Send it as a decimal string."


def _wrong_type(kind: type) -> _Wrong:
    if kind is float:
        return "", "A number with a fraction has no one form.", "Send a decimal string with its unit."
    return "", f"A value of type {kind.__name__} has no canonical form.", "Use JSON types only."


def _wrong_depth(depth: int) -> _Wrong | None:
    if depth < DEEPEST:
        return None
    return "", f"Arrays and objects stand more than {DEEPEST} deep in each other.", "Flatten the value."


def _step(key: Any) -> str:
    return f".{key}" if isinstance(key, str) and key.isascii() and key.isidentifier() else f"[{key!r}]"


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:39] + "…")
