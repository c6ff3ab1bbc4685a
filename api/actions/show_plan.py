"""A scenario as people read it (計画案の見せ方): headline, table, figure, towns, notes."""

from typing import Any

import shapely
from geopandas import GeoDataFrame, GeoSeries
from pandas import DataFrame
from sqlmodel import Session

from api.actions.coverage_answer import notes
from api.actions.load_community import AGES_IN_WORDS, Community
from api.actions.report_coverage import detour_of
from api.actions.scenarios import Move
from api.actions.try_scenario import Trial
from api.models import AreaScheme, Place
from api.store import frames
from api.store.visible import OFFICE_PUBLISHED, visible
from web.maps.plan_figure import PlanPlaces, plan_figure
from web.words import future_year, percent, wareki

MOST_LOSSES = 100
WAYS = {"straight": "直線", "estimate": "推計の道のり", "roads": "道路に沿って"}
FIGURE_WORDS = "いまと変えたあとの図。同じことが表にあります。"
DOES = {"add": "置く", "move": "移す", "close": "閉じる"}


def headline(trial: Trial) -> str:
    """What the scenario changes, in one line."""
    total, gained = trial.after.total, trial.gained
    share = percent(_ratio(total["covered"], total["population"]))
    if not trial.moves:
        return f"いま、歩いて通える人は {share} です。"
    if gained > 0:
        return f"歩いて通える人が {gained:,} 人ふえて、{share} になります。"
    if gained < 0:
        return f"歩いて通える人が {-gained:,} 人へって、{share} になります。"
    return f"歩いて通える人の数は変わりません（{share}）。"


def question_words(trial: Trial) -> str:
    """65歳以上・500 m（直線）・2040年（令和22年）の推計."""
    question, community = trial.before.question, trial.before.community
    year = community.future.year
    when = future_year(year) if year else f"人口は{wareki(community.survey_date)}"
    age = AGES_IN_WORDS[community.age]
    return f"{age}・{question.distance_m:,.0f} m（{WAYS[question.walking]}）・{when}"


def area_rows(trial: Trial) -> list[dict[str, Any]]:
    """The table: an area a row, before and after."""
    return [
        row
        | {
            "gained": int(row["covered_after"] - row["covered_before"]),
            "ratio_before": _ratio(row["covered_before"], row["population"]),
            "ratio_after": _ratio(row["covered_after"], row["population"]),
        }
        for _, row in frames.each(trial.areas)
    ]


def move_words(move: Move) -> str:
    """北の家を置く（定員20人）."""
    room = f"（定員{move.capacity_people:,}人）" if move.capacity_people is not None else ""
    return f"{move.name} を{DOES[move.do]}{room}"


def town_rows(trial: Trial) -> list[tuple[str, int]]:
    """Towns that gain, most first, then towns that lose."""
    return [(str(row["name"]), int(row["gained"])) for _, row in frames.each(trial.towns)]


def trial_notes(trial: Trial) -> list[str]:
    """What a reader must know, sources last."""
    community = trial.before.community
    credits = dict.fromkeys(source.credit for source in community.sources.values())
    return [
        "カバー率は、通える距離に通いの場がある人の割合で、参加している人の割合ではありません。",
        *notes(trial.before),
        "出典：" + "、".join(credits),
    ]


def figure_of(trial: Trial) -> str:
    """The map of before and after, as SVG."""
    before, after = trial.before.community, trial.after.community
    question = trial.before.question
    shapes = before.towns.geometry.reindex(trial.towns.index)
    towns = GeoDataFrame(trial.towns[["gained"]], geometry=shapes, crs=before.towns.crs)
    circles = None if question.walking == "roads" else question.distance_m / detour_of(question)
    return plan_figure(
        before.tenant.land(),
        GeoDataFrame(before.areas[["name", "geometry"]]),
        towns[towns.geometry.notna()],
        _places(trial, before, after),
        reach_m=circles,
        title=FIGURE_WORDS,
    )


def _places(trial: Trial, before: Community, after: Community) -> PlanPlaces:
    was, now = before.places.geometry, after.places.geometry
    movers = [m.place_id for m in trial.moves if m.do == "move"]
    moved = [number for number in movers if number is not None and number in now.index]
    stay = now[(now.index >= 0) & ~now.index.isin(moved)]
    return PlanPlaces(
        stay=GeoSeries(stay),
        closed=GeoSeries(was[~was.index.isin(now.index)]),
        moved=[(was[number], now[number]) for number in moved],
        added=GeoSeries(now[now.index < 0].sort_index(ascending=False)),
    )


