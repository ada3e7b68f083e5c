"""The body of a request up to a number of bytes: counted as it comes in, whatever its headers promise."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import Message

from kitaran.api.events import TooLargeError


def capped(request: Request, most: int) -> Request:
    """The request, of whose body no more is taken in than so many bytes; a form of it is read in pieces.

    Raises TooLargeError at once if its header promises more, else as soon as more has come.
    """
    promised = request.headers.get("content-length", "")
    if promised.isascii() and promised.isdigit() and int(promised[:18]) > most:
        raise _too_large(most)
    size = 0

    async def receive() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > most:
            raise _too_large(most)
        return message

    return Request(request.scope, receive)


async def body(request: Request, most: int) -> bytes:
    """The whole body. Raises TooLargeError as `capped` does."""
    content = bytearray()
    async for part in capped(request, most).stream():
        content += part
    return bytes(content)


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(f"The file has more than {most} bytes.", "body", "Send a smaller one.")
