"""List services for programs: who offers what, and how each area is served."""

from datetime import date

from pydantic import BaseModel, Field
from sqlmodel import Session

from api.actions.find_services import FoundServices, ServiceQuestion, find_services
from api.actions.service_supply import Supply, supply
from api.models.kinds import SERVICE_GROUPS, ServiceKind
from api.store import frames
from api.store.visible import Viewer


class ServiceOut(BaseModel):
    """What is public about a service (生活支援サービス)."""

    id: int
    name: str
    kana: str | None
    kind: ServiceKind
    kind_label: str
    group: str
    areas: list[str] | None = Field(description="Codes of the areas served; null: all of them")
    organization: str | None
    target: str | None
    fee: str | None
    capacity_people: int | None
    has_room: bool | None = Field(description="Whether it takes new people; null: not known")
    transport: bool | None
    schedule_note: str | None
    address: str | None
    phone: str | None
    url: str | None
    note: str | None
    confirmed_on: date | None


class SupplyOut(BaseModel):
    """How one area is served with one group of services."""

    area: str | None = Field(description="Code; null where the municipality has no areas")
    area_name: str
    group: str
    state: Supply
    services: int
    with_room: int
    unknown: int = Field(description="Services of which nobody knows whether they have room")


class ServiceList(BaseModel):
    """Services, and how each area is served, by group."""

    on: date
    services: list[ServiceOut]
    supply: list[SupplyOut]


def list_services(
    session: Session, code: str, viewer: Viewer, question: ServiceQuestion
) -> ServiceList:
    """Services of the chosen type and area. Raises what `find_services` raises."""
    found = find_services(session, code, viewer, question)
    names = set(ServiceOut.model_fields)
    return ServiceList(
        on=question.on,
        services=[
            ServiceOut(
                **{name: value for name, value in row.items() if name in names - {"areas"}},
                id=record,
                areas=None if row["areas"] is None else sorted(row["areas"]),
                kind_label=ServiceKind(row["kind"]).label,
                group=ServiceKind(row["kind"]).group,
            )
            for record, row in frames.each(found.listed())
        ],
        supply=_supply(found),
    )


def _supply(found: FoundServices) -> list[SupplyOut]:
    table = supply(found.services, found.area_codes, SERVICE_GROUPS)
    names = found.area_names
    return [
        SupplyOut(area=area or None, area_name=names[area], group=group, **row)
        for (area, group), row in frames.each(table)
        if not found.question.area or area == found.question.area
    ]
