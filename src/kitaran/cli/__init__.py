"""The `kitaran` command.

Each module of this package that offers `app` (a `typer.Typer`) becomes a group of commands of its own name.
Commands import what they need inside their functions, so that `kitaran --help` answers at once.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from typing import Annotated

import typer

from kitaran import __version__
from kitaran.cli.doctor import doctor
from kitaran.cli.output import print_error, print_unforeseen
from kitaran.cli.up import up
from kitaran.foundation.errors import KitaranError

UNFORESEEN_EXIT = 70  # EX_SOFTWARE: a mistake in Kitaran, not in what it was given


def _show_version(asked: bool) -> None:
    if asked:
        print(f"kitaran {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """Kitaran: circular batteries. Begin with: kitaran up"""


def build() -> typer.Typer:
    """The whole command tree."""
    app = typer.Typer(
        callback=_root,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="Example: kitaran up",
    )
    for command in (up, doctor):
        app.command(epilog=EXAMPLES[command.__name__])(command)
    for module in pkgutil.iter_modules(__path__):
        group = getattr(importlib.import_module(f"{__name__}.{module.name}"), "app", None)
        if isinstance(group, typer.Typer):
            app.add_typer(group, name=module.name)
    return app


EXAMPLES = {
    "up": "Example: kitaran up --workspace ./kitaran-data --port 8474",
    "doctor": "Example: kitaran doctor --workspace ./kitaran-data",
}


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    try:
        code = _run(debug=bool(os.environ.get("KITARAN_DEBUG")), as_json="--json" in sys.argv[1:])
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  # the reader went away; nothing more to say
        code = 0
    sys.exit(code)


def _run(debug: bool, as_json: bool) -> int:
    """The exit code; what went wrong is told. Typer itself leaves by SystemExit."""
    try:
        build()()
    except BrokenPipeError:
        raise
    except KitaranError as error:
        if debug:
            raise
        print_error(error, as_json)
        return error.exit_code
    except Exception as error:
        if debug:
            raise
        print_unforeseen(error, as_json)
        return UNFORESEEN_EXIT
    return 0
