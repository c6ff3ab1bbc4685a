"""What publishers call the columns that many kinds of data share: code, point, address."""

Aliases = dict[str, str]
"""Our column → what others call it, separated by blanks."""

CODE = (
    "全国地方公共団体コード 市区町村コード 市町村コード 都道府県コード又は市区町村コード "
    "都道府県コードまたは市区町村コード 地方公共団体コード 団体コード 自治体コード "
    "行政区域コード N03_007 prefCode cityCode municipalityCode municipality_code city_code "
    "lgcode code"
)
POINT: Aliases = {
    "lat": "緯度 latitude lat 北緯 緯度世界測地系 緯度10進 Y_CODE y",
    "lon": "経度 longitude lon lng long 東経 経度世界測地系 経度10進 X_CODE x",
    "latlon": "緯度経度 緯度・経度 座標 位置情報 location latlng latlon 緯度,経度",
    "lonlat": "経度緯度 経度・緯度 lonlat lnglat 経度,緯度",
}

ADDRESS: Aliases = {
    "address": (
        "所在地_連結表記 住所 所在地 address 所在地住所 住所所在地 所在 住所地 施設住所 "
        "施設所在地 事業所住所 会場住所 開催場所住所 住所番地まで 所在地番地まで fullAddress "
        "場所"
    ),
    "address_prefecture": "所在地_都道府県 都道府県名 都道府県 prefName prefecture pref",
    "address_city": "所在地_市区町村 市区町村名 市町村名 cityName 所在市町村 市区町村 city",
    "address_town": "所在地_町字 町字 町名 大字町丁目名 町丁目",
    "address_number": "所在地_番地以下 番地以下 番地 地番",
    "building": "建物名等(方書) 建物名等 方書 建物名 ビル名 building",
}
