"""Draw the page of services: which areas have nobody, or nobody with room left; and who does it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from geopandas import GeoSeries
from pandas import DataFrame, Series
from sqlmodel import Session

from api.actions.draw_ground import roads_and_landmarks
from api.actions.draw_page import degrees, origin
from api.actions.find_services import FoundServices
from api.actions.service_supply import LABELS, Supply, supply, worst
from api.models import Town
from api.models.kinds import SERVICE_GROUPS, SERVICE_KIND_LABELS, ServiceKind
from api.settings import Settings
from api.store import frames
from api.store.visible import Viewer, visible
from web.assets import BUILD
from web.maps import folium_map
from web.maps.ground import ground
from web.pages import fill

SCRIPTS = ("yori-shapes.js", "yori-labels.js", "yori-ground.js", "yori-services.js")
STYLES = ("yori.css", "yori-map.css", "yori-services.css")


def draw_services(found: FoundServices, settings: Settings) -> str:
    """The page as the server sends it."""
    code = found.tenant.code
    address = f"/{code}/services/ground.json"
    values = _panel_values(found)
    return fill(
        "services.html",
        **values,
        build=BUILD,
        code=code,
        municipality=found.tenant.full_name,
        drawn=_map(found, settings, {"ground": {"url": address}}),
        styles=[folium_map.LEAFLET_CSS, *(f"/static/yori/{name}?{BUILD}" for name in STYLES)],
        scripts=[folium_map.LEAFLET_JS, *(f"/static/yori/{name}?{BUILD}" for name in SCRIPTS)],
        choices={
            group: {kind.value: kind.label for kind in kinds}
            for group, kinds in SERVICE_GROUPS.items()
        },
        tile_origin=origin(settings.tile_url),
    )


def draw_services_panel(found: FoundServices) -> str:
    """The panel alone, with the map's part inside: one request changes everything."""
    return fill("services_panel.html", **_panel_values(found))


def services_ground(session: Session, found: FoundServices, viewer: Viewer) -> dict[str, Any]:
    """The ground of the map, ready for JSON: it needs no people, only land."""
    tenant = found.tenant
    towns = frames.shaped(
        frames.read(session, visible(Town, viewer, tenant.code)).set_index("id"), tenant.zone
    )
    roads, landmarks = roads_and_landmarks(session, viewer, tenant)
    areas = frames.shaped(found.areas, tenant.zone)
    return ground(tenant.land(), towns, GeoSeries([], crs=tenant.zone), areas, roads, landmarks)


def _map(
    found: FoundServices, settings: Settings, sources: Mapping[str, Any]
) -> folium_map.DrawnMap | None:
    """The map, where anything is known of the land."""
    bounds = _bounds(found)
    if bounds is None:
        return None
    credit = settings.tile_credit if settings.tile_url else ""
    return folium_map.draw(
        bounds,
        {**sources, "credit": credit},
        tile_url=settings.tile_url,
        tile_credit=settings.tile_credit,
    )


def _bounds(found: FoundServices) -> tuple[float, float, float, float] | None:
    """What the map opens on: the chosen area, else all areas, else the boundary."""
    tenant, areas = found.tenant, found.areas
    if tenant.epsg is None:
        return None
    drawn = areas[areas["wkb"].notna()]
    here = drawn[drawn["code"] == found.question.area]
    shapes = frames.shaped(here if len(here) else drawn, tenant.zone)
    land = tenant.land()
    if len(shapes):
        return degrees(tuple(shapes.total_bounds), tenant.zone)
    return degrees(land.bounds, tenant.zone) if land is not None else None


def _panel_values(found: FoundServices) -> dict[str, Any]:
    table = supply(found.services, found.area_codes, found.choice.columns)
    chosen = states_of(found)
    listed = found.listed()
    question = found.question
    return {
        "found": found,
        "choice": found.choice,
        "area_name": found.area_names[question.area] if question.area else "",
        "title": _title(found, chosen),
        "sums": _sums(found, chosen),
        "headings": _headings(found),
        "rows": _rows(found, table),
        "missing_groups": _missing(found),
        "listed": _by_kind(found, listed),
        "count": len(listed),
        "all_href": f"/{found.tenant.code}/services",
        "labels": LABELS,
        "answer": _answer(found, chosen),
    }


