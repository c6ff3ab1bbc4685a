"""Templates: everything is escaped, nothing may be left out, and only our own scripts run."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from web import pages
from web.pages import ENVIRONMENT, fill, policy

TRAP = "<script>alert(1)</script>\"'&"
TEMPLATES = sorted(path.name for path in Path(pages.__file__).parent.glob("*.html"))


def test_words_are_escaped() -> None:
    page = fill("problem.html", build="1", title=TRAP, detail=TRAP, advice=TRAP, back=None)
    assert "<script>" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;") == 4


def test_words_in_data_for_the_map_cannot_end_their_script() -> None:
    template = ENVIRONMENT.from_string("<script>{{ layers|tojson }}</script>")
    written = template.render(layers={"name": "</script><script>alert(1)</script>"})
    assert written.count("</script>") == 1


def test_a_value_left_out_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        fill("problem.html", build="1", title="a", advice="b")


def test_only_named_scripts_may_run_and_nothing_comes_from_elsewhere() -> None:
    script = "Yori.open()"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = dict(rule.strip().split(" ", 1) for rule in policy([script]).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'self' 'sha256-{digest}'"
    assert rules["connect-src"] == "'self'"
    assert rules["base-uri"] == "'none'"
    assert "http" not in policy([script])
    assert "unsafe" not in rules["script-src"]


def test_tiles_may_come_from_their_origin_and_only_as_pictures() -> None:
    rules = policy(pictures="https://tiles.example")
    assert rules.count("https://tiles.example") == 1
    assert re.search(r"img-src [^;]*https://tiles\.example", rules)


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_are_wellformed_and_fetch_nothing_from_elsewhere(name: str) -> None:
    text = (Path(pages.__file__).parent / name).read_text("utf-8")
    assert ENVIRONMENT.get_template(name)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)
    assert not re.search(r"\son[a-z]+=", text)  # the policy would not let it run


@pytest.mark.parametrize("name", TEMPLATES)
def test_only_what_we_made_ourselves_is_left_unescaped(name: str) -> None:
    text = (Path(pages.__file__).parent / name).read_text("utf-8")
    ours = {"inline.css", "inline.script", "drawn.html", "drawn.script"}
    assert set(re.findall(r"{{\s*([\w.]+)\|safe\s*}}", text)) <= ours
    assert text.count("|safe") == len(re.findall(r"{{\s*[\w.]+\|safe\s*}}", text))


def test_pages_speak_japanese_and_can_be_zoomed() -> None:
    page = fill("start.html", build="1", municipalities=[("99201", "汐見野市", "みなと県")])
    assert '<html lang="ja">' in page
    assert "maximum-scale" not in page
    assert "user-scalable" not in page
    assert '<a href="/99201/">みなと県 汐見野市</a>' in page


def test_a_store_without_municipalities_says_how_to_begin() -> None:
    page = fill("start.html", build="1", municipalities=[])
    assert "yoridokoro init" in page
