"""Commands of `kitaran ledger` that sign the record and have an outsider cosign it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, say
from kitaran.foundation.errors import Fault, InputError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kitaran.foundation.workspace import Workspace
    from kitaran.registry.ledger.checkpoint import Signer
    from kitaran.registry.ledger.note import NoteKey


def add_to(app: typer.Typer) -> None:
    """Give the commands to the group `kitaran ledger`."""
    for command, example in (
        (checkpoint, "checkpoint --witness http://10.0.0.7:8475=witness.example+0a1b2c3d+BASE64"),
        (witness, "witness --name witness.example --key witness.pem --log-key KEY"),
    ):
        app.command(epilog=f"Example: kitaran ledger {example}")(command)


def opened(folder: Path | None) -> tuple[Engine, Workspace]:
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.settings import read_settings
    from kitaran.registry.store import open_registry

    place = workspaces.Workspace.open(folder or workspaces.DEFAULT)
    return open_registry(place, read_settings(place.settings_file)), place


def tell(content: dict[str, Any], words: str, as_json: bool) -> None:
    if as_json:
        print_json(content)
    else:
        print(words)


# -- sign


def checkpoint(
    origin: Annotated[
        str | None,
        typer.Option(help="Name of the log in its first checkpoint, such as registry.example/log."),
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="A witness to ask: ADDRESS=KEY; may be repeated.")
    ] = None,
    request: Annotated[
        Path | None, typer.Option(help="Write the request to a witness into this file, to carry by hand.")
    ] = None,
    old: Annotated[
        int, typer.Option(help="With --request: how many events the witness knows of this log.", min=0)
    ] = 0,
    cosignature: Annotated[
        Path | None, typer.Option(help="Keep the cosignature that a witness wrote into this file.")
    ] = None,
    witness_key: Annotated[
        str | None, typer.Option(help="With --cosignature: the key of that witness.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Sign everything that is recorded, and have witnesses cosign it. Prints the signed note."""
    from kitaran.foundation.database import reading
    from kitaran.registry.ledger import repository
    from kitaran.registry.ledger.witness_http import HttpWitness
    from kitaran.registry.store.opening import open_signer

    engine, place = opened(workspace)
    asked = [HttpWitness(*_address_and_key(one)) for one in witness or ()]
    signer = open_signer(engine, place, origin, asked)
    if cosignature is not None:
        _keep_cosignature(signer, cosignature, witness_key)
    note = signer.last.read() if cosignature is not None else signer.sign()
    if note is None:
        tell(
            {"log_key": str(signer.key), "size": 0},
            f"Nothing is recorded yet. Log key: {signer.key}",
            as_json,
        )
        return
    if request is not None:
        _write_request(signer, request, old)
    with reading(engine) as connection:
        lines = repository.cosignatures(connection, note.checkpoint.size)
    shown = str(note.witnessed(lines.values()))
    content = {"size": note.checkpoint.size, "root": note.checkpoint.root.hex(), "note": shown}
    tell({"log_key": str(signer.key), **content, "witnesses": list(lines)}, shown.rstrip("\n"), as_json)
    if not as_json:
        say(f"Log key: {signer.key}")
    for one in asked:
        if str(one.key) not in lines:
            say(f"Witness {one.key.name} did not answer; it is asked again at the next checkpoint.")


def _address_and_key(text: str) -> tuple[str, str]:
    address, _, key = text.partition("=")
    if not key or not address.startswith(("http://", "https://")):
        raise InputError(
            f"{text!r} is not ADDRESS=KEY.", "--witness", "Write http://HOST:PORT=NAME+KEYID+BASE64."
        )
    return address, key


def _write_request(signer: Signer, path: Path, old: int) -> None:
    from kitaran.foundation.disk import write_whole

    write_whole(path, signer.request(old).encode())
    say(f"Carry {path} to the witness; it answers with a line for --cosignature.")


def _keep_cosignature(signer: Signer, path: Path, key: str | None) -> None:
    from kitaran.registry.ledger.note import WITNESS, read_note_key

    if key is None:
        raise InputError(
            "The witness is not named.", "--witness-key", "Give NAME+KEYID+BASE64 of the witness."
        )
    signer.keep_cosignature(path.read_text("utf-8").strip(), read_note_key(key, WITNESS))


# -- witness


def witness(
    name: Annotated[str, typer.Option(help="Name of the witness, such as witness.example.")],
    key: Annotated[Path, typer.Option(help="Private key of the witness (PEM); made if it is not there.")],
    log_key: Annotated[list[str], typer.Option(help="Key of a log to watch; may be repeated.")],
    memory: Annotated[Path, typer.Option(help="Folder in which the witness remembers each log.")] = Path(
        "witness-memory"
    ),
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on; 0 takes a free one.", min=0, max=65535)] = 8475,
    request: Annotated[
        Path | None, typer.Option(help="Answer this request, carried by hand, instead of serving.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Be an outsider who remembers a log and cosigns only what follows. Run it in another house."""
    from kitaran.registry.ledger.witness import Witness, read_request

    who = Witness(name, _own_key(key), [_log(text) for text in log_key], memory)
    if request is not None:
        line = who.answer(read_request(request.read_text("utf-8")))
        tell({"witness_key": str(who.key), "cosignature": line}, line, as_json)
        return
    from kitaran.registry.ledger.witness_http import make_server

    with make_server(who, host, port) as server:
        address = f"http://{host}:{server.server_port}"
        words = f"Witness {name} answers at {address}\nWitness key: {who.key}\nStop with Ctrl+C."
        tell({"url": address, "witness_key": str(who.key)}, words, as_json)
        import sys

        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("The witness has stopped.")


def _own_key(path: Path) -> Any:
    from kitaran.registry.ledger.signature import make_key, read_private, write_private

    if not path.exists():
        write_private(make_key(), path)
    return read_private(path)


def _log(text: str) -> NoteKey:
    from kitaran.registry.ledger.note import LOG, read_note_key

    try:
        return read_note_key(text, LOG)
    except InputError as error:
        raise InputError(error.cause, faults=[Fault("--log-key", error.cause, error.remedy)]) from error
