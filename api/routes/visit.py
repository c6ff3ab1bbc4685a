"""One visit to a municipality's pages: who looks at what, and whether they have it already.

ETag = digest of build, revision, today, the viewer's grants and the question. A 304 is answered
before a frame is loaded; computed answers are kept under the same key, so that they are never
shared between viewers with other grants.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request, Response
from sqlmodel import Session

from api.actions.find_municipality import Tenant, find_municipality
from api.routes.deps import CodeDep, SessionDep, SettingsDep, TodayDep
from api.routes.press_line import PressLine
from api.settings import Settings
from api.store.visible import RESIDENT, Viewer
from web.assets import BUILD

MOST_KEPT_BYTES = 128 * 1024**2
"""A sheet may have many megabytes, and anybody may ask for one in many ways."""


class Answers:
    """The last computed answers of this process, oldest out first."""

    def __init__(self, most: int, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._bytes = 0
        self._kept: OrderedDict[str, tuple[bytes, str]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Body and media type kept under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: str, body: bytes, media_type: str) -> None:
        """Keep an answer, letting the oldest go."""
        with self._lock:
            former, _ = self._kept.pop(key, (b"", ""))
            self._kept[key] = (body, media_type)
            self._bytes += len(body) - len(former)
            while len(self._kept) > self._most or self._bytes > self._most_bytes:
                _, (gone, _) = self._kept.popitem(last=False)
                self._bytes -= len(gone)


@dataclass(frozen=True)
class Visit:
    """A request about one municipality."""

    request: Request
    session: Session
    settings: Settings
    tenant: Tenant
    today: date
    viewer: Viewer = RESIDENT

    @property
    def code(self) -> str:
        """The municipality's code."""
        return self.tenant.code

    @property
    def base(self) -> str:
        """Where residents reach us, without a slash at its end; part of what is `asked` wherever
        it is written into an answer, or one visitor's Host would be kept for all.
        """
        return base_url(self.request, self.settings)

    def answer(
        self,
        asked: object,
        media_type: str,
        make: Callable[[], str | bytes],
        *,
        file_name: str | None = None,
        shown: bool = False,
        pressed: bool = False,
    ) -> Response:
        """304 for a browser that has it, the kept answer, or a new one from `make`.

        With a `file_name` browsers save the answer, unless it is to be `shown` first. `pressed`:
        it takes a turn at the press; whoever waited for the same as the one before finds it kept.

        Raises
        ------
        PressIsBusy
        """
        etag = self._etag(asked)
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if file_name is not None:
            how = "inline" if shown else "attachment"
            headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(file_name)}"
        if self.is_there_already(etag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        kept: Answers = self.request.app.state.answers
        found = kept.get(etag)
        if found is None:
            line: PressLine = self.request.app.state.press_line
            with line.turn() if pressed else nullcontext():
                found = kept.get(etag) if pressed else None
                if found is None:
                    found = _made(make(), media_type)
                    kept.keep(etag, *found)
        return Response(found[0], media_type=found[1], headers=headers)

    def is_there_already(self, etag: str) -> bool:
        """Weak comparison (RFC 9110, 13.1.2): the browser's tags with or without W/, or *."""
        asked = self.request.headers.get("if-none-match", "")
        tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
        return "*" in tags or etag.removeprefix("W/") in tags

    def _etag(self, asked: object) -> str:
        parts = (
            BUILD, self.tenant.code, self.tenant.revision, self.today, self.viewer.grants,
            self.request.url.path, asked,
        )  # fmt: skip
        digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
        return f'W/"{digest}"'


def _made(answer: str | bytes, media_type: str) -> tuple[bytes, str]:
    return answer.encode() if isinstance(answer, str) else answer, media_type


def base_url(request: Request, settings: Settings) -> str:
    """The address of this installation: as it is set, else as it was asked for."""
    return settings.public_url or str(request.base_url).rstrip("/")


def visit(
    request: Request, session: SessionDep, settings: SettingsDep, code: CodeDep, today: TodayDep
) -> Visit:
    """Open a visit; the municipality must exist."""
    return Visit(request, session, settings, find_municipality(session, code), today)


VisitDep = Annotated[Visit, Depends(visit)]
