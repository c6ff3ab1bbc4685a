"""Take a backup of the whole store (控えをとる), or put one back (もどす)."""

from pathlib import Path

from sqlmodel import Session

from api.actions.importing import Progress
from api.store.backup import Restored, restore_backup, write_backup


def back_up(session: Session, path: Path, *, overwrite: bool, say: Progress) -> int:
    """Write all rows of the store into a file; how many there were."""
    return write_backup(session.get_bind().engine, path, overwrite=overwrite, say=say)


def put_back(session: Session, path: Path, *, replace: bool, say: Progress) -> Restored:
    """Put the rows of a backup into the store."""
    return restore_backup(session.get_bind().engine, path, replace=replace, say=say)
