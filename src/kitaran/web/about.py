"""About: what is measured, how sure it is, whose figures they are, under which licences."""

from __future__ import annotations

from fastapi import Request

from kitaran.web.entries import Entry
from kitaran.web.grades import GRADES, grade_means, grade_words
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages

pages = Pages()


@pages.page("/about", "about.html")
def about(request: Request) -> Page:
    grades = [{"grade": g, "words": grade_words(g), "means": grade_means(g)} for g in GRADES]
    return Page({"grades": grades})


ENTRY = Entry(pages.router, "/about", label=lambda: _("About"), order=900, paths=lambda _: ["/about"])
