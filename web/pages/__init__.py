"""Pages: Jinja templates and the one function that fills them."""

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
    "metres": words.metres,
    "percent": words.percent,
    "gap_title": words.gap_title,
    "walk_choice": words.walk_choice,
}


def fill(name: str, **values: Any) -> str:
    """The template `name` with values; text is escaped, a value left out is an error."""
    return ENVIRONMENT.get_template(name).render(values)
