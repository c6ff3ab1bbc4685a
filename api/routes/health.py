"""Whether the server lives, and whether it can answer."""

from fastapi import APIRouter
from sqlalchemy import text

from api.routes.deps import SessionDep

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(session: SessionDep) -> dict[str, str]:
    """The store answers, too."""
    session.connection().execute(text("SELECT 1"))
    return {"status": "ok"}
