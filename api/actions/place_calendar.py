"""The calendar of one place (カレンダー): what a phone subscribes to."""

from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlmodel import Session

from api.actions.show_place import ShownPlace
from api.exchange.calendars import CalendarPlace, place_calendar
from api.models import Pause, Place
from api.models.columns import table_of
from api.store import frames
from api.store.history import public_versions
from api.store.visible import Viewer, visible

YEARS = 2
ASK_FIRST = "日程は変わることがあります。出かける前に、電話で確かめてください。"


def draw_calendar(session: Session, viewer: Viewer, place: ShownPlace, url: str) -> bytes:
    """Two years of a place's days from the first of this month, as iCalendar."""
    first, last = calendar_term(place)
    versions, changed = _version(session, viewer, place)
    phone = place.row["phone"]
    told = CalendarPlace(
        uid=f"place-{place.id}@{place.tenant.code}.yoridokoro",
        name=place.name,
        where=place.where_for_others,
        about=" ".join(filter(None, (place.when, phone and f"電話 {phone}", ASK_FIRST))),
        url=url,
        version=versions,
        changed=changed,
        lon_lat=place.lon_lat,
    )
    return place_calendar(told, place.days.as_rule(), first, last)


def calendar_term(place: ShownPlace) -> tuple[date, date]:
    """First and last day of the calendar: within two years, and while the place is there."""
    start = place.on.replace(day=1)
    end = start + relativedelta(years=YEARS) - timedelta(days=1)
    return max(start, place.days.first), min(end, place.days.last)


def _version(session: Session, viewer: Viewer, place: ShownPlace) -> tuple[int, datetime]:
    """How often what is public of a place or its pauses changed, and when last."""
    code = place.tenant.code
    of = table_of(Pause).c.place_id == place.id
    pauses = frames.read(session, visible(Pause, viewer, code, of, only=["id"]))
    records = {table_of(Place).name: [place.id], table_of(Pause).name: pauses["id"].tolist()}
    rows = frames.read(session, public_versions(viewer, code, records))
    unknown = datetime.combine(place.row["confirmed_on"] or place.on, datetime.min.time())
    at: datetime = max(rows["at"], default=unknown)
    return int(rows["versions"].sum()), at if at.tzinfo else at.replace(tzinfo=UTC)
