"""A paper of the law's tables as an answer."""

from __future__ import annotations

from fastapi.responses import Response

from kitaran.law.paper_model import Paper
from kitaran.law.paper_pdf import paper_pdf


def pdf(made: Paper, name: str) -> Response:
    """The paper as PDF, to be shown rather than kept."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(paper_pdf(made), media_type="application/pdf", headers=headers)
