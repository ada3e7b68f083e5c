"""How the OpenAPI description tells of errors: problem details (RFC 9457) with what to do about them."""

from __future__ import annotations

from typing import Any, Final

_TEXT: Final = {"type": "string"}
FAULT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["place", "cause", "remedy"],
    "properties": {"place": _TEXT, "cause": _TEXT, "remedy": _TEXT},
}
PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
        "faults": {"type": "array", "items": FAULT},
    },
}
_CONTENT: Final = {"application/problem+json": {"schema": PROBLEM}}
RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "What cannot be done, and what to do about it.", "content": _CONTENT},
    "5XX": {"description": "The server cannot do it now.", "content": _CONTENT},
}
"""Errors of every route."""
