"""Pages for people: server-rendered, readable without scripts, nothing fetched from outside.

    >>> from kitaran.web import create_app, page_paths
    >>> app = create_app(workspace)          # doctest: +SKIP
    >>> page_paths(workspace)                # doctest: +SKIP
    ['/', '/plan', '/plan/AFG', ...]

One module a door or noun. A module that offers an `ENTRY` is found by itself; each page has a twin with the
same facts as JSON (`twin_path`).
"""

from kitaran.web.app import create_app, page_paths
from kitaran.web.pages import twin_path

__all__ = ["create_app", "page_paths", "twin_path"]
