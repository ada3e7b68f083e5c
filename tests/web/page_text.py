"""What a page holds: its tags, and its words with the language mark of the place where they stand."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = frozenset(["br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"])
SPOKEN_ATTRIBUTES = ("aria-label", "alt", "title", "placeholder")


class PageText(HTMLParser):
    """tags: (name, attributes) of each start tag; words: what a reader meets and a translator may change."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        fixed = given.get("translate") == "no" or tag in ("script", "style", "code") or self._fixed
        if not fixed:
            self.words += [given[name] for name in SPOKEN_ATTRIBUTES if given.get(name)]
        if tag not in VOID:
            self._open.append((tag, fixed))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._fixed:
            self.words.append(data.strip())

    @property
    def _fixed(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def named(self, tag: str) -> list[dict[str, str]]:
        """Attributes of every tag of that name."""
        return [attributes for name, attributes in self.tags if name == tag]
