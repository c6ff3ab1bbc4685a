"""Suggestions at the desk (住民の声): what waits for whom, and one of them in words."""

import json
from dataclasses import dataclass
from typing import Any

from pandas import DataFrame
from sqlmodel import Session

from api.actions.locating import Land
from api.actions.records import NoSuchRecord, Row
from api.actions.registers import Register
from api.actions.send_suggestion import WAITING
from api.actions.voice_numbers import in_print
from api.models import Place, Reply, Suggestion
from api.models.columns import table_of
from api.models.kinds import SUGGESTION_CHANNELS, SUGGESTION_KINDS, SUGGESTION_STATUSES
from api.store import frames
from api.store.pictures import Size, sent_picture
from api.store.visible import KEEPER, OFFICE, Viewer, visible
from web.words import wareki

STATUSES = SUGGESTION_STATUSES | {"correcting": "直したものが、公開の確認を待っています"}
"""As the desk says it: the sender reads 確認中 until the correction is published."""
PAGE = 200


@dataclass(frozen=True)
class Voice:
    """One suggestion in words, for whoever is in charge."""

    row: Row
    number: str
    kind: str
    where: str
    when: str
    channel: str
    status: str
    place: str | None

    @property
    def waits(self) -> bool:
        """Whether somebody still has to say what becomes of it."""
        return self.row["status"] in WAITING

    @property
    def short(self) -> str:
        """Its first words, to know it by in a list."""
        text = " ".join(filter(None, (self.row["place_name"], self.row["words"])))
        return f"{text[:30]}…" if len(text) > 30 else text


def list_voices(session: Session, viewer: Viewer, land: Land, *, waiting: bool) -> list[Voice]:
    """What waits to be looked at, the oldest first; or what was answered, the newest first.

    Raises
    ------
    Withheld
    """
    status = table_of(Suggestion).c.status
    where = status.in_(WAITING) if waiting else status.not_in(WAITING)
    found = frames.read(session, visible(Suggestion, viewer, land.tenant.code, where))
    rows = found if waiting else found.iloc[::-1].iloc[:PAGE]
    return _in_words(session, land, rows)


def count_waiting(session: Session, viewer: Viewer, code: str) -> int:
    """How many wait for this viewer."""
    where = table_of(Suggestion).c.status.in_(WAITING)
    return len(frames.read(session, visible(Suggestion, viewer, code, where, only=["id"])))


def find_voice(session: Session, viewer: Viewer, code: str, voice_id: int) -> Row:
    """One suggestion somebody may see. Raises `NoSuchRecord`, `Withheld`."""
    where = table_of(Suggestion).c.id == voice_id
    found = frames.read(session, visible(Suggestion, viewer, code, where))
    if found.empty:
        raise NoSuchRecord("この声は見つからないか、あなたの担当ではありません。")
    return next(row for _, row in frames.each(found))


def sent_photo(session: Session, viewer: Viewer, code: str, voice_id: int, size: Size) -> bytes:
    """The photo that came with a suggestion. Raises `NoSuchRecord`, `Withheld`."""
    find_voice(session, viewer, code, voice_id)
    found = sent_picture(session, voice_id, size)
    if found is None:
        raise NoSuchRecord("この写真は見つかりません。")
    return found


def show_voice(session: Session, land: Land, row: Row) -> Voice:
    """One suggestion in words."""
    return _in_words(session, land, DataFrame([row], dtype=object))[0]


def voices_of(session: Session, viewer: Viewer, land: Land, *where: Any) -> list[Voice]:
    """Those that meet a condition, the newest first."""
    found = frames.read(session, visible(Suggestion, viewer, land.tenant.code, *where))
    return _in_words(session, land, found.iloc[::-1])


def reply_of(session: Session, code: str, voice_id: int) -> Row:
    """What its sender reads."""
    where = table_of(Reply).c.suggestion_id == voice_id
    found = frames.read(session, visible(Reply, KEEPER, code, where))
    return next(row for _, row in frames.each(found))


def _in_words(session: Session, land: Land, rows: DataFrame) -> list[Voice]:
    here = table_of(Place).c.id.in_([int(n) for n in rows["place_id"].dropna().unique()])
    wanted = visible(Place, OFFICE, land.tenant.code, here, only=["id", "name"])
    places = frames.read(session, wanted).set_index("id")["name"].to_dict()
    return [
        Voice(
            row=row,
            number=in_print(row["number"]),
            kind=SUGGESTION_KINDS.get(row["kind"], row["kind"]),
            where=where_words(land, row),
            when=wareki(row["heard_on"]),
            channel=SUGGESTION_CHANNELS.get(row["channel"], row["channel"]),
            status=STATUSES[row["status"]],
            place=places.get(row["place_id"]),
        )
        for _, row in frames.each(rows)
    ]


def where_words(land: Land, row: Row) -> str:
    """西圏域・北西町, or what is known of it."""
    town = row["town_id"]
    codes = json.loads(row["areas"] or "[]")
    code = land.area_of_town.get(town) if town is not None else None
    names = [land.area_names.get(each, each) for each in ([code] if code else codes)]
    if town is not None and town in land.towns.index:
        names.append(str(land.towns.at[town, "name"]))
    return "・".join(names) or "場所は書かれていません"


def places_to_correct(session: Session, land: Land, row: Row) -> dict[int, str]:
    """Places it may be about: the one it names, then the nearest to its pin, then by name."""
    wanted = ["id", "name", "min_lon", "min_lat", "closed_on"]
    found = frames.read(session, visible(Place, OFFICE, land.tenant.code, only=wanted))
    found = found.assign(far=[_far(row, lon, lat) for lon, lat in _points(found)])
    found["first"] = found["id"] != row["place_id"]
    found = found.sort_values(["first", "far", "name"])
    return dict(zip(found["id"].astype(int), found["name"], strict=True))


def _points(places: DataFrame) -> Any:
    return zip(places["min_lon"], places["min_lat"], strict=True)


def _far(row: Row, lon: float | None, lat: float | None) -> float:
    """How far from the pin, for an order only: a degree of longitude is 0.8 of one of latitude."""
    if row["lon"] is None or lon is None or lat is None:
        return 0.0
    return float(((lon - row["lon"]) * 0.8) ** 2 + (lat - row["lat"]) ** 2)


def prefilled(register: Register, row: Row) -> Row:
    """What a form for a new record starts from: a place of that name, a supporter to call back."""
    if register.key == "places":
        return {"name": row["place_name"], "lon": row["lon"], "lat": row["lat"]}
    said = {"name": row["name"], "phone": row["phone"], "town_id": row["town_id"]}
    areas = {"areas": json.loads(row["areas"])} if row["areas"] else {}
    return said | areas | {"note": row["words"], "status": "to_call"}
