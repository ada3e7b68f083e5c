"""`kitaran ledger`: evidence of the record, taken away and verified; `ledger_signing` signs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kitaran.cli import ledger_signing
from kitaran.cli.ledger_signing import opened, tell
from kitaran.cli.output import AsJson, WorkspaceOption, shown_progress
from kitaran.foundation.errors import EvidenceError, InputError

app = typer.Typer(no_args_is_help=True, help="The record of events: sign, witness, bundle, verify.")
ledger_signing.add_to(app)

LogKey = Annotated[
    str | None, typer.Option("--log-key", help="The log's key, as its operator told you: NAME+KEYID+BASE64.")
]
WitnessKeys = Annotated[
    list[str] | None,
    typer.Option("--witness-key", help="A witness that must have cosigned; may be repeated."),
]


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
    tell({"intact": not finding.problems, **shown}, verifier.describe(finding), as_json)
    if finding.problems:
        raise typer.Exit(EvidenceError.exit_code)


def _verify_workspace(folder: Path | None, log_key: str | None, signatures: bool, as_json: bool) -> None:
    from kitaran.registry.ledger.note import LOG, read_note_key
    from kitaran.registry.ledger.verify import verify_log
    from kitaran.registry.store import opening

    engine, place = opened(folder)
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
    tell(
        {"intact": not problems, **counts, "cosigned": found.cosigned, "problems": problems},
        "\n".join(words),
        as_json,
    )
    if problems:
        raise typer.Exit(EvidenceError.exit_code)


@app.command(epilog="Example: kitaran ledger verifier > verify_bundle.py")
def verifier() -> None:
    """Print the stand-alone verifier: one file that needs only Python and `cryptography`."""
    from kitaran.registry.ledger import verifier as program

    print(Path(program.__file__).read_text("utf-8"), end="")


# -- bundle


@app.command(epilog="Example: kitaran ledger bundle pack-1 --out pack-1.json")
def bundle(
    items: Annotated[
        list[str],
        typer.Argument(help="An item, or all that travel in a shipment: ids, or codes on their labels."),
    ],
    out: Annotated[Path, typer.Option(help="File to write; an existing one is never overwritten.")],
    sealed: Annotated[
        bool, typer.Option("--sealed", help="Show restricted and personal values: only to who may see them.")
    ] = False,
    rows: Annotated[
        bool,
        typer.Option(
            "--rows/--withhold-rows",
            help="Whether what a bulk import said of them is shown, or its hash alone.",
        ),
    ] = True,
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
) -> None:
    """Write every event of these items, with proofs, checkpoint, cosignatures and keys, into one file."""
    from kitaran.cli.custody_hand import item_named
    from kitaran.foundation.disk import write_whole
    from kitaran.registry.ledger.bundle import make_bundle, no_row, nothing
    from kitaran.registry.store import opening

    engine, place = opened(workspace)
    if out.exists():
        raise InputError("There is a file already.", str(out), "Name another file with --out.")
    key = opening.log_key(engine, place)
    if key is None:
        raise InputError("The log was never signed here.", str(place.root), "Run: kitaran ledger checkpoint")
    items = [item_named(engine, one) for one in items]
    disclose = (lambda seq, name: True) if sealed else nothing
    open_row = (lambda item, row: True) if rows else no_row
    content = make_bundle(engine, items, key, disclose, open_row)
    write_whole(out, content)
    told = {"file": str(out), "bytes": len(content), "log_key": str(key), **_tells_also(content, items)}
    tell(told, "\n".join(_told_in_words(told)), as_json)


def _tells_also(content: bytes, items: list[str]) -> dict[str, Any]:
    """What a reader of the bundle learns beside the events: other items, and what rows of imports say."""
    from kitaran.registry.ledger import canonical

    bundle = canonical.loads(content)
    named = {item for one in bundle["events"] for item in one["entry"]["envelope"]["items"]}
    return {
        "names_also": sorted(named - set(items)),
        "rows_shown": sorted(one["row"]["item"] for one in bundle["rows"] if "row" in one),
        "rows_withheld": sum("leaf" in one for one in bundle["rows"]),
    }


def _told_in_words(told: dict[str, Any]) -> list[str]:
    words = [f"Written: {told['file']}"]
    if told["names_also"]:
        words.append(f"It names too, since they went together: {', '.join(told['names_also'])}")
    if told["rows_shown"]:
        words.append(
            f"It shows what a bulk import said of {', '.join(told['rows_shown'])}, such as the serial "
            "number: give it to who may read that, or make it with --withhold-rows."
        )
    return words
