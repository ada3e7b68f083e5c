"""What a page says before the first forecast has run."""

from __future__ import annotations

from kitaran.web.pages import Page


def page() -> Page:
    """No run yet: how to make one."""
    return Page({"run": None}, template="empty.html")
