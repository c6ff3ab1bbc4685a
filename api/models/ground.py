"""Road and Landmark (道路・目印): what people walk on and steer by."""

from api.models.columns import Shaped, public


class Road(Shaped, table=True):
    """A road or path (道路) as lines."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    name: str | None = public(default=None)
    kind: str | None = public(default=None)
    """国道, 県道, 市道 …, or OpenStreetMap's highway value, as the file says."""
    steps: bool = public(default=False)
    """階段."""
    slope: float | None = public(default=None)
    """Rise over run from end to end (勾配, 0.08 is 8%), whichever way; NULL: not known."""
    intake_id: int | None = public(default=None, foreign_key="intake.id")


class Landmark(Shaped, table=True):
    """Something to steer by (目印): a station, school, shrine; water, woods and rail as well."""

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    name: str | None = public(default=None)
    kana: str | None = public(default=None)
    """The reading (よみ), where the name is hard to read."""
    kind: str = public(default="その他", index=True)
    """A word of `landmark_kinds.LANDMARK_KINDS`, else what the file says."""
    intake_id: int | None = public(default=None, foreign_key="intake.id")
