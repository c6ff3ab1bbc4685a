"""What people steer by: water, woods, railway, schools, shops, shrines."""

from dataclasses import dataclass

import numpy as np
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from sample_city.gazetteer import towns
from sample_city.ground import forest, ground
from sample_city.places import spot
from sample_city.roads import STATIONS, bridges, railway, roads
from sample_city.terrain import KM, Noise, curve, generator, line_km, rectangle
from sample_city.towns import in_core, middles, shapes


@dataclass(frozen=True)
class Landmark:
    """目印: something to steer by, in local metres."""

    kind: str
    name: str
    shape: BaseGeometry
    kana: str = ""
    """The reading, where strangers would read the name wrongly."""

    @property
    def about(self) -> dict[str, str]:
        """Its attributes, as a municipality would publish them."""
        about = {"kind": self.kind, "name": self.name, "kana": self.kana}
        return about if self.kana else {"kind": self.kind, "name": self.name}


# kind: name @ town; each stands a short walk from the middle of its town's homes.
_POINTS = """
役所: 汐見野市役所@本町二丁目
図書館: 市立図書館@栄町
病院: 汐見野市民病院@末広町
診療所: みなと診療所@港町 緑が丘クリニック@緑が丘一丁目
診療所: 川東内科@東町二丁目 沖ノ島診療所@沖ノ島本浦
学校: 本町小学校@寺町 港小学校@汐入町 桜台小学校@桜台二丁目 川東小学校@川東一丁目
学校: 緑が丘小学校@緑が丘五丁目 西浜小学校@西浜一丁目 汐見小学校@大字下汐見 東野小学校@大字東野
学校: 中央中学校@弥生町 港中学校@松原町 川東中学校@川東三丁目 桜台中学校@桜台三丁目
学校: 緑が丘中学校@南平 汐見中学校@沢口
学校: 汐見野高校@若葉町
郵便局: 汐見野郵便局@駅前町 港郵便局@魚町 桜台郵便局@桜台一丁目 緑が丘郵便局@緑が丘二丁目
郵便局: 川東郵便局@東町一丁目 西浜郵便局@西浜二丁目 下汐見郵便局@大字下汐見 沖ノ島郵便局@沖ノ島本浦
交番・警察: 駅前交番@駅前町 緑が丘交番@緑が丘一丁目 港交番@浜町 川東交番@新川町
神社: 汐見八幡宮@宮ノ下 住吉神社@魚町 天満宮@川端町 宮前神社@大字宮前 山神社@大字上汐見
神社: 弁天社@沖ノ島本浦 稲荷神社@磯町
寺: 光明寺@寺町 西念寺@寺町 海蔵寺@岬町 大安寺@大字西田 東光寺@大字高田 薬師堂@湯ノ沢
スーパー: マルシオ駅前店@駅前町 マルシオ桜台店@桜台一丁目 フレッシュみなと@浜町
スーパー: マルシオ川東店@川東一丁目 緑が丘ストア@緑が丘二丁目 浜の市場@西浜一丁目
スーパー: マルシオ西町店@西町
温泉: 湯ノ沢温泉@湯ノ沢
道の駅: 道の駅しおみの@大字東浜
港: 汐見野港@港町 沖ノ島港@沖ノ島本浦
バス停: 本町二丁目@本町二丁目 市民病院前@末広町 栄町@栄町 寺町@寺町 西町@西町
バス停: 港町@港町 磯町@磯町 松原町@松原町 岬町@岬町 西浜一丁目@西浜一丁目 白砂海岸@白砂町
バス停: 東町一丁目@東町一丁目 川東団地@川東二丁目 中島町@中島町 新川町@新川町 今里@大字今里
バス停: 桜台一丁目@桜台一丁目 田中町@田中町 堤町@堤町 若葉町@若葉町 宮ノ下@宮ノ下
バス停: 緑が丘一丁目@緑が丘一丁目 緑が丘三丁目@緑が丘三丁目 緑が丘五丁目@緑が丘五丁目
バス停: 富士見町@富士見町 下汐見@大字下汐見 湯ノ沢温泉@湯ノ沢 沢口@沢口
バス停: 山口@大字山口 本浦港@沖ノ島本浦
コンビニ: しおマート駅前店@駅前町 しおマート港店@港町 しおマート東町店@東町二丁目
コンビニ: しおマート桜台店@桜台三丁目 しおマート緑が丘店@緑が丘四丁目 しおマート山口店@大字山口
保育園・幼稚園: 栄保育園@栄町 浜の子保育園@浜町 川東こども園@川東二丁目 桜台幼稚園@桜台二丁目
保育園・幼稚園: 緑が丘保育園@緑が丘二丁目
公共施設: 中央公民館@弥生町 港市民センター@港町 川東市民センター@川東一丁目
公共施設: 緑が丘市民センター@緑が丘一丁目 汐見交流館@大字下汐見
消防: 汐見野消防署@旭町 川東分署@東町一丁目
銀行: 汐見信用金庫本店@本町一丁目 しおみ銀行緑が丘支店@緑が丘一丁目
"""

