"""Pages: Jinja templates and the one function that fills them."""

import base64
import hashlib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from web import words


def _template(name: str) -> str:
    return files("web.pages").joinpath(name).read_text("utf-8")


ENVIRONMENT = Environment(
    loader=FunctionLoader(_template),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters |= {
    "wareki": words.wareki,
    "future_year": words.future_year,
    "metres": words.metres,
    "percent": words.percent,
    "gap_title": words.gap_title,
    "walk_choice": words.walk_choice,
    "walk_minutes": words.walk_minutes,
    "yes_no": words.yes_no,
    "dialable": words.dialable,
    "month_day": words.month_day,
}


def fill(name: str, **values: Any) -> str:
    """The template `name` with values; text is escaped, a value left out is an error."""
    return ENVIRONMENT.get_template(name).render(values)


def policy(inline_scripts: Iterable[str] = (), pictures: str = "") -> str:
    """A page's Content-Security-Policy: only our own files, and these very inline scripts.

    Scripts are named by their digest, so that text which slipped into a page could never run.
    `pictures`: another origin background tiles may come from.
    """
    digests = (hashlib.sha256(script.encode()).digest() for script in inline_scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {allowed}; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: {pictures}; connect-src 'self'; form-action 'self'; base-uri 'none'"
    )


ENVIRONMENT.globals["policy"] = policy
