"""How large a request may be (大きさの上限): refused before it is read, or while it comes in."""

import re
from collections.abc import Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEGABYTE = 1024**2
USUAL_MB, PHOTO_MB = 1, 20
PHOTO = re.compile(r"/[^/]+/(desk/places/\d+/photos|voice)/?")
FILES = re.compile(r"/[^/]+/desk/imports/.*")


class BodyLimit:
    """Refuses bodies that are too large, also those that do not say their length (chunked).

    It stands inside every other middleware: what it raises while the body comes in reaches the
    application's own handlers.
    """

    def __init__(
        self, app: ASGIApp, files_mb: int, too_large: Callable[[Request], Response]
    ) -> None:
        self._app = app
        self._files_mb = files_mb
        self._too_large = too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        request = Request(scope)
        if _told_length(request) > limit:
            await self._too_large(request)(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)

    def _limit(self, path: str) -> int:
        if FILES.fullmatch(path):
            return self._files_mb * MEGABYTE
        return (PHOTO_MB if PHOTO.fullmatch(path) else USUAL_MB) * MEGABYTE


def _told_length(request: Request) -> int:
    text = request.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0


def _counted(receive: Receive, limit: int) -> Receive:
    came = 0

    async def counted() -> Message:
        nonlocal came
        message = await receive()
        came += len(message.get("body", b""))
        if came > limit:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return counted
