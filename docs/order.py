"""Order of the documentation: what a newcomer needs first, then every other page by name, then decisions.

A hook of MkDocs, so that a new page appears without a list to keep.
"""

from __future__ import annotations

from typing import Any

FIRST = (
    "index.md",
    "installing.md",
    "commands.md",
    "scenarios.md",
    "facts.md",
    "own-data.md",
    "nomenclature.md",
)
ROOMS = {"equations/": "Equations", "tutorials/": "Tutorials", "decisions/": "Decisions"}


def on_files(files: Any, config: Any) -> Any:
    """Fill `nav` from the pages that there are."""
    pages = sorted(file.src_uri for file in files.documentation_pages())
    loose = [page for page in pages if "/" not in page]
    config.nav = [page for page in FIRST if page in loose] + [page for page in loose if page not in FIRST]
    for folder in sorted({page.partition("/")[0] + "/" for page in pages if "/" in page}, key=_place):
        inside = [page for page in pages if page.startswith(folder)]
        inside.sort(key=lambda page: not page.endswith("/index.md"))
        config.nav.append({ROOMS.get(folder, folder.strip("/").capitalize()): inside})
    return files


def _place(folder: str) -> tuple[int, str]:
    known = list(ROOMS)
    return (known.index(folder) if folder in known else -1, folder)
