"""Public reads of passports as JSON over HTTP: 10,000 distinct items, against a bare Starlette route that
gives the same bytes from memory. Reach: 0.6 of the floor.

    python benchmarks/public_read.py [ITEMS] [MODELS]

Both sites run under uvicorn with the same settings, each in a process of its own, one after the other and
again, and are asked by one client over connections that stay open. Counted is processor time of the serving
process for each answer, which what else runs on the machine hardly moves; answers a second by the clock stand
beside it. The pace that one address is held to is lifted for the run.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import socket
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROUNDS = 3
REACH = 0.6
PATHS = {"api": "/api/v1/passports/{}", "twin": "/b/{}.json"}


def model_of(number: int) -> dict[str, Any]:
    """A model that says every attribute, each with words of its own."""
    from kitaran.registry.passport.attributes import entered

    filled: dict[str, Any] = {"category": "ev", "chemistry": "LFP", "model_name": f"Pack {number}"}
    for name, one in entered("model", "static").items():
        if one.type == "text":
            filled.setdefault(name, f"{one.label} of model {number}"[:60])
        elif one.type in ("number", "share", "signed"):
            filled.setdefault(name, f"{number % 40 + 10}.5")
    for name in [name for name in filled if name.endswith(("_identifier", "_email"))]:
        del filled[name]
    return filled


def make(place: Path, items: int, models: int) -> list[str]:
    """A workspace with so many passports; their ids."""
    from kitaran.foundation.settings import read_settings
    from kitaran.foundation.workspace import Workspace
    from kitaran.registry.assembly import open_whole
    from kitaran.registry.passport import service

    workspace = Workspace.make(place)
    registry = open_whole(workspace, read_settings(workspace.settings_file))
    maker = registry.enrolment.add("Example Cells", ["producer"]).operator
    for number in range(models):
        service.register_model(registry.hand, maker, f"pack-{number}", model_of(number))
    rows = [{"model": f"pack-{n % models}", "serial_number": f"S-{n:06d}"} for n in range(items)]
    made = service.issue_batch(registry.hand, maker, rows).batteries
    registry.engine.dispose()
    return list(made)


def kitaran(place: Path) -> Any:
    from kitaran.api.pace import Pace
    from kitaran.foundation.workspace import Workspace
    from kitaran.web import create_app

    app = create_app(Workspace.make(place))
    app.state.registry.pace = Pace(per_second=1e9, at_once=1e9)
    return app


def bare(bodies: dict[str, bytes]) -> Any:
    """The floor: one route that gives bytes from memory."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def look_up(request: Request) -> Response:
        return Response(bodies[request.path_params["battery"]], media_type="application/json")

    return Starlette(
        routes=[Route("/api/v1/passports/{battery}", look_up), Route("/b/{battery}.json", look_up)]
    )


def serve(pipe: Connection, kind: str, given: Any) -> None:
    """Serve on a free port until told to stop; tell processor seconds whenever asked."""
    import threading

    import uvicorn

    app = kitaran(given) if kind == "kitaran" else bare(given)
    bound = socket.socket(proto=socket.IPPROTO_TCP)  # else asyncio leaves small packets waiting
    bound.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", server_header=False, lifespan="off"))
    threading.Thread(target=server.run, args=([bound],), daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    pipe.send(bound.getsockname()[1])
    while pipe.recv() == "time":
        pipe.send(time.process_time())
    os._exit(0)  # threads that sign the log in the background are of no use here


class Client:
    """Asks over one connection, an answer at a time."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._rest = b""

    def get(self, path: str) -> bytes:
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._socket.recv(1 << 16)
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise SystemExit(head.decode())
        size = next(
            int(one[15:]) for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")
        )
        while len(self._rest) < size:
            self._rest += self._socket.recv(1 << 16)
        body, self._rest = self._rest[:size], self._rest[size:]
        return body


def measured(kind: str, given: Any, form: str, ids: list[str]) -> tuple[float, float, dict[str, bytes]]:
    """Processor seconds of the server and seconds by the clock for one answer, and the answers."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, kind, given), daemon=True)
    process.start()
    client = Client(here.recv())
    bodies = {one: client.get(PATHS[form].format(one)) for one in ids}  # what is read once is kept
    here.send("time")
    before, clock = here.recv(), time.perf_counter()
    for one in ids:
        client.get(PATHS[form].format(one))
    taken = time.perf_counter() - clock
    here.send("time")
    busy = here.recv() - before
    here.send("stop")
    process.join(10)
    return busy / len(ids), taken / len(ids), bodies


def main(items: int = 10_000, models: int = 100) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "work"
        ids = make(place, items, models)
        for form in PATHS:
            bodies = measured("kitaran", place, form, ids)[2]
            ours, floor = [], []
            for _ in range(ROUNDS):
                floor.append(measured("bare", bodies, form, ids)[:2])
                ours.append(measured("kitaran", place, form, ids)[:2])
            (busy, taken), (least, bare_taken) = min(ours), min(floor)
            told = {
                "form": form,
                "items": items,
                "models": models,
                "bytes": len(next(iter(bodies.values()))),
                "processor_us": round(1e6 * busy, 1),
                "floor_processor_us": round(1e6 * least, 1),
                "of_floor": round(least / busy, 3),
                "by_the_clock_of_floor": round(bare_taken / taken, 3),
                "answers_per_second": round(1 / taken),
                "reach": REACH,
                "reached": least / busy >= REACH,
            }
            print(json.dumps(told))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
