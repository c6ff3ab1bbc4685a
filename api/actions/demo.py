"""Set up the sample municipality: the same imports any municipality makes, from data/boundaries."""

from datetime import date
from pathlib import Path

from sqlmodel import Session

from api.actions.import_files import import_files
from api.actions.importing import Order, Progress
from api.actions.init_municipality import init_municipality

CODE, NAME, PREFECTURE = "99201", "汐見野市", "みなと県"
FILES = (
    ("boundary", "boundary.geojson"),
    ("towns", "towns.geojson"),
    ("areas", "areas.csv"),
    ("population", "population.csv"),
    ("places", "places.csv"),
    ("organizations", "organizations.csv"),
    ("services", "services.csv"),
    ("supporters", "supporters.csv"),
    ("roads", "roads.geojson"),
    ("landmarks", "landmarks.geojson"),
)
CREDIT = "見本の市（架空のデータ）"


def set_up_demo(session: Session, folder: Path, today: date, progress: Progress) -> str:
    """Enter the sample municipality from `folder`; a second time changes nothing. Its code."""
    init_municipality(session, CODE, NAME, prefecture=PREFECTURE, actor="demo")
    for kind, name in FILES:
        progress(f"見本の市を用意しています: {name}")
        order = Order(kind, (folder / name,), today, constants={"source": CREDIT}, actor="demo")
        import_files(session, CODE, order)
    return CODE
