"""`kitaran up --check`: the site asks itself for every page, its JSON twin and the files that pages load."""

from __future__ import annotations

import html
import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kitaran.cli.site.serving import free_socket, server, site
from kitaran.foundation.errors import WorkspaceError
from kitaran.foundation.workspace import Workspace
from kitaran.registry.demonstration.place import Demonstration

_PAGE_WITHIN_S = 30.0
_ALL_WITHIN_S = 600.0
_START_WITHIN_S = 30.0
_LOADED = re.compile(rb"""<(?:link|script|img)\b[^>]*?\b(?:href|src)=["'](/[^"'#]*)""")


@dataclass(frozen=True)
class Answer:
    """What came back. problem : what is wrong with it, empty if nothing."""

    path: str
    status: int
    ms: int
    size: int
    problem: str

    def as_dict(self) -> dict[str, str | int]:
        return {
            "path": self.path,
            "status": self.status,
            "ms": self.ms,
            "bytes": self.size,
            "problem": self.problem,
        }

    def __str__(self) -> str:
        mark = "FAIL" if self.problem else "ok"
        return (
            f"{mark:4} {self.status:3} {self.ms:6} ms {self.size:9} B  {self.path}  {self.problem}".rstrip()
        )


def check_site(
    workspace: Workspace, tell: Callable[[str], None] | None, invented: Demonstration | None = None
) -> list[Answer]:
    """Serve the workspace on a free port of its own and request all of it; `tell` gets a line for each."""
    from kitaran.web import page_paths, twin_path

    deadline = time.monotonic() + _ALL_WITHIN_S
    answers: list[Answer] = []
    files: dict[str, None] = {}
    with _running(workspace, invented) as port:

        def ask(path: str) -> bytes:
            answer, body = _ask(port, path) if time.monotonic() < deadline else (_too_late(path), b"")
            answers.append(answer)
            if tell is not None:
                tell(str(answer))
            return body

        for path in page_paths(workspace):
            files.update(dict.fromkeys(_files_loaded(ask(path))))
            ask(twin_path(path))
        for path in sorted(files.keys() - {answer.path for answer in answers}):
            ask(path)
    return answers


def _files_loaded(page: bytes) -> Iterator[str]:
    for found in _LOADED.findall(page):
        yield html.unescape(found.decode())


def _ask(port: int, path: str) -> tuple[Answer, bytes]:
    """One request, judged: status 200, JSON that parses where JSON is promised, a heading on each page."""
    began = time.monotonic()
    status, body, kind = 0, b"", ""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PAGE_WITHIN_S)
        connection.request("GET", path)
        response = connection.getresponse()
        status, kind, body = response.status, response.headers.get_content_type(), response.read()
        connection.close()
        problem = _problem(path, status, kind, body)
    except (OSError, http.client.HTTPException) as error:
        problem = f"no answer: {error}"
    return Answer(path, status, round(1000 * (time.monotonic() - began)), len(body), problem), body


def _problem(path: str, status: int, kind: str, body: bytes) -> str:
    if status != 200:
        return f"status {status}, expected 200"
    if path.partition("?")[0].endswith(".json"):
        return _problem_of_json(body)
    if not body:
        return "an empty answer"
    if kind == "text/html" and b"<h1" not in body:
        return "a page without a heading"
    return ""


def _problem_of_json(body: bytes) -> str:
    try:
        json.loads(body)
    except ValueError as error:
        return f"not JSON: {error}"
    return ""


def _too_late(path: str) -> Answer:
    return Answer(path, 0, 0, 0, f"not asked: the check took longer than {_ALL_WITHIN_S:.0f} s")


@contextmanager
def _running(workspace: Workspace, invented: Demonstration | None) -> Iterator[int]:
    """The server in a thread of its own; yields its port and stops it afterwards."""
    bound, _ = free_socket("127.0.0.1", 0)
    started = threading.Event()
    running = server(site(workspace, invented=invented), started.set)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [bound]}, name="server", daemon=True)
    thread.start()
    try:
        if not started.wait(_START_WITHIN_S):
            raise WorkspaceError("The server did not start.", str(workspace.root), "Run `kitaran doctor`.")
        yield int(bound.getsockname()[1])
    finally:
        running.should_exit = True
        thread.join(_START_WITHIN_S)
        bound.close()
