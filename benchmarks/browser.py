"""A real Chromium: how long to the first look, how many bytes before it, how panning feels."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.measuring import PeerMissing

SIZE: ViewportSize = {"width": 1280, "height": 800}
TASKS = frozenset({"RunTask", "ThreadControllerImpl::RunTask"})
CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline"]
STEPS, STEP_MS = 30, 16
SETTLED_MS = 800
LONGEST_WAIT_MS = 60_000

# Ready: our page says so itself; any other page when it has loaded. Looked at: two frames later.
WATCH = """
(() => {
  const ready = () => {
    if (window.benchReady) { return; }
    window.benchReady = performance.now();
    const look = () => { window.benchLook = performance.now(); };
    requestAnimationFrame(() => requestAnimationFrame(look));
  };
  const check = () => { if (document.documentElement.dataset.map === "ready") { ready(); } };
  new MutationObserver(check)
    .observe(document, { attributes: true, subtree: true, attributeFilter: ["data-map"] });
  if (!%s) { window.addEventListener("load", ready); }
})();
"""
LOADED = """() => ({
  seconds: window.benchLook / 1000,
  files: ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind)).map(f => ({
    before: f.startTime < window.benchReady, found: f.responseStatus < 400,
    whole: f.decodedBodySize, sent: f.transferSize,
  })),
})"""


@dataclass(frozen=True)
class Look:
    """One visit to a page: time to the first look, and the bytes of what was loaded before it."""

    seconds: float
    whole_bytes: int
    """Unpacked."""
    sent_bytes: int
    """As transferred: packed, with headers."""
    longest_task: "Task"
    """Of the main thread, while the map was dragged."""


@dataclass(frozen=True)
class Task:
    """One task of a thread: how long it took, and how long the processor worked on it."""

    ms: float
    busy_ms: float


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give the browser that the tests drive: `$CHROMIUM`, the system's, or Playwright's own.

    Raises
    ------
    PeerMissing : there is none.
    """
    system = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=system if system.exists() else None
            )
        except Exception as error:
            reason = str(error).splitlines()[0]
            raise PeerMissing(f"No Chromium (make browser): {reason}") from error
        try:
            yield browser
        finally:
            browser.close()


def visit(browser: Browser, address: str, *, ours: bool) -> Look:
    """Open a page with nothing in the cache, wait for the first look, then drag its map."""
    context = browser.new_context(viewport=SIZE)
    try:
        page = context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.add_init_script(WATCH % json.dumps(ours))
        page.goto(address, timeout=LONGEST_WAIT_MS)
        _wait_for_look(page, broken)
        page.wait_for_timeout(SETTLED_MS)
        found = page.evaluate(LOADED)
        longest = _drag(browser, page)
    finally:
        context.close()
    before = [file for file in found["files"] if file["found"] and file["before"]]
    return Look(
        seconds=found["seconds"],
        whole_bytes=sum(file["whole"] for file in before),
        sent_bytes=sum(file["sent"] for file in before),
        longest_task=longest,
    )


def _wait_for_look(page: Page, broken: Sequence[str]) -> None:
    # Not `wait_for_function`: it needs eval, which our pages forbid.
    for _ in range(LONGEST_WAIT_MS // 100):
        if page.evaluate("() => window.benchLook || 0"):
            return
        page.wait_for_timeout(100)
    said = "; ".join(broken) or "without an error"
    raise RuntimeError(f"nothing to look at after {LONGEST_WAIT_MS // 1000} s, {said}: {page.url}")


def _drag(browser: Browser, page: Page) -> Task:
    """Drag the map there and back, a step a frame; the longest task of it."""
    box = page.locator(".leaflet-container").first.bounding_box()
    if box is None:
        raise RuntimeError("the page shows no map")
    x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6
    wide, high = box["width"] * 0.4, box["height"] * 0.3
    browser.start_tracing(page=page, categories=CATEGORIES)
    for start, end in (((x, y), (x - wide, y - high)), ((x - wide, y - high), (x, y))):
        page.mouse.move(*start)
        page.mouse.down()
        for step in range(1, STEPS + 1):
            part = step / STEPS
            page.mouse.move(
                start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
            )
            page.wait_for_timeout(STEP_MS)
        page.mouse.up()
        page.wait_for_timeout(SETTLED_MS)
    return longest_task(json.loads(browser.stop_tracing())["traceEvents"])


def longest_task(events: Sequence[Mapping[str, Any]]) -> Task:
    """The longest task on a page's main thread in a trace of Chromium; of length 0 for none."""
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        Task(event["dur"] / 1000, event.get("tdur", 0) / 1000)
        for event in events
        if event["name"] in TASKS and event["ph"] == "X" and (event["pid"], event["tid"]) in mains
    ]
    return max(tasks, key=lambda task: task.ms, default=Task(0.0, 0.0))
