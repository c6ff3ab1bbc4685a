"""The towns of the city, as a clerk would list them: names, areas, people, and what meets where.

Names are the kind found in any Japanese city; none belongs to one real place.
"""

from dataclasses import dataclass

AREAS = {
    "99201-1": "中央圏域",
    "99201-2": "港圏域",
    "99201-3": "川東圏域",
    "99201-4": "川西圏域",
    "99201-5": "緑が丘圏域",
    "99201-6": "山の手・島圏域",
}


@dataclass(frozen=True)
class Town:
    """町丁・字: a named piece of land, the middle of its homes (local km), and its people.

    ``places`` has one letter per gathering place (``venues.KINDS``); where empty, a blank may be.
    Towns of the old centre have no middle here: it follows from their block.
    """

    key: str
    name: str
    kana: str
    area: str
    people: int
    older_share: float
    life: str
    places: str
    x_km: float = float("nan")
    y_km: float = float("nan")

    @property
    def in_core(self) -> bool:
        """Whether the town is a block of the old centre."""
        return self.x_km != self.x_km


# number, town | 丁目, kana, area, people, share 65+, life, places [, x, y]
_ROWS = """
1010.1 駅北一丁目 えききたいっちょうめ 1 1120 .22 flats TS
1010.2 駅北二丁目 えききたにちょうめ 1 1240 .24 flats CH
1020 錦町 にしきちょう 1 860 .31 town TS
1030 末広町 すえひろちょう 1 980 .29 town KS
1040 川端町 かわばたちょう 1 720 .34 town TS
1050 弥生町 やよいちょう 1 940 .30 town KHT
1060 栄町 さかえまち 1 760 .27 town OS
1070 駅前町 えきまえちょう 1 1310 .18 flats CHO
1080 旭町 あさひまち 1 900 .28 town STH
1090 幸町 さいわいちょう 1 820 .33 town KS
1100 柳町 やなぎまち 1 640 .37 town IST
1110 寺町 てらまち 1 520 .41 town ZT
1120.1 本町一丁目 ほんまちいっちょうめ 1 610 .36 town KTH
1120.2 本町二丁目 ほんまちにちょうめ 1 580 .38 town FOHT
1120.3 本町三丁目 ほんまちさんちょうめ 1 640 .35 town SZT
1130 元町 もとまち 1 560 .39 town KSH
1140 船場町 せんばちょう 1 590 .40 town TS
1150 西町 にしまち 1 1080 .32 town - -2.15 -1.35
2010 魚町 うおまち 2 480 .45 harbour KS
2020 港町 みなとまち 2 690 .42 harbour CTO
2030 浜町 はままち 2 730 .41 harbour IHS
2040 南浜町 みなみはまちょう 2 310 .30 flats T
2050 汐入町 しおいりちょう 2 870 .43 harbour -
2060 磯町 いそまち 2 560 .47 harbour KT -1.95 -2.4
2070 松原町 まつばらちょう 2 830 .36 town - -2.75 -2.35
2080 岬町 みさきちょう 2 340 .49 harbour ZS -2.72 -3.55
2090 大字岬 おおあざみさき 2 120 .55 harbour - -2.5 -4.6
2100.1 西浜一丁目 にしはまいっちょうめ 2 780 .37 town KTOS -3.75 -2.4
2100.2 西浜二丁目 にしはまにちょうめ 2 690 .39 town - -4.45 -2.4
2110 白砂町 しらすなちょう 2 410 .44 harbour - -5.15 -2.45
2120 大字西浦 おおあざにしうら 2 220 .53 harbour K -6.2 -2.55
3010.1 東町一丁目 ひがしまちいっちょうめ 3 1060 .29 town KTS 2.5 -0.75
3010.2 東町二丁目 ひがしまちにちょうめ 3 980 .31 town CHO 3.05 -0.75
3020.1 川東一丁目 かわひがしいっちょうめ 3 1180 .27 suburb TS 2.35 0.1
3020.2 川東二丁目 かわひがしにちょうめ 3 1050 .34 town - 2.35 0.75
3020.3 川東三丁目 かわひがしさんちょうめ 3 890 .38 town - 2.95 0.45
3030 中島町 なかじまちょう 3 640 .43 town KS 2.15 -2.05
3040 洲崎町 すさきちょう 3 470 .46 harbour - 2.4 -2.95
3050 新川町 しんかわちょう 3 910 .30 town SHT 3.2 -1.5
3060 東浜町 ひがしはまちょう 3 840 .35 town - 3.75 -2.2
3070 大字東浜 おおあざひがしはま 3 560 .44 village - 5.6 -2.05
3080 大字今里 おおあざいまざと 3 620 .36 suburb - 4.2 -0.75
3090 大字高田 おおあざたかだ 3 430 .42 village KT 5.3 -0.65
3100 大字柿木 おおあざかきのき 3 310 .47 village - 5.5 0.75
3110 大字東野 おおあざひがしの 3 480 .41 village KT 3.85 0.75
3120 大字宮前 おおあざみやまえ 3 590 .39 village ZST 2.45 1.55
4010.1 桜台一丁目 さくらだいいっちょうめ 4 1340 .20 suburb CTHS -0.75 0.85
4010.2 桜台二丁目 さくらだいにちょうめ 4 1280 .21 suburb ST -0.2 0.75
4010.3 桜台三丁目 さくらだいさんちょうめ 4 1190 .23 suburb TOH -0.5 1.35
4020 田中町 たなかちょう 4 930 .30 suburb - 0.45 0.45
4030 堤町 つつみちょう 4 780 .35 town KST 1.05 0.25
4040 川原町 かわらまち 4 690 .40 town ITS 1.2 0.95
4050 下川原 しもがわら 4 450 .44 village - 0.75 1.65
4060 大字新田 おおあざしんでん 4 620 .38 village KH 0.2 1.35
4070 若葉町 わかばちょう 4 1010 .25 suburb TS -1.45 -0.05
4080 宮ノ下 みやのした 4 540 .39 village ZK -1.3 1.35
5010.1 緑が丘一丁目 みどりがおかいっちょうめ 5 1120 .44 newtown CTSHO -2.55 0.85
5010.2 緑が丘二丁目 みどりがおかにちょうめ 5 1180 .46 newtown T -3.05 0.65
5010.3 緑が丘三丁目 みどりがおかさんちょうめ 5 1090 .48 newtown - -3.78 1.0
5010.4 緑が丘四丁目 みどりがおかよんちょうめ 5 1230 .47 newtown - -3.4 1.6
5010.5 緑が丘五丁目 みどりがおかごちょうめ 5 980 .45 newtown - -2.75 1.55
5020 松が丘 まつがおか 5 860 .40 newtown KS -2.05 0.35
5030 東平 ひがしひら 5 690 .33 suburb THK -2.2 -0.4
5040 南平 みなみひら 5 740 .35 suburb - -3.0 -0.3
5050 大字西田 おおあざにしだ 5 520 .42 village - -3.05 -1.15
5060 富士見町 ふじみちょう 5 650 .38 town - -3.5 -1.75
6010 大字上汐見 おおあざかみしおみ 6 260 .54 village - 0.5 4.35
6020 大字下汐見 おおあざしもしおみ 6 410 .48 village TZ 0.35 3.15
6030 湯ノ沢 ゆのさわ 6 330 .51 village ISK -2.25 3.25
6040 大字奥沢 おおあざおくさわ 6 140 .55 village - -3.75 4.3
6050 沢口 さわぐち 6 380 .47 village KT -0.75 2.55
6060 大字谷口 おおあざたにぐち 6 290 .50 village - 1.95 3.05
6070 大字東谷 おおあざひがしだに 6 160 .55 village - 2.3 4.1
6080 大字大野 おおあざおおの 6 240 .52 village KS 4.75 3.0
6090 大字山口 おおあざやまぐち 6 450 .45 village - 3.9 2.05
6100 大字鳥越 おおあざとりごえ 6 130 .55 village - -5.05 0.35
6110 沖ノ島本浦 おきのしまほんうら 6 210 .55 harbour KS 5.2 -4.8
6120 沖ノ島北浦 おきのしまきたうら 6 70 .55 harbour - 4.6 -4.45
"""


def towns() -> list[Town]:
    """Return the towns in the order of their numbers."""
    return [_town(row.split()) for row in _ROWS.strip().splitlines()]


def _town(cells: list[str]) -> Town:
    number, name, kana, area, people, share, life, places, *middle = cells
    block, _, part = number.partition(".")
    return Town(
        f"99201{block}{int(part or 0):02d}", name, kana, f"99201-{area}", int(people),
        float(share), life, places.strip("-"), *map(float, middle),
    )  # fmt: skip
