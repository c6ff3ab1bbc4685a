"""Enter a municipality into the store, or correct its name."""

import re

from pandas import DataFrame
from sqlalchemy import insert, update
from sqlmodel import Session

from api.models import Municipality
from api.models.columns import table_of
from api.models.prefectures import prefecture_of
from api.store import frames
from api.store.changes import Hand, log_changes, raise_revision
from api.store.visible import OFFICE, visible


class NotACode(ValueError):
    """Not 全国地方公共団体コード: five digits, or six with a right check digit."""


def five_digits(code: str) -> str:
    """The code without its check digit (検査数字).

    A sixth digit is checked by the rule of 全国地方公共団体コード仕様: 11 less the weighted sum
    (6, 5, 4, 3, 2) modulo 11, last digit.

    Raises
    ------
    NotACode
    """
    digits = code.strip()
    if not re.fullmatch(r"[0-9]{5,6}", digits):
        raise NotACode(f"市町村コードは5桁の数字です（読んだもの: {code}）。")
    if len(digits) == 6:
        weighted = sum(int(d) * w for d, w in zip(digits[:5], (6, 5, 4, 3, 2), strict=True))
        if (11 - weighted % 11) % 10 != int(digits[5]):
            raise NotACode(f"市町村コード {code} の最後の検査数字が合いません。")
    return digits[:5]


def init_municipality(
    session: Session, code: str, name: str, *, prefecture: str | None = None, actor: str = "cli"
) -> str:
    """Enter the municipality `code` under `name`; entering it again renames it. Its code."""
    code = five_digits(code)
    if not name.strip():
        raise NotACode("市町村の名前を入れてください。")
    values = {
        "name": name.strip(),
        "prefecture": prefecture if prefecture is not None else prefecture_of(code),
    }
    table = table_of(Municipality)
    known: DataFrame = frames.read(
        session, visible(Municipality, OFFICE, code, only=["code", *values])
    )
    hand = Hand(code, actor)
    if known.empty:
        session.connection().execute(insert(table).values(code=code, revision=1, **values))
        log_changes(session, hand, Municipality, [code], None, [values])
    elif (before := next(frames.each(known[list(values)]))[1]) != values:
        session.connection().execute(update(table).where(table.c.code == code).values(**values))
        log_changes(session, hand, Municipality, [code], [before], [values])
        raise_revision(session, code)
    session.commit()
    return code
