"""Run the tutorials and hold their text to what they print.

    python tools/tutorials.py             say which tutorials are out of date; exit 1 if any is
    python tools/tutorials.py --write     renew outputs, figures in the text, and pictures

In a tutorial, a block `python` is run, a block `console` holds `$ kitaran ...` commands that are run, and the
block `text` after either is what was printed. `<!--=EXPRESSION-->8.4<!--/-->` is a figure in the text and
`<!--?EXPRESSION-->` is what the words beside it take for true. Pictures that blocks save lie beside the page.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "tutorials"
BLOCK = re.compile(
    r"```(?P<kind>python|console)\n(?P<code>.*?)```\n(?P<gap>\n*)(?:```text\n(?P<out>.*?)```\n)?", re.S
)
FIGURE = re.compile(r"<!--=(?P<expression>.*?)-->.*?<!--/-->", re.S)
CLAIM = re.compile(r"<!--\?(?P<expression>.*?)-->", re.S)
LOOSE = re.compile(r"^\s*<!--[=?]", re.M)
DRAWN = re.compile(r'aria-label="([^"]*)"')


@dataclass
class Tutorial:
    """One page while it is run. names: what its blocks define."""

    text: str
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "tutorial"})

    def renewed(self) -> str:
        """The text with every output and figure as it is printed now. Runs in the present folder."""
        after_blocks = BLOCK.sub(self._block, self.text)
        for claim in CLAIM.finditer(after_blocks):
            if not eval(claim["expression"], self.names):
                raise ValueError(f"the text is no longer true: {claim['expression']}")
        return FIGURE.sub(self._figure, after_blocks)

    def _block(self, found: re.Match[str]) -> str:
        run = self._python if found["kind"] == "python" else self._console
        printed = run(found["code"])
        shown = f"```{found['kind']}\n{found['code']}```\n"
        output = f"\n```text\n{printed}```\n" if printed else ""
        return shown + output + (found["gap"] if found["out"] is None or not printed else "")

    def _python(self, code: str) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "<tutorial>", "exec"), self.names)
        return _ended(printed.getvalue())

    def _console(self, code: str) -> str:
        from typer.testing import CliRunner

        from kitaran.cli import build

        printed = ""
        for line in code.replace("\\\n", " ").splitlines():
            program, *arguments = shlex.split(line.removeprefix("$ "))
            if program != "kitaran":
                raise ValueError(f"a tutorial runs kitaran, not {program!r}")
            answer = CliRunner().invoke(build(), arguments)
            if answer.exit_code:
                raise ValueError(f"{line!r} ended with {answer.exit_code}: {answer.output}")
            printed += answer.stdout
        return _ended(printed)

    def _figure(self, found: re.Match[str]) -> str:
        value = eval(found["expression"], self.names)
        return f"<!--={found['expression']}-->{value}<!--/-->"


def _ended(text: str) -> str:
    """Printed text with one line end at its end and no spaces before any; empty if nothing was printed."""
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    return "\n".join(lines) + "\n" if lines else ""


def tutorials() -> list[Path]:
    """Every tutorial."""
    return sorted(path for path in FOLDER.glob("*.md") if path.name != "index.md")


@contextlib.contextmanager
def _elsewhere() -> Iterator[Path]:
    """A folder of its own, in which a tutorial may write."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


def run(path: Path, write: bool = False) -> list[str]:
    """What differs between a tutorial and what it prints; empty if nothing. write: renew it."""
    text = path.read_text(encoding="utf-8")
    if LOOSE.search(text):
        raise ValueError(f"{path.name}: a line begins with a comment, which would end its paragraph")
    with _elsewhere() as folder:
        renewed = Tutorial(text).renewed()
        pictures = sorted(folder.glob("*.svg"))
        different = [] if renewed == text else [path.name]
        different += [each.name for each in pictures if _figures(each) != _figures(FOLDER / each.name)]
        if write and different:
            path.write_text(renewed, encoding="utf-8")
            for each in pictures:
                shutil.copy(each, FOLDER / each.name)
    return different


def _figures(picture: Path) -> list[str]:
    """What a picture tells in words: its figures, whatever the program that drew it."""
    return DRAWN.findall(picture.read_text(encoding="utf-8")) if picture.is_file() else []


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the tutorials.")
    parser.add_argument("--write", action="store_true", help="renew what is out of date")
    write = parser.parse_args().write
    different = [name for path in tutorials() for name in run(path, write)]
    for name in different:
        print(f"{name}: {'renewed' if write else 'out of date; run tools/tutorials.py --write'}")
    return 1 if different and not write else 0


if __name__ == "__main__":
    raise SystemExit(main())