# Names that even people from the next town read wrongly.
_READINGS = {
    "汐見野駅": "しおみのえき",
    "汐見野市役所": "しおみのしやくしょ",
    "汐見八幡宮": "しおみはちまんぐう",
    "西念寺": "さいねんじ",
    "海蔵寺": "かいぞうじ",
    "大安寺": "だいあんじ",
    "弁天社": "べんてんしゃ",
    "白砂海岸": "しらすなかいがん",
    "磯町": "いそまち",
}


def landmarks() -> list[Landmark]:
    """Return all landmarks: areas first, then lines, then points, in the order they are drawn."""
    return [*_areas(), *_lines(), *_points()]


def _areas() -> list[Landmark]:
    land = ground()
    named = [road.line for road in roads() if road.name]
    homes = [middles()[town.name] for town in towns()]
    woods = [Landmark("山林", "", wood) for wood in forest(homes, named)]
    named_ponds = zip(("平池", "柿木池", "新池"), land.ponds, strict=True)
    ponds = [Landmark("水面", name, pond) for name, pond in named_ponds]
    return [
        *woods,
        Landmark("水面", "汐見川", land.river),
        Landmark("水面", "湯ノ沢川", land.tributary),
        Landmark("水面", "汐見野港", land.harbour),
        *ponds,
        *_parks(),
    ]


def _parks() -> list[Landmark]:
    dry = ground().land.difference(ground().waters.buffer(6))
    plots: list[tuple[str, BaseGeometry]] = [
        ("中央公園", in_core(box(-0.37, -0.5, -0.16, -0.3))),
        ("港公園", in_core(box(0.56, -1.85, 0.95, -1.76))),
        ("緑が丘中央公園", blob(-3.02, 1.08, 120, 95)),
        ("城山公園", blob(-1.2, 0.5, 130, 110)),
        ("桜台公園", rectangle(-0.62, 1.02, 150, 100, 12)),
        ("川原緑地", LineString(curve([(1.42, 0.95), (1.33, 0.5), (1.5, 0.12)])).buffer(38)),
        ("川東運動公園", rectangle(3.3, 0.15, 300, 200, -18)),
        ("白砂海浜公園", line_km((-5.0, -2.66), (-4.6, -2.69), (-4.15, -2.75)).buffer(32)),
    ]
    return [Landmark("公園", name, plot.intersection(dry)) for name, plot in plots]


def blob(x_km: float, y_km: float, wide_m: float, high_m: float) -> Polygon:
    """Return a rounded plot of ground."""
    turn = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    ring = np.column_stack([wide_m * np.cos(turn), high_m * np.sin(turn)])
    ring += np.array([x_km, y_km]) * KM
    size = 1 + 0.12 * Noise("plots", (160, 90))(ring)
    middle = ring.mean(axis=0)
    return Polygon(middle + (ring - middle) * size[:, None])


def _lines() -> list[Landmark]:
    ferry = curve([(-0.55, -2.95), (-0.95, -3.22), (-0.7, -3.75), (2.0, -4.75), (5.0, -5.35),
                   (5.17, -4.98)])  # fmt: skip
    return [
        *(Landmark("鉄道", name, line) for name, line in railway()),
        Landmark("航路", "汐見野港―沖ノ島", LineString(ferry)),
    ]


def _points() -> list[Landmark]:
    rng = generator("landmarks")
    by_name = {town.name: town for town in towns()}
    out = [
        Landmark("駅", name, Point(x * KM, y * KM), _READINGS.get(name, ""))
        for name, x, y in STATIONS
    ]
    for row in _POINTS.strip().splitlines():
        kind, _, listed = row.partition(": ")
        for entry in listed.split():
            name, _, town = entry.partition("@")
            at = spot(by_name[town], rng, (60, 230))
            out.append(Landmark(kind, name, at, _READINGS.get(name, "")))
    tip = shapes()["大字岬"].buffer(-60)
    south = min(tip.exterior.coords, key=lambda xy: xy[1])
    out.append(Landmark("灯台", "汐見岬灯台", Point(south)))
    return out + [Landmark("橋", name, at) for name, at in bridges()]
