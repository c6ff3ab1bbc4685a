"""The description of the JSON interface, readable without another host."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)
SWAGGER = Path(str(files("fastapi_offline") / "static"))
"""Swagger UI as it lies in its wheel; `api.main` serves it under /static/docs."""


@router.get("/api/v1/docs")
def docs() -> HTMLResponse:
    """Swagger UI without a foreign host."""
    return get_swagger_ui_html(
        openapi_url="/api/v1/openapi.json",
        title="拠り所 API",
        swagger_js_url="/static/docs/swagger-ui-bundle.js",
        swagger_css_url="/static/docs/swagger-ui.css",
        swagger_favicon_url="/static/docs/favicon.png",
    )
