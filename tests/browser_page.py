"""A page in a real browser as tests speak of it: what it shows, what is done to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Dialog, Locator, Page, Request, Route

DESKTOP, PHONE = (1280, 800), (390, 844)
PATIENCE_MS = 5_000
KEPT_PLACES = "Yori.view.places.id.filter((id, i) => Yori.view.signs.shown[i])"
PIXEL = """([lat, lon]) => {
  const map = Yori.view.map, canvas = map.getPane("overlayPane").querySelector("canvas");
  const box = canvas.getBoundingClientRect(), frame = map.getContainer().getBoundingClientRect();
  const at = map.latLngToContainerPoint([lat, lon]);
  const x = Math.round(at.x + frame.x - box.x), y = Math.round(at.y + frame.y - box.y);
  return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
}"""
COLOURS = """() => {
  const canvas = Yori.view.map.getPane("overlayPane").querySelector("canvas");
  const dots = new Uint32Array(canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  return new Set(dots).size;
}"""
DRAWN = 'Yori.view.map.getPane("overlayPane").querySelector("canvas").toDataURL()'
WIDER = """() => [...document.querySelectorAll("body *")].filter(e => {
  const scrolled = e.closest(".scroll, .folium-map, .pick-map, pre, .skip, .hidden, svg");
  const box = e.getBoundingClientRect();
  return !scrolled && box.width && (box.right > innerWidth + 1 || box.left < -1);
}).map(e => e.tagName + "." + e.className)"""
CUT = """() => [...document.querySelectorAll("h1, h2, th, td, p, b, small, summary, label, button")]
  .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !e.closest(".hidden, .chip")
    && getComputedStyle(e).overflowX !== "visible").map(e => e.textContent)"""


def until(told: Callable[[], object], what: str) -> None:
    """Wait until `told` gives something true. Playwright's own wait needs eval: forbidden."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while not told():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.02)


