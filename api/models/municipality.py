"""Municipality (市町村): the tenant every row belongs to."""

from api.models.columns import Shaped, office, public


class Municipality(Shaped, table=True):
    """A municipality (市町村); its shape is the boundary (行政区域)."""

    code: str = public(primary_key=True, max_length=5)
    """全国地方公共団体コード without its check digit."""
    name: str = public()
    prefecture: str | None = public(default=None)
    plane_epsg: int | None = public(default=None)
    """The plane rectangular zone (平面直角座標系) all its lengths are measured in."""
    revision: int = public(default=0)
    """Rises in the same transaction as any change; ETags and caches are keyed by it."""
    intake_id: int | None = public(default=None)
    """The import the boundary came with: its source and date."""
    walk_m_per_min: int = public(default=50)
    """Pace of an older walker (歩く速さ): what sheets and pages turn metres into minutes by."""
    reviewed: bool = office(default=True)
    """第1層 looks at what 第2層 records before it is published; it may be switched off."""
    stale_months: int = office(default=12)
    """How old a confirmation may be before the record is listed for checking."""
    voice_contact: str | None = public(default=None)
    """Whom residents may phone instead of writing (住民の声の問い合わせ先): a name and a number."""
    needs_shown: bool = office(default=False)
    """Residents, too, see how many needs each town has (町ごとの困りごとの数)."""
