"""Many files as one (ZIP), sent while they are made."""

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote
from zipfile import ZIP_STORED

from fastapi.responses import StreamingResponse
from zipstream import ZipStream

from api.routes.press_line import PressLine

UNFIT = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
"""What Windows takes in no name of a file."""
Made = tuple[str, Callable[[], bytes]]


def archive(
    file_name: str, files: Iterable[Made], line: PressLine | None = None
) -> StreamingResponse:
    """An answer that browsers save: each file is made when its turn comes.

    `line`: where anybody may ask for it, so that only so many are sent at one time.

    Raises
    ------
    PressIsBusy
    """
    inside = ZipStream(compress_type=ZIP_STORED)  # PDFs are packed already
    for name, make in files:
        inside.add(_when_its_turn_comes(make), _harmless(name))
    saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name)}"}
    pieces = iter(inside) if line is None else line.archive(iter(inside))
    return StreamingResponse(pieces, media_type="application/zip", headers=saved)


def _harmless(path: str) -> str:
    """A path that stays in the folder it is unpacked in, whatever somebody named an area."""
    return "/".join(UNFIT.sub("＿", part).strip(". ") or "＿" for part in path.split("/"))


def _when_its_turn_comes(make: Callable[[], bytes]) -> Iterator[bytes]:
    yield make()
