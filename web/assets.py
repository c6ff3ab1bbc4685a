"""Our own scripts and styles, and Leaflet from its wheel; nothing comes from another host."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from xstatic.pkg import leaflet

OURS = Path(__file__).parent / "static"
LEAFLET = Path(leaflet.BASE_DIR)


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _build() -> str:
    """A digest of every file of ours: addresses change when their content does."""
    digest = hashlib.sha256()
    for path in sorted(OURS.glob("yori*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


BUILD = _build()


def one_script(names: Iterable[str]) -> str:
    """Leaflet and our scripts as one text that may stand inside <script>."""
    parts = [_text(LEAFLET / "leaflet.js"), *(_text(OURS / name) for name in names)]
    joined = "\n".join(part.split("//# sourceMappingURL")[0] for part in parts)
    return joined.replace("</script", "<\\/script")


def one_stylesheet(names: Iterable[str]) -> str:
    """Leaflet's and our styles as one text, without Leaflet's pictures: we use none of them."""
    leaflet_css = _text(LEAFLET / "leaflet.css").replace("url(images/", "url(data:,")
    return "\n".join([leaflet_css, *(_text(OURS / name) for name in names)])
