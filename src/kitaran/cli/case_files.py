"""Files of a case or of an act that a command names: YAML or JSON, or standard input."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

_REMEDY: Final = "Give a YAML or JSON file."


def name_of(path: Path) -> str:
    """How the file is named in faults."""
    return "stdin" if str(path) == "-" else path.name


def content_of(path: Path, aliases: bool = False) -> Any:
    """What the file says; - is standard input. Raises InputError if it cannot be read.

    aliases : whether one place of it may refer to another
    """
    from kitaran.foundation.errors import InputError
    from kitaran.foundation.given_files import text_of
    from kitaran.law.case_file import parse_case

    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig") if str(path) == "-" else text_of(path, _REMEDY)
    except UnicodeDecodeError:
        raise InputError("This is not text in UTF-8.", "stdin", _REMEDY) from None
    return parse_case(text, name_of(path), aliases=aliases)


def fields_of(path: Path) -> dict[str, Any]:
    """What an event is to say, as events hold it. Raises InputError if the file cannot be read."""
    from kitaran.foundation.errors import InputError

    found = _plain(content_of(path))
    if not isinstance(found, dict):
        raise InputError("The file holds no mapping.", str(path), "Write one field on each line.")
    return found


def _plain(value: Any) -> Any:
    """What YAML gave, as an event holds it: days as text, figures as decimal text."""
    from kitaran.registry.parties.entering import figure, plain

    if isinstance(value, dict):
        return {str(name): _plain(figure(str(name), one)) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return plain(value)
