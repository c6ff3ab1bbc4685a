"""Write the rows an import refused to a CSV, with the reasons in front, ready to be corrected."""

from pathlib import Path

import pandas as pd

from api.actions.importing import Outcome
from api.exchange.tables_out import csv_text


def write_rejects(outcome: Outcome, path: Path) -> int:
    """Write every refused row of every file; how many there are."""
    frames = [frame.astype(object) for frame in outcome.rejects if len(frame)]
    if not frames:
        path.write_text(csv_text(["理由"], []), "utf-8", newline="")
        return 0
    rows = pd.concat(frames, ignore_index=True)
    plain = rows.where(rows.notna(), None)
    path.write_text(csv_text(list(map(str, rows.columns)), plain.to_numpy()), "utf-8", newline="")
    return len(rows)
