"""The list residents are handed (ささえあいリスト): places, services and organizations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.draw_services import room_state
from api.actions.find_municipality import Tenant
from api.actions.find_services import (
    FoundServices,
    ServiceQuestion,
    codes_in,
    find_services,
    in_reading_order,
)
from api.actions.open_places import paused_on
from api.actions.place_areas import areas_of_places
from api.actions.service_supply import offered_on
from api.exchange.schedule_words import in_words
from api.exchange.schedules import from_json
from api.exchange.tables_out import csv_text
from api.models import Organization, Place
from api.models.kinds import (
    ORGANIZATION_KINDS,
    PLACE_KIND_LABELS,
    PlaceKind,
    ServiceKind,
)
from api.store import frames
from api.store.visible import Viewer, visible
from web.words import open_days, wareki

HEADER = (
    "区分", "種類", "名前", "よみ", "圏域", "いつ", "どこ", "対象", "費用", "空き", "内容",
    "電話", "確認日",
)  # fmt: skip
ASK = "くわしい場所はお問い合わせください"


@dataclass(frozen=True)
class Resource:
    """One line of the list, in words."""

    record: tuple[str, int]
    """Which record it tells of: its table and number."""
    kind: str
    name: str
    kana: str | None
    area: str
    when: str
    where: str
    target: str
    fee: str
    room: str
    note: str
    phone: str | None
    confirmed: str
    page: str | None = None
    """The address of its own page."""


@dataclass(frozen=True)
class Section:
    """One part of the list: places, services or organizations, by kind."""

    title: str
    lines: list[Resource] = field(default_factory=list)

    @property
    def by_kind(self) -> dict[str, list[Resource]]:
        """The lines under the label of their kind, in the order they stand."""
        found: dict[str, list[Resource]] = {}
        for line in self.lines:
            found.setdefault(line.kind, []).append(line)
        return found


@dataclass(frozen=True)
class ResourceList:
    """The list for the whole municipality, or for one area."""

    tenant: Tenant
    on: date
    area_code: str
    area_name: str
    areas: dict[str, str]
    """Code → name of every area: each has a list of its own."""
    sections: list[Section]

    @property
    def count(self) -> int:
        """How many lines there are."""
        return sum(len(section.lines) for section in self.sections)


def list_resources(
    session: Session, code: str, viewer: Viewer, on: date, area: str = ""
) -> ResourceList:
    """Everything that is published and open on the day, by kind and よみ.

    What serves the whole municipality stands in the list of every area. A place of which the
    public knows the area only stands there; one with a contact only, in the whole list.

    Raises
    ------
    NoSuchMunicipality, NoSuchArea
    """
    found = find_services(session, code, viewer, ServiceQuestion(on=on, area=area))
    lister = _Lister(session, found, viewer, on)
    return ResourceList(
        tenant=found.tenant,
        on=on,
        area_code=area,
        area_name=found.area_names[area] if area else "",
        areas={code: name for code, name in found.area_names.items() if code},
        sections=[
            Section("通いの場", lister.places()),
            Section("生活支援サービス", lister.services()),
            Section("団体", lister.organizations()),
        ],
    )


def resources_csv(found: ResourceList) -> str:
    """The list for Excel."""
    rows = [
        [
            section.title, line.kind, line.name, line.kana, line.area, line.when, line.where,
            line.target, line.fee, line.room, line.note, line.phone, line.confirmed,
        ]
        for section in found.sections
        for line in section.lines
    ]  # fmt: skip
    return csv_text(HEADER, rows)


@dataclass(frozen=True)
class _Lister:
    session: Session
    found: FoundServices
    viewer: Viewer
    on: date

    def rows(self, model: type[Place] | type[Organization]) -> DataFrame:
        code = self.found.tenant.code
        return frames.read(self.session, visible(model, self.viewer, code)).set_index("id")

    def places(self) -> list[Resource]:
        paused = paused_on(self.session, self.viewer, self.found.tenant.code, self.on)
        rows = self.rows(Place)
        rows = rows[offered_on(rows, self.on) & ~rows.index.isin(paused)]
        rows = self.here(rows.assign(areas=self.areas_of_places(rows)))
        ordered = in_reading_order(rows, list(PLACE_KIND_LABELS))
        return [self.place(number, row) for number, row in frames.each(ordered)]

    def areas_of_places(self, rows: DataFrame) -> Series:
        """The area each place lies in, or says it lies in; an empty set: none is told."""
        codes = areas_of_places(self.found.tenant, self.found.areas, rows)
        told = [frozenset() if code is None else frozenset({code}) for code in codes]
        return Series(told, index=rows.index, dtype=object)

    def services(self) -> list[Resource]:
        return [self.service(number, row) for number, row in frames.each(self.found.listed())]

    def organizations(self) -> list[Resource]:
        rows = self.rows(Organization)
        rows = self.here(rows.assign(areas=rows["areas"].map(codes_in)))
        ordered = in_reading_order(rows, list(ORGANIZATION_KINDS))
        return [self.organization(number, row) for number, row in frames.each(ordered)]

    def here(self, rows: DataFrame) -> DataFrame:
        area = self.found.question.area
        if not area:
            return rows
        mine = rows["areas"].map(lambda codes: codes is None or area in codes)
        return rows[mine.astype(bool)]

    def area_words(self, codes: frozenset[str] | None, nowhere: str) -> str:
        if codes is None:
            return "全域"
        names = [name for code, name in self.found.area_names.items() if code in codes]
        return "・".join(names) or nowhere

    def place(self, number: int, row: Mapping[str, Any]) -> Resource:
        withheld = row["location_kind"] != "point"
        return Resource(
            record=("place", number),
            kind=PlaceKind(row["kind"]).label,
            area=self.area_words(row["areas"], "" if withheld else "圏域なし"),
            when=when_in_words(row),
            where=where_in_words(row),
            target="",
            room="",
            page=f"/{self.found.tenant.code}/places/{number}",
            **_common(row),
        )

    def service(self, number: int, row: Mapping[str, Any]) -> Resource:
        return Resource(
            record=("service", number),
            kind=ServiceKind(row["kind"]).label,
            area=self.area_words(row["areas"], "圏域なし"),
            when=row["schedule_note"] or "",
            where=row["address"] or "",
            target=row["target"] or "",
            room=room_state(row["has_room"]).label,
            **_common(row),
        )

    def organization(self, number: int, row: Mapping[str, Any]) -> Resource:
        return Resource(
            record=("organization", number),
            kind=ORGANIZATION_KINDS.get(row["kind"], ORGANIZATION_KINDS["other"]),
            area=self.area_words(row["areas"], "圏域なし"),
            when="",
            where=row["address"] or "",
            target="",
            room="",
            **_common(row),
        )


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    confirmed = row["confirmed_on"]
    return {
        "name": row["name"],
        "kana": row["kana"],
        "fee": row.get("fee") or "",
        "note": row["note"] or "",
        "phone": row["phone"],
        "confirmed": wareki(confirmed) if confirmed else "まだ確認されていません",
    }


def when_in_words(row: Mapping[str, Any]) -> str:
    """When a place meets: its schedule, else the days and hours of a file; remarks after it."""
    if row["schedule"]:
        said = in_words(from_json(row["schedule"]))
    else:
        said = _joined(open_days(row["weekdays"]), _hours(row["opens_at"], row["closes_at"]))
    return "\u3000".join(filter(None, (said, row["schedule_note"])))


def where_in_words(row: Mapping[str, Any]) -> str:
    """Where a place is, as far as that is published."""
    if row["location_kind"] != "point":
        return ASK
    return _joined(row["address"], row["building"])


def _hours(opens_at: str | None, closes_at: str | None) -> str:
    return f"{opens_at or ''}〜{closes_at or ''}" if opens_at or closes_at else ""


def _joined(*parts: str | None) -> str:
    return " ".join(filter(None, parts))
