"""A paper of the law's tables as an answer; one of a demonstration says on each page that it is invented."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from kitaran.api.access import serving
from kitaran.law.paper_model import Paper
from kitaran.law.paper_pdf import paper_pdf

INVENTED: Final = "DEMONSTRATION: what stands here is invented, and this paper is good for no shipment."


def pdf(request: Request, made: Paper, name: str) -> Response:
    """The paper as PDF, to be shown rather than kept."""
    if serving(request).invented is not None:
        made = replace(made, prepared=f"{INVENTED} {made.prepared}")
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(paper_pdf(made), media_type="application/pdf", headers=headers)
