"""The application: doors, static files, errors, and what surrounds every answer."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from kitaran import __version__
from kitaran.api import routes
from kitaran.api.access import ALONE, Serving
from kitaran.api.description import DescribedApp
from kitaran.api.form_tokens import FormTokens
from kitaran.api.problems import RESPONSES
from kitaran.api.signed_in_writes import SignedInWrites
from kitaran.foundation.workspace import Workspace
from kitaran.web import errors, static_files
from kitaran.web.entries import entries
from kitaran.web.headers import SecurityHeaders
from kitaran.web.invented import Invented
from kitaran.web.preferences import ReadersLanguage
from kitaran.web.public_reads import PublicReads


def create_app(workspace: Workspace, serving: Serving = ALONE) -> FastAPI:
    """The site of one workspace. Pages find it as `request.app.state.workspace`.

    serving : how it is reached; by default by one person on this computer
    """
    app = DescribedApp(
        title="Kitaran",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        responses=RESPONSES,
        lifespan=routes.lifespan,
    )
    app.state.workspace = workspace
    app.state.serving = serving
    routes.install(app, workspace)
    for entry in sorted(entries(), key=lambda entry: -entry.path.count("/")):
        app.include_router(entry.router)  # /plan/lifetime is asked before /plan/{economy}
    app.include_router(static_files.router)
    errors.install(app)
    app.add_middleware(FormTokens, answer=errors.told)
    app.add_middleware(SignedInWrites, answer=errors.told)
    app.add_middleware(ReadersLanguage)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(PublicReads)
    if serving.invented is not None:
        app.add_middleware(Invented)
    return app


def page_paths(workspace: Workspace) -> list[str]:
    """Every page of the site in this workspace; `twin_path` gives the JSON of each."""
    return [path for entry in entries() for path in entry.paths(workspace)]
