"""Draw the sample municipality, 汐見野市, a city that does not exist.

Usage: ``python data/boundaries/draw_sample.py [OUTDIR]``; without OUTDIR the files beside this
script are written anew. The same bytes come out every time.
"""

import sys
from pathlib import Path

from sample_city.files import write_all

if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
