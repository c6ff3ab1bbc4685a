"""Many files as one (ZIP), sent while they are made."""

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote
from zipfile import ZIP_STORED

from fastapi.responses import StreamingResponse
from zipstream import ZipStream

Made = tuple[str, Callable[[], bytes]]


def archive(file_name: str, files: Iterable[Made]) -> StreamingResponse:
    """An answer that browsers save: each file is made when its turn comes."""
    inside = ZipStream(compress_type=ZIP_STORED)  # PDFs are packed already
    for name, make in files:
        inside.add(_when_its_turn_comes(make), name)
    saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name)}"}
    return StreamingResponse(inside, media_type="application/zip", headers=saved)


def _when_its_turn_comes(make: Callable[[], bytes]) -> Iterator[bytes]:
    yield make()
