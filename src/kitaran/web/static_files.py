"""Style, scripts and marks from the package, and the Vega bundle from the vl-convert wheel."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from mimetypes import guess_type

from fastapi import APIRouter
from fastapi.responses import Response

from kitaran.foundation.errors import NotFoundError
from kitaran.web.layout import STATIC

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
router = APIRouter(include_in_schema=False)


@lru_cache(maxsize=1)
def vega_bundle() -> bytes:
    """Vega, Vega-Lite and Vega-Embed as one script; its globals are `vega`, `vegaLite`, `vegaEmbed`."""
    import vl_convert

    return str(vl_convert.javascript_bundle()).encode()  # type: ignore[call-arg]


@lru_cache(maxsize=1)
def vega_address() -> str:
    """Address of the bundle; it changes with the version of the wheel."""
    return f"/static/vega.js?v={version('vl-convert-python')}"


@router.get("/static/vega.js")
def vega() -> Response:
    return Response(vega_bundle(), media_type="text/javascript", headers=FOR_EVER)


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
def static_file(name: str) -> Response:
    file = STATIC / name
    if file.parent != STATIC or not file.is_file():
        raise NotFoundError("There is no such file.", f"/static/{name}", "Load the page again.")
    return Response(file.read_bytes(), media_type=guess_type(name)[0], headers=FOR_EVER)
