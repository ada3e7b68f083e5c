"""Personal data: what this installation keeps of people, why and how long. The register, for everyone."""

from __future__ import annotations

from typing import Final

from fastapi import Request

from kitaran.registry.parties.privacy.register import as_rows
from kitaran.web.entries import Entry
from kitaran.web.language import gettext as _
from kitaran.web.pages import Page, Pages
from kitaran.web.parties_clicks import rooms

HERE: Final = "/privacy"
pages = Pages()


@pages.page(HERE, "parties/privacy.html")
def privacy(request: Request) -> Page:
    """The register; it holds no value of anybody."""
    words = {
        "consent": _("consent"),
        "contract": _("contract"),
        "legal_obligation": _("legal obligation"),
        "vital_interest": _("vital interest"),
        "public_task": _("public task"),
        "legitimate_interest": _("legitimate interest"),
    }
    counted = {
        "certificate_end": _("end of the certificate"),
        "incident_closed": _("closing of the incident"),
        "account_end": _("end of the account"),
        "recorded": _("it was recorded"),
    }
    shown = {"rooms": rooms(request, HERE), "basis_words": words, "counted_words": counted, "crumbs": []}
    return Page({"values": as_rows(request.app.state.workspace.root)}, shown)


ENTRY = Entry(pages.router, HERE, paths=lambda _workspace: [HERE], door="/facilities")
