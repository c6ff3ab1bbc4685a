"""Now, wherever the server stands; today is always Asia/Tokyo, and handed on, never asked again."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """This moment, in UTC: what sessions and locks are measured by."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Japan."""
    return datetime.now(TOKYO).date()
