"""`kitaran identity`: the codes on a battery's label."""

from __future__ import annotations

from typing import Annotated

import typer

from kitaran.cli.output import AsJson, print_json, print_table

app = typer.Typer(help="Codes on a battery's label: read and check them.", no_args_is_help=True)


@app.callback()
def identity() -> None:
    """Codes on a battery's label: read and check them."""


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
