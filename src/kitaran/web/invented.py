"""A server that shows a demonstration says so: on each page, in each JSON twin, in a header of each answer.

The twin gets a first member `demonstration`. What a program verifies or validates (evidence, exports, answers
of the API) keeps its bytes and has the header.
"""

from __future__ import annotations

from typing import Final

import orjson
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "Kitaran-Demonstration"
WORDS: Final = (
    "The registry here is a demonstration: its organisations, batteries and events are invented. "
    "Forecasts and figures of the plan are not."
)
_MEMBER: Final = b'"demonstration": ' + orjson.dumps(WORDS)


class Invented:
    """Wraps the application whole, and only where a demonstration is served."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        unpacked = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        answer = _Answer(send, _is_twin(scope["path"]))
        await self._app({**scope, "headers": unpacked}, receive, answer.send)


class _Answer:
    """One answer on its way: its start waits for its body if that is a twin."""

    def __init__(self, send: Send, twin: bool) -> None:
        self._send = send
        self._twin = twin
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers[HEADER] = "invented"
            plain = headers.get("content-type", "").startswith("application/json")
            if self._twin and plain and "content-disposition" not in headers:
                self._start = message
                return
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body", False):
                return
            message = await self._labelled(self._start)
        await self._send(message)

    async def _labelled(self, start: Message) -> Message:
        body = self._body
        if body.startswith(b"{"):
            rest = body[1:]
            comma = b"" if rest.lstrip().startswith(b"}") else b","
            body = b"{" + _MEMBER + comma + rest
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(body))
        await self._send(start)
        return {"type": "http.response.body", "body": body}


def _is_twin(path: str) -> bool:
    return path.endswith(".json") and not path.startswith(("/api/", "/static/"))
