"""`kitaran identity`: the codes on a battery's label."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kitaran.cli.output import AsJson, print_json, print_table

app = typer.Typer(help="Codes on a battery's label: read, check and make them.", no_args_is_help=True)


@app.command(
    epilog='Example: kitaran identity parse "https://example.com/01/09521234543213/21/ABC123" --json'
)
def parse(
    code: Annotated[str, typer.Argument(help="The code as typed or scanned; put it in quotes.")],
    as_json: AsJson = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 unless the code is valid.")
    ] = False,
) -> None:
    """Say which scheme a code follows, what it says, and what is wrong with it.

    Known are GS1 Digital Link, GS1 element strings and trade item numbers, the Chinese traction battery code
    (GB/T 34014) and vehicle identification numbers.
    """
    from kitaran.registry import identity as codes

    parsed = codes.parse(code)
    if as_json:
        print_json(parsed.as_dict())
    else:
        print(f"{parsed.scheme or 'no known scheme'}: {'valid' if parsed.valid else 'not valid'}")
        if parsed.keys:
            print_table("", ("Key", "Value"), list(parsed.keys.items()))
        for fault in parsed.errors:
            print(fault)
    if exit_code and not parsed.valid:
        raise typer.Exit(1)


@app.command(epilog="Example: kitaran identity photo label.jpg")
def photo(
    file: Annotated[Path, typer.Argument(help="JPEG, PNG or WebP photo of a label.")],
    as_json: AsJson = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with 1 if no valid code is seen.")
    ] = False,
) -> None:
    """Find the codes in a photo of a label, and read each of them."""
    from kitaran.foundation.errors import InputError
    from kitaran.registry import identity as codes
    from kitaran.registry.identity.qr import read_photo

    try:
        content = file.read_bytes()
    except OSError as error:
        cause = f"It cannot be read: {error.strerror}."
        raise InputError(cause, str(file), "Give the path of a photo.") from None
    seen = read_photo(content, str(file))
    read = [
        {"text": code.text, "symbology": code.symbology, **codes.parse(code.text).as_dict()} for code in seen
    ]
    if as_json:
        print_json({"codes": read})
    elif read:
        rows = [(one["text"], one["scheme"] or "-", "valid" if one["valid"] else "not valid") for one in read]
        print_table("", ("Code", "Scheme", ""), rows)
    else:
        print("No code is seen. Take the photo nearer, straight from above and without glare.")
    if exit_code and not any(one["valid"] for one in read):
        raise typer.Exit(1)


@app.command(
    epilog='Example: kitaran identity label https://example.com/b/17 --line "Pack 17" --out label.pdf'
)
def label(
    codes: Annotated[list[str], typer.Argument(help="Text of each code, usually a web address.")],
    out: Annotated[Path, typer.Option("--out", help="labels.pdf (a sheet), or one code as .svg or .png.")],
    line: Annotated[
        list[str] | None, typer.Option("--line", help="A line beside each code; give it up to four times.")
    ] = None,
    day: Annotated[str | None, typer.Option("--date", help="Date of the sheet, 2026-01-31. (today)")] = None,
    as_json: AsJson = False,
) -> None:
    """Make QR codes: a PDF with 3 x 8 labels a page, or one code as SVG or PNG."""
    from kitaran.foundation.disk import write_whole
    from kitaran.registry.identity import labels

    if out.suffix.lower() == ".pdf":
        made = [labels.Label(code, tuple(line or ())) for code in codes]
        content = labels.sheet(made, _day(day))
    else:
        content = _one_code(codes, out)
    write_whole(out, content)
    if as_json:
        print_json({"file": str(out), "codes": len(codes)})
    else:
        print(f"{out}: {len(codes)} {'code' if len(codes) == 1 else 'codes'}")


def _day(text: str | None) -> date:
    from kitaran.foundation.clock import now
    from kitaran.foundation.errors import InputError

    if text is None:
        return now().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text} is no date.", "--date", "Write it as 2026-01-31.") from None


def _one_code(codes: list[str], out: Path) -> bytes:
    """One code as SVG or PNG, by the ending of the file."""
    from kitaran.foundation.errors import InputError
    from kitaran.registry.identity import qr

    kind = out.suffix.lower()
    if kind not in (".svg", ".png"):
        remedy = "End the name of the file with .pdf, .svg or .png."
        raise InputError(f"{kind or 'Nothing'} is no ending that can be made.", f"--out {out}", remedy)
    if len(codes) > 1:
        raise InputError("A picture holds one code.", f"--out {out}", "Make a sheet: --out labels.pdf.")
    return qr.svg(codes[0]).encode() if kind == ".svg" else qr.png(codes[0])
