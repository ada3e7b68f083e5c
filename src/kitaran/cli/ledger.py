"""`kitaran ledger`: sign, witness, bundle and verify the record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kitaran.cli.output import AsJson, WorkspaceOption, print_json, say, shown_progress
from kitaran.foundation.errors import EvidenceError, Fault, InputError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kitaran.foundation.workspace import Workspace
    from kitaran.registry.ledger.checkpoint import Signer
    from kitaran.registry.ledger.note import NoteKey

app = typer.Typer(no_args_is_help=True, help="The record of events: sign, witness, bundle, verify.")

LogKey = Annotated[
    str | None, typer.Option("--log-key", help="The log's key, as its operator told you: NAME+KEYID+BASE64.")
]
WitnessKeys = Annotated[
    list[str] | None,
    typer.Option("--witness-key", help="A witness that must have cosigned; may be repeated."),
]


def _open(folder: Path | None) -> tuple[Engine, Workspace]:
    from kitaran.foundation import workspace as workspaces
    from kitaran.foundation.settings import read_settings
    from kitaran.registry.store import open_registry

    place = workspaces.Workspace.open(folder or workspaces.DEFAULT)
    return open_registry(place, read_settings(place.settings_file)), place


# -- verify


@app.command(epilog="Example: kitaran ledger verify --bundle pack-1.json")
def verify(
    bundle: Annotated[
        Path | None, typer.Option(help="An evidence bundle; needs no workspace and no database.")
    ] = None,
    log_key: LogKey = None,
    witness_key: WitnessKeys = None,
    signatures: Annotated[
        bool, typer.Option("--signatures/--no-signatures", help="Also check the signature of each event.")
    ] = True,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Verify a bundle, or the whole log of a workspace. Exit 0 intact; 3 broken, naming each event."""
    if bundle is not None:
        _verify_bundle(bundle, log_key, witness_key, as_json)
    else:
        _verify_workspace(workspace, log_key, signatures, as_json)


def _verify_bundle(path: Path, log_key: str | None, witness_keys: list[str] | None, as_json: bool) -> None:
    from kitaran.registry.ledger import verifier

    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"The bundle cannot be read: {error.strerror}.", str(path), "Name its file."
        ) from error
    finding = verifier.verify(content, log_key, witness_keys)
    shown = finding._asdict() | {"problems": [problem._asdict() for problem in finding.problems]}
    _tell({"intact": not finding.problems, **shown}, verifier.describe(finding), as_json)
    if finding.problems:
        raise typer.Exit(EvidenceError.exit_code)


def _verify_workspace(folder: Path | None, log_key: str | None, signatures: bool, as_json: bool) -> None:
    from kitaran.registry.ledger.note import LOG, read_note_key
    from kitaran.registry.ledger.verify import verify_log
    from kitaran.registry.store import opening

    engine, place = _open(folder)
    key = read_note_key(log_key, LOG) if log_key else opening.log_key(engine, place)
    with shown_progress() as progress:
        found = verify_log(engine, key, opening.last_signed(place).read(), signatures, progress)
    problems = [{"seq": p.seq, "event": p.event, "problem": p.problem} for p in found.problems]
    words = [
        "BROKEN" if problems else "INTACT",
        f"  {found.size} events, root {found.root.hex()}",
        f"  {found.checkpoints} checkpoints, {found.cosigned} of them cosigned by a witness",
        *(f"  {problem}" for problem in found.problems),
    ]
    counts = {"size": found.size, "root": found.root.hex(), "checkpoints": found.checkpoints}
    _tell(
        {"intact": not problems, **counts, "cosigned": found.cosigned, "problems": problems},
        "\n".join(words),
        as_json,
    )
    if problems:
        raise typer.Exit(EvidenceError.exit_code)


def _tell(content: dict[str, Any], words: str, as_json: bool) -> None:
    if as_json:
        print_json(content)
    else:
        print(words)


@app.command(epilog="Example: kitaran ledger verifier > verify_bundle.py")
def verifier() -> None:
    """Print the stand-alone verifier: one file that needs only Python and `cryptography`."""
    from kitaran.registry.ledger import verifier as program

    print(Path(program.__file__).read_text("utf-8"), end="")


# -- sign


@app.command(
    epilog="Example: kitaran ledger checkpoint --witness http://10.0.0.7:8475=witness.example+0a1b2c3d+BASE64"
)
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

    engine, place = _open(workspace)
    asked = [HttpWitness(*_address_and_key(one)) for one in witness or ()]
    signer = open_signer(engine, place, origin, asked)
    if cosignature is not None:
        _keep_cosignature(signer, cosignature, witness_key)
    note = signer.last.read() if cosignature is not None else signer.sign()
    if note is None:
        _tell(
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
    _tell({"log_key": str(signer.key), **content, "witnesses": list(lines)}, shown.rstrip("\n"), as_json)
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


# -- bundle


@app.command(epilog="Example: kitaran ledger bundle pack-1 --out pack-1.json")
def bundle(
    items: Annotated[list[str], typer.Argument(help="An item, or all that travel in a shipment.")],
    out: Annotated[Path, typer.Option(help="File to write; an existing one is never overwritten.")],
    sealed: Annotated[
        bool, typer.Option("--sealed", help="Show restricted and personal values: only to who may see them.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Write every event of these items, with proofs, checkpoint, cosignatures and keys, into one file."""
    from kitaran.foundation.disk import write_whole
    from kitaran.registry.ledger.bundle import make_bundle, nothing
    from kitaran.registry.store import opening

    engine, place = _open(workspace)
    if out.exists():
        raise InputError("There is a file already.", str(out), "Name another file with --out.")
    key = opening.log_key(engine, place)
    if key is None:
        raise InputError("The log was never signed here.", str(place.root), "Run: kitaran ledger checkpoint")
    content = make_bundle(engine, items, key, (lambda seq, name: True) if sealed else nothing)
    write_whole(out, content)
    also = _names_also(content, items)
    words = [f"Written: {out}"]
    if also:
        words.append(f"It names too, since they went together: {', '.join(also)}")
    told = {"file": str(out), "bytes": len(content), "log_key": str(key), "names_also": also}
    _tell(told, "\n".join(words), as_json)


def _names_also(content: bytes, items: list[str]) -> list[str]:
    """Items of the bundle's events that were not asked for: its reader learns of them."""
    from kitaran.registry.ledger import canonical

    events = canonical.loads(content)["events"]
    return sorted({item for one in events for item in one["entry"]["envelope"]["items"]} - set(items))


# -- witness


@app.command(epilog="Example: kitaran ledger witness --name witness.example --key witness.pem --log-key KEY")
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
        _tell({"witness_key": str(who.key), "cosignature": line}, line, as_json)
        return
    from kitaran.registry.ledger.witness_http import make_server

    with make_server(who, host, port) as server:
        address = f"http://{host}:{server.server_port}"
        words = f"Witness {name} answers at {address}\nWitness key: {who.key}\nStop with Ctrl+C."
        _tell({"url": address, "witness_key": str(who.key)}, words, as_json)
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