def map_data(trial: Trial) -> dict[str, Any]:
    """What the map one clicks on draws, in degrees: where places will be, or were if they close.

    `number` is the move's place in the list, of those that can be put elsewhere.
    """
    before, after = trial.before.community.places, trial.after.community.places
    closed = before[~before.index.isin(after.index)]
    shifts = {m.place_id: number for number, m in enumerate(trial.moves) if m.do == "move"}
    adds = [number for number, m in enumerate(trial.moves) if m.do == "add"]
    places = [*_points(after), *_points(closed, "closed")]
    for point in places:
        if point["id"] in shifts:
            point |= {"state": "moved", "number": shifts[point["id"]]}
        if point["id"] < 0:
            point |= {"state": "added", "number": adds[-point["id"] - 1]}
    return {"places": places}


def _points(places: GeoDataFrame, state: str = "stay") -> list[dict[str, Any]]:
    degrees: Any = places.geometry.to_crs(frames.DEGREES)
    return [
        {
            "id": int(number),
            "name": str(name),
            "lon": round(point.x, 6),
            "lat": round(point.y, 6),
            "state": state,
        }
        for number, name, point in zip(places.index, places["name"], degrees, strict=True)
    ]


def loss_rows(community: Community, found: DataFrame) -> list[tuple[int, str, str, int]]:
    """Number, name, area and persons lost, of places whose closing would be felt."""
    areas = community.areas["name"]
    felt = found[found["lost"] > 0].head(MOST_LOSSES)
    return [
        (number, row["name"], str(areas.get(row["area_id"], "圏域なし")), int(row["lost"]))
        for number, row in frames.each(felt)
    ]


def place_names(session: Session, code: str) -> dict[int, str]:
    """Every published place by number."""
    rows = visible(Place, OFFICE_PUBLISHED, code, only=["id", "name"])
    found = frames.read(session, rows)
    return dict(zip(found["id"].astype(int), found["name"].astype(str), strict=True))


def scheme_names(session: Session, code: str) -> list[str]:
    """The ways the municipality is divided (区域区分), each once."""
    rows = frames.read(session, visible(AreaScheme, OFFICE_PUBLISHED, code, only=["name"]))
    return list(dict.fromkeys(rows["name"].astype(str)))


def plan_table(trial: Trial) -> tuple[list[str], list[list[Any]]]:
    """Header and rows for Excel."""
    age = AGES_IN_WORDS[trial.before.community.age]
    header = [
        "圏域", f"{age}（人）", "いま通える人", "変えたあと通える人", "増減（人）",
        "いまの割合", "変えたあとの割合", "いまの通いの場", "変えたあとの通いの場",
    ]  # fmt: skip
    rows = [
        [
            row["name"], row["population"], row["covered_before"], row["covered_after"],
            row["gained"], row["ratio_before"], row["ratio_after"],
            row["places_before"], row["places_after"],
        ]
        for row in area_rows(trial)
    ]  # fmt: skip
    return header, rows


def plan_layers(trial: Trial) -> dict[str, GeoDataFrame]:
    """What leaves as GeoPackage: places with what becomes of them, and towns that differ."""
    community = trial.before.community
    points = map_data(trial)["places"]
    table = DataFrame(points, columns=["name", "state", "lon", "lat"])
    shapes = shapely.points(table["lon"].astype(float), table["lat"].astype(float))
    places = GeoDataFrame(table[["name", "state"]], geometry=shapes, crs=frames.DEGREES)
    outlines = community.towns.geometry.reindex(trial.towns.index)
    towns = GeoDataFrame(trial.towns, geometry=outlines, crs=community.towns.crs)
    towns = towns[towns.geometry.notna()].to_crs(frames.DEGREES)
    areas = GeoDataFrame(
        trial.areas.iloc[: len(community.areas)],
        geometry=community.areas.geometry.to_numpy(),
        crs=community.areas.crs,
    ).to_crs(frames.DEGREES)
    return {"places": places, "towns": towns, "areas": areas}


def _ratio(part: float, whole: float) -> float | None:
    return round(float(part) / float(whole), 4) if whole else None