def states_of(found: FoundServices) -> DataFrame:
    """How each area (index: code) is served with what was chosen: `services`, `state`.

    With nothing chosen, the worst of the groups that anybody offers anywhere.
    """
    if found.choice.key:
        columns = {"": tuple(found.choice.kinds)}
        return supply(found.services, found.area_codes, columns).droplevel("column")
    offered = {
        group: kinds for group, kinds in SERVICE_GROUPS.items() if group not in _missing(found)
    }
    table = supply(found.services, found.area_codes, offered)
    per_area = table.groupby(level="area", sort=False)
    counts = supply(found.services, found.area_codes, {"": tuple(ServiceKind)}).droplevel("column")
    if table.empty:
        return counts
    # A frame left to itself stores words as text, enumerated or not.
    states = {area: worst(some) for area, some in per_area["state"]}
    return counts.assign(state=Series(states, dtype=object).reindex(counts.index))


def _missing(found: FoundServices) -> list[str]:
    """Groups of which no service is registered anywhere: perhaps nobody wrote it down."""
    there = set(found.services["kind"])
    return [
        group
        for group, kinds in SERVICE_GROUPS.items()
        if not there & {kind.value for kind in kinds}
    ]


def _title(found: FoundServices, chosen: DataFrame) -> str:
    area, label = found.question.area, found.choice.label
    if area and found.choice.key:
        state: Any = chosen.at[area, "state"]
        return f"{found.area_names[area]}の{label}は「{state.label}」"
    if area:
        return f"{found.area_names[area]}で使えるサービス"
    tally = chosen["state"].value_counts()
    nobody, full = (int(tally.get(state, 0)) for state in (Supply.NONE, Supply.FULL))
    if not found.choice.key:
        good = int(tally.get(Supply.ROOM, 0))
        return f"どの分類にも空きがある圏域は、{len(chosen)}圏域のうち {good}圏域"
    if nobody and full:
        return f"{label}：提供なし {nobody}圏域、空きなし {full}圏域"
    if nobody:
        return f"{label}：{nobody}圏域に提供がありません"
    if full:
        return f"{label}：{full}圏域に空きがありません"
    return f"{label}：提供のない圏域はありません"


def _sums(found: FoundServices, chosen: DataFrame) -> list[dict[str, Any]]:
    """The legend with its answer: how many areas, and which."""
    names = found.area_names
    return [
        {
            "state": state.value,
            "label": state.label,
            "areas": [names[code] for code in chosen.index[chosen["state"] == state]],
        }
        for state in LABELS
    ]


def _headings(found: FoundServices) -> list[dict[str, Any]]:
    columns = found.choice.columns
    by_group = set(columns) == set(SERVICE_GROUPS)
    chosen = found.choice.group if by_group else found.choice.key
    return [
        {
            "key": key,
            "label": key if by_group else SERVICE_KIND_LABELS[ServiceKind(key)],
            "href": _address(found, kind=key),
            "chosen": key == chosen,
        }
        for key in columns
    ]


def _rows(found: FoundServices, table: DataFrame) -> list[dict[str, Any]]:
    rows = []
    for code, name in found.area_names.items():
        cells = [
            {"state": row["state"].value, "label": row["state"].label, "count": row["services"]}
            for _, row in frames.each(table[table.index.get_level_values("area") == code])
        ]
        chosen = code == found.question.area
        href = _address(found, area=code) if code else None
        rows.append({"name": name, "href": href, "cells": cells, "chosen": chosen})
    return rows


def _address(found: FoundServices, **changes: str) -> str:
    asked = {"kind": found.choice.key, "area": found.question.area} | changes
    words = urlencode({name: value for name, value in asked.items() if value})
    return f"/{found.tenant.code}/services" + (f"?{words}" if words else "")


def _by_kind(found: FoundServices, listed: DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "label": SERVICE_KIND_LABELS[ServiceKind(str(kind))],
            "services": [service_values(found, row) for _, row in frames.each(rows)],
        }
        for kind, rows in listed.groupby("kind", sort=False)
    ]


def room_state(has_room: bool | None) -> Supply:
    """Whether one service has room, in the words of the areas."""
    if has_room is None:
        return Supply.UNKNOWN
    return Supply.ROOM if has_room else Supply.FULL


def service_values(found: FoundServices, row: Mapping[str, Any]) -> dict[str, Any]:
    """One service as the list shows it."""
    names = found.area_names
    areas = row["areas"]
    where = "全域" if areas is None else "・".join(n for code, n in names.items() if code in areas)
    return {**row, "where": where or "圏域なし", "room": room_state(row["has_room"])}


def _answer(found: FoundServices, chosen: DataFrame) -> dict[str, Any]:
    """What the map shows of the answer, by area."""
    areas = {
        code: {
            "state": row["state"].value,
            "words": row["state"].label,
            "count": row["services"],
            "href": _address(found, area=code),
            "chosen": code == found.question.area,
        }
        for code, row in frames.each(chosen)
    }
    return {"areas": areas, "label": found.choice.label, "counted": bool(found.choice.key)}
