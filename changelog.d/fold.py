"""Fold the fragments of this folder into CHANGELOG.md under a version, and delete them.

python changelog.d/fold.py 0.2.0
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

KINDS = ("added", "changed", "fixed", "removed")
HEAD = "# Changelog\n"


def fragments(folder: Path) -> dict[str, list[Path]]:
    """Files of each kind, by name. Raises ValueError for a file of another name or without words."""
    found: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        named = re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(\w+)\.md", path.name)
        if named is None or named[1] not in KINDS or not path.read_text(encoding="utf-8").strip():
            raise ValueError(
                f"{path.name}: name it NAME.KIND.md, KIND one of {', '.join(KINDS)}, and fill it"
            )
        found[named[1]].append(path)
    return found


def section(version: str, date: str, found: dict[str, list[Path]]) -> str:
    """The text of one version."""
    lines = [f"\n## {version} ({date})\n"]
    for kind, paths in found.items():
        if paths:
            lines.append(f"\n### {kind.capitalize()}\n\n")
            lines += [f"- {' '.join(path.read_text(encoding='utf-8').split())}\n" for path in paths]
    return "".join(lines)


def fold(folder: Path, version: str, date: str) -> Path:
    """Put the fragments under the version at the top of the changelog beside the folder, then delete them."""
    changelog = folder.parent / "CHANGELOG.md"
    found = fragments(folder)
    older = changelog.read_text(encoding="utf-8").removeprefix(HEAD) if changelog.exists() else ""
    changelog.write_text(HEAD + section(version, date, found) + older, encoding="utf-8")
    for paths in found.values():
        for path in paths:
            path.unlink()
    return changelog


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the version: python changelog.d/fold.py 0.2.0")
    fold(Path(__file__).parent, sys.argv[1], datetime.now(UTC).date().isoformat())
