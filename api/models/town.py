"""Town (町丁・字): the smallest named piece of land."""

from sqlalchemy import UniqueConstraint

from api.models.columns import Shaped, public


class Town(Shaped, table=True):
    """A town (町丁・字). Its shape is a polygon; drawn from its point, it is *approximate*."""

    __table_args__ = (UniqueConstraint("municipality_code", "name_key"),)

    id: int | None = public(default=None, primary_key=True)
    municipality_code: str = public(foreign_key="municipality.code", index=True)
    name: str = public()
    name_key: str = public()
    """The name folded so that 塩上町一丁目 and 塩上町１丁目 are one town."""
    key_code: str | None = public(default=None)
    """e-Stat's KEY_CODE, where the file had it."""
    lon: float = public()
    lat: float = public()
    """Its representative point (代表点), degrees."""
    points: str = public(default="")
    """Points of its 小字 as "lon lat;…" where there are several: the drawn shape uses them all."""
    approximate: bool = public(default=False)
    intake_id: int | None = public(default=None, foreign_key="intake.id")
