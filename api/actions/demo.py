"""Set up the sample municipality: the same imports any municipality makes, from data/boundaries."""

from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from api.accounts.keeping import list_accounts
from api.accounts.roles import Role
from api.actions.find_municipality import find_municipality
from api.actions.import_files import import_files
from api.actions.importing import Order, Progress
from api.actions.init_municipality import init_municipality
from api.actions.locating import Land
from api.actions.manage_accounts import open_account, renew_password
from api.store.changes import Hand

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
PEOPLE = (
    ("sc", "岡 みどり", Role.COORDINATOR),
    ("chief", "谷 ゆき", Role.CHIEF),
    ("plan", "原 けん", Role.PLANNER),
    ("admin", "西 まもる", Role.ADMINISTRATOR),
)
"""Who works at the sample's desk: invented, one for each role."""


def set_up_demo(session: Session, folder: Path, today: date, progress: Progress) -> str:
    """Enter the sample municipality from `folder`; a second time changes nothing. Its code."""
    init_municipality(session, CODE, NAME, prefecture=PREFECTURE, actor="demo")
    for kind, name in FILES:
        progress(f"見本の市を用意しています: {name}")
        order = Order(kind, (folder / name,), today, constants={"source": CREDIT}, actor="demo")
        import_files(session, CODE, order)
    return CODE


def seat_demo_people(
    session: Session, today: date, now: datetime
) -> list[tuple[str, str, Role, str]]:
    """Let somebody of each role work at the sample's desk: login, name, role, first password.

    Whoever has chosen a password of their own keeps it, and is not named again.
    """
    hand, land = Hand(CODE, "demo"), Land(session, find_municipality(session, CODE), today)
    known = {entry.login: entry for entry in list_accounts(session, CODE)}
    told = []
    for login, name, role in PEOPLE:
        if login not in known:
            areas = list(land.area_names)[:1] if role is Role.COORDINATOR else []
            _, password = open_account(session, hand, land, login, name, role, now=now, areas=areas)
        elif known[login].must_change:
            _, password = renew_password(session, hand, login)
        else:
            continue
        told.append((login, name, role, password))
    return told