@dataclass
class BrowserPage:
    """One tab. `check_quiet` at the end of a test: nothing foreign, no error in the console."""

    page: Page
    home: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Paths with their queries, in the order they were asked for."""
    refused: Callable[[str], bool] | None = None
    """Which addresses the server no longer answers."""
    expected: list[str] = field(default_factory=list)
    """Statuses that a test provokes: the browser complains about each of them."""

    @classmethod
    def of(cls, context: BrowserContext, home: str) -> BrowserPage:
        """Open a tab that reaches `home` and nothing else."""
        context.set_default_timeout(PATIENCE_MS)
        tab = cls(context.new_page(), home)
        context.route("**/*", tab._let_through)
        tab.page.on("request", tab._note)
        tab.page.on("console", lambda m: tab._complain(m.type, m.text))
        tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
        tab.page.on("dialog", tab._shut)
        return tab

    def _let_through(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        ours = parts.scheme in ("file", "data", "blob") or route.request.url.startswith(self.home)
        if not ours:
            self.foreign.append(route.request.url)
        if not ours or (self.refused is not None and self.refused(parts.path)):
            route.abort()
        else:
            route.continue_()

    def _note(self, request: Request) -> None:
        parts = urlsplit(request.url)
        self.asked.append(parts.path + (f"?{parts.query}" if parts.query else ""))

    def _complain(self, kind: str, text: str) -> None:
        # What we refused ourselves is reported by the browser too.
        ours = self.refused is not None or any(f"status of {s}" in text for s in self.expected)
        if kind == "error" and not (ours and "Failed to load" in text):
            self.errors.append(text)

    def _shut(self, dialog: Dialog) -> None:
        """A dialogue is a script that ran: none of our pages opens one."""
        self.errors.append(f"dialogue: {dialog.message}")
        dialog.dismiss()

    def check_quiet(self) -> None:
        """Fail on foreign requests and on anything the browser complained about."""
        assert self.foreign == []
        assert self.errors == []

    def open(self, path: str) -> BrowserPage:
        """Go to a page, and where it has a map, wait until that is drawn."""
        self.page.goto(path if path.startswith("file:") else self.home + path)
        if self.page.locator("#map-frame").count():
            self.wait_for_map()
        return self

    def wait_for_map(self) -> None:
        """Wait until the map is drawn and stands where it opens."""
        self.page.locator("html[data-map=ready]").wait_for(state="attached")
        until(lambda: not self.get("Yori.view.map._animatingZoom"), "the map stands still")
        self.settle()

    def find(self, selector: str) -> Locator:
        """What a selector means on the page."""
        return self.page.locator(selector)

    def get(self, expression: str, argument: object = None) -> Any:
        """The value of an expression in the page."""
        return self.page.evaluate(expression, argument)

    def json(self, path: str) -> Any:
        """What the server's API says, asked beside the page."""
        response = self.page.context.request.get(self.home + path)
        assert response.ok, response.text()
        return response.json()

    # What it shows

    def headline(self) -> list[str]:
        """The three figures on top: share, people out of reach, places."""
        return self.find("#panel .figures b").all_inner_texts()

    def table(self) -> list[list[str]]:
        """The table's rows: name, and the values its cells stand for."""
        rows: list[list[str]] = self.get(
            """() => [...document.querySelectorAll(".figures-table tbody tr")].map(row => {
              const values = [...row.cells].map(cell => cell.dataset.value);
              return [row.cells[0].textContent, ...values.filter(value => value)];
            })"""
        )
        return rows

    def listed_gaps(self) -> list[list[str]]:
        """The list of gaps: number, people."""
        pairs: list[list[str]] = self.get(
            """() => [...document.querySelectorAll("[data-gap]")].map(gap =>
              [gap.dataset.gap, gap.querySelector(".p").firstChild.textContent])"""
        )
        return pairs

    def numbers_on_the_map(self) -> list[str]:
        """The numbers of the gaps that stand on the map."""
        return sorted(self.find(".gap-number").all_inner_texts(), key=int)

    def drawn_places(self) -> set[int]:
        """Ids of the places the map shows."""
        return set(self.get(KEPT_PLACES))

    def drawing(self) -> str:
        """The canvas, to compare with another moment's."""
        self.settle()
        return str(self.get(DRAWN))

    def colours(self) -> int:
        """How many colours the canvas holds; one: it is blank."""
        return int(self.get(COLOURS))

    def pixel(self, lat: float, lon: float) -> tuple[int, int, int]:
        """The colour of the canvas at a point of the ground."""
        red, green, blue, _ = self.get(PIXEL, [lat, lon])
        return red, green, blue

    def violations(self) -> str:
        """What axe-core finds, as a report; empty: nothing."""
        found = Axe().run(self.page)
        return found.generate_report() if found.violations_count else ""

    def wider_than_the_window(self) -> list[str]:
        """What reaches out of the window sideways, or is cut off by its own box."""
        width = self.get("document.documentElement.scrollWidth - innerWidth")
        return [*([f"{width} px"] if width > 0 else []), *self.get(WIDER), *self.get(CUT)]

    # What is done to it

    def settle(self) -> None:
        """Let two pictures pass: Leaflet draws in the next one. A page nobody sees has none."""
        self.get(
            """() => new Promise(done => {
              requestAnimationFrame(() => requestAnimationFrame(done));
              setTimeout(done, 500);
            })"""
        )

    @contextmanager
    def answered(self) -> Iterator[None]:
        """Whatever is done inside asks the server; wait until the page shows the answer."""
        yield
        self.find("#panel:not([aria-busy])").wait_for()  # busy from the moment of asking
        assert not self.find("#message").is_visible()
        self.settle()

    @contextmanager
    def moved(self) -> Iterator[None]:
        """Whatever is done inside moves the map; wait until it stands still elsewhere."""
        before = self.where()
        yield
        until(lambda: self.where() != before, "the map moves")
        until(lambda: self._rests(), "the map rests")
        self.settle()

    def where(self) -> list[float]:
        """Latitude, longitude and zoom of the map."""
        place: list[float] = self.get(
            """() => {
              const map = Yori.view.map, middle = map.getCenter();
              return [middle.lat, middle.lng, map.getZoom()];
            }"""
        )
        return place

    def _rests(self) -> bool:
        before = self.where()
        time.sleep(0.08)
        return self.where() == before

    def sees(self, lat: float, lon: float) -> bool:
        """Whether a point of the ground is inside the map's window."""
        return bool(self.get("at => Yori.view.map.getBounds().contains(at)", [lat, lon]))

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a point of the ground is in the window, in pixels."""
        x, y = self.get(
            """at => {
              const p = Yori.view.map.latLngToContainerPoint(at);
              const box = Yori.view.map.getContainer().getBoundingClientRect();
              return [p.x + box.x, p.y + box.y];
            }""",
            [lat, lon],
        )
        return x, y

    def tap(self, lat: float, lon: float) -> None:
        """Tap a point of the ground."""
        self.page.mouse.click(*self.point(lat, lon))

    def go_to(self, lat: float, lon: float, zoom: float) -> None:
        """Put a point of the ground into the middle."""
        self.get(
            "([at, zoom]) => { Yori.view.settled();"
            " Yori.view.map.setView(at, zoom, {animate: false}); }",
            [[lat, lon], zoom],
        )
        self.settle()
