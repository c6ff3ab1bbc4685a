"""What routes of the desk hand on to actions: whose pen, which land, what version was read."""

from api.actions.locating import Land
from api.actions.save_record import Pen
from api.routes.desk import Desk, Form


def land_of(desk: Desk) -> Land:
    """The municipality's towns and areas, today."""
    return Land(desk.session, desk.tenant, desk.today)


def pen_of(desk: Desk) -> Pen:
    """Whoever asks, ready to write."""
    return Pen(desk.session, desk.tenant, desk.member, desk.today, desk.now)


def version_in(form: Form) -> int | None:
    """The version of the record the form was opened with."""
    text = form.one("version")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None
