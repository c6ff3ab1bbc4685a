"""Where what public bodies publish lies: `$YORIDOKORO_REAL_DATA`, or beside the checkout."""

import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def real_data(inside: str) -> Path | None:
    """A file or folder of the real data; None where it is missing, after one printed line."""
    path = Path(os.environ.get("YORIDOKORO_REAL_DATA", BESIDE)) / inside
    if path.exists():
        return path
    print(f"  No {inside}: set YORIDOKORO_REAL_DATA to the folder that holds it.")
    return None
