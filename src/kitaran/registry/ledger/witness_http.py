"""A witness over HTTP: POST /add-checkpoint, as C2SP's tlog-witness says, and the log's side of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from kitaran.foundation.errors import InputError, KitaranError, NotFoundError
from kitaran.registry.ledger.errors import HaltedError, NotAllowedError
from kitaran.registry.ledger.note import WITNESS, Note, read_note_key
from kitaran.registry.ledger.witness import BehindError, InconsistentError, Request, Witness, read_request

PATH: Final = "/add-checkpoint"
WAIT_S: Final = 10.0
_MOST_BYTES: Final = 64_000
_SIZE: Final = re.compile(r"(0|[1-9][0-9]{0,18})\n?", re.ASCII)
_STATUS: Final[dict[type[KitaranError], int]] = {
    NotFoundError: 404,
    NotAllowedError: 403,
    InconsistentError: 422,
    InputError: 400,
}


def make_server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server that answers for the witness once `serve_forever` is called. Port 0 takes a free one."""

    class Handler(BaseHTTPRequestHandler):
        timeout = WAIT_S

        def do_POST(self) -> None:
            if self.path != PATH:
                self._send(404, "There is only /add-checkpoint here.\n")
                return
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > _MOST_BYTES:
                self._send(400, "Send a request of C2SP's tlog-witness.\n")
                return
            self._send(*_answer(witness, self.rfile.read(int(length))))

        def _send(self, status: int, text: str, kind: str = "text/plain; charset=utf-8") -> None:
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing: what is cosigned stands in the witness's memory."""

    return ThreadingHTTPServer((host, port), Handler)


def _answer(witness: Witness, content: bytes) -> tuple[int, str] | tuple[int, str, str]:
    try:
        return 200, witness.answer(read_request(content.decode())) + "\n"
    except UnicodeDecodeError:
        return 400, "A request is text in UTF-8.\n"
    except BehindError as error:
        return 409, f"{error.size}\n", "text/x.tlog.size"
    except KitaranError as error:
        return _STATUS.get(type(error), 500), f"{error}\n"


class HttpWitness:
    """A witness reached over HTTP, as the log sees it. key : its verifier key, NAME+KEYID+BASE64"""

    def __init__(self, address: str, key: str) -> None:
        self._url = address.rstrip("/") + PATH
        self.key = read_note_key(key, WITNESS)
        self._known = 0

    def cosign(self, note: Note, proof: Callable[[int], list[bytes]]) -> str | None:
        """See checkpoint.Outsider. A line that is not this witness's good signature is as no line."""
        status, text = self._ask(note, proof)
        if status == 409 and _SIZE.fullmatch(text):
            self._known = int(text)
            if self._known > note.checkpoint.size:
                raise HaltedError(
                    f"It knows this log with {self._known} events; here are {note.checkpoint.size}.",
                    self.key.name,
                    "This is an old copy: restore the newest backup.",
                )
            status, text = self._ask(note, proof)
        if status == 422 or (status == 409 and text.strip() == str(self._known)):
            raise HaltedError("It knows another history of this log.", self.key.name, text.strip())
        line = text.rstrip("\n")
        if status != 200 or not Note(note.checkpoint, (line,)).signed_by(self.key):
            return None
        self._known = note.checkpoint.size
        return line

    def _ask(self, note: Note, proof: Callable[[int], list[bytes]]) -> tuple[int, str]:
        path = () if self._known == 0 else tuple(proof(self._known))
        content = str(Request(self._known, path, note)).encode()
        request = HttpRequest(
            self._url, content, {"Content-Type": "text/plain; charset=utf-8"}, method="POST"
        )
        try:
            with urlopen(request, timeout=WAIT_S) as answer:
                return answer.status, answer.read(_MOST_BYTES).decode(errors="replace")
        except HTTPError as refusal:
            return refusal.code, refusal.read(_MOST_BYTES).decode(errors="replace")
        except (URLError, HTTPException, OSError):
            return 0, ""


def read_witnesses(text: str | None) -> list[HttpWitness]:
    """The witnesses of the setting `witnesses`: ADDRESS=KEY, with a blank between two.

    Raises InputError if a key is none.
    """
    pairs = (one.partition("=") for one in (text or "").split())
    return [HttpWitness(address, key) for address, _, key in pairs]
