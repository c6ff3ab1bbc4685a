"""Find services (生活支援サービス) as a viewer may see them, with the areas they serve."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from geopandas import GeoDataFrame
from pandas import DataFrame
from sqlmodel import Session

from api.actions.draw_map import NoSuchArea
from api.actions.find_municipality import Tenant, find_municipality
from api.actions.report_coverage import UnknownKind
from api.actions.service_supply import offered_on
from api.exchange.characters import find_key
from api.models import Area, AreaScheme, Service
from api.models.columns import table_of
from api.models.kinds import SERVICE_GROUPS, SERVICE_KIND_LABELS, ServiceKind
from api.store import frames
from api.store.schemes import scheme_on
from api.store.visible import Viewer, visible

Areas = DataFrame | GeoDataFrame
ALL_KINDS = tuple(ServiceKind)


@dataclass(frozen=True)
class ServiceQuestion:
    """What is asked about services."""

    on: date
    kind: str = ""
    """A code or label of a type, or the name of a group; empty: all groups."""
    area: str = ""
    """Code of an area; empty: the whole municipality."""


@dataclass(frozen=True)
class Choice:
    """What was chosen: a type, a group of types, or everything."""

    key: str
    label: str
    kinds: tuple[ServiceKind, ...]
    group: str | None

    @property
    def columns(self) -> dict[str, tuple[ServiceKind, ...]]:
        """Columns of the table: the groups, or the types of the chosen group."""
        if self.group is None or len(SERVICE_GROUPS[self.group]) == 1:
            return dict(SERVICE_GROUPS)
        return {kind.value: (kind,) for kind in SERVICE_GROUPS[self.group]}


@dataclass(frozen=True)
class FoundServices:
    """Services that are offered on the day, and the municipality's areas."""

    tenant: Tenant
    question: ServiceQuestion
    choice: Choice
    areas: DataFrame
    """Index: id; code, name, rank, wkb: the areas of the first scheme, in the people's order."""
    services: DataFrame
    """Index: id; the public columns, `areas` as a frozenset of codes or None, in reading order."""

    @property
    def area_codes(self) -> list[str]:
        """Codes of the areas; where there are none, the whole municipality is one without code."""
        return list(self.areas["code"]) or [""]

    @property
    def area_names(self) -> dict[str, str]:
        """Code → name."""
        return dict(zip(self.areas["code"], self.areas["name"], strict=True)) or {
            "": self.tenant.name
        }

    def listed(self) -> DataFrame:
        """The services of the chosen type and area."""
        kinds = {kind.value for kind in self.choice.kinds}
        rows = self.services[self.services["kind"].isin(kinds)]
        if not self.question.area:
            return rows
        here = rows["areas"].map(lambda codes: codes is None or self.question.area in codes)
        return rows[here.astype(bool)]


def choice_named(text: str) -> Choice:
    """The type or group a word stands for: its code, its label or its heading.

    Raises
    ------
    UnknownKind
    """
    word = text.strip()
    if not word:
        return Choice("", "すべてのサービス", ALL_KINDS, None)
    if word in SERVICE_GROUPS:
        return Choice(word, word, SERVICE_GROUPS[word], word)
    by_label = {label: kind for kind, label in SERVICE_KIND_LABELS.items()}
    kind = by_label.get(ServiceKind(word).label if word in ALL_KINDS else word)
    if kind is None:
        raise UnknownKind(f"「{word[:30]}」というサービスの種類はありません。")
    return Choice(kind.value, kind.label, (kind,), kind.group)


def find_services(
    session: Session, code: str, viewer: Viewer, question: ServiceQuestion
) -> FoundServices:
    """Services the viewer may see that are offered on the day.

    Raises
    ------
    NoSuchMunicipality, NoSuchArea, UnknownKind
    """
    tenant = find_municipality(session, code)
    choice = choice_named(question.kind)
    areas = areas_on(session, tenant.code, viewer, question.on)
    if question.area and question.area not in set(areas["code"]):
        raise NoSuchArea(f"{tenant.name}に圏域「{question.area[:30]}」はありません。")
    return FoundServices(
        tenant, question, choice, areas, _services(session, viewer, tenant, question)
    )


def areas_on(session: Session, code: str, viewer: Viewer, on: date) -> DataFrame:
    """The areas (index: id) of the first scheme, as it holds on a day, in the people's order."""
    scheme = scheme_on(frames.read(session, visible(AreaScheme, viewer, code)), on)
    mine = table_of(Area).c.scheme_id == (-1 if scheme is None else scheme)
    areas = frames.read(session, visible(Area, viewer, code, mine))
    return areas.sort_values("rank").set_index("id")


def _services(
    session: Session, viewer: Viewer, tenant: Tenant, question: ServiceQuestion
) -> DataFrame:
    rows = frames.read(session, visible(Service, viewer, tenant.code)).set_index("id")
    rows = rows[offered_on(rows, question.on)]
    return in_reading_order(
        rows.assign(areas=rows["areas"].map(codes_in)), list(SERVICE_KIND_LABELS)
    )


def codes_in(text: str | None) -> frozenset[str] | None:
    """Areas as they are stored: a JSON list of codes; None is the whole municipality."""
    return frozenset(json.loads(text)) if text else None


def in_reading_order(rows: DataFrame, kinds: list[Any]) -> DataFrame:
    """Records by kind, in the order of the table of kinds, then by よみ."""
    order = {str(kind): number for number, kind in enumerate(kinds)}
    readings = rows["kana"].where(rows["kana"].notna(), rows["name"]).map(find_key)
    keys = DataFrame(
        {"kind": rows["kind"].map(lambda kind: order.get(str(kind), len(order))), "kana": readings},
        index=rows.index,
    )
    return rows.loc[keys.sort_values(["kind", "kana"], kind="stable").index]
