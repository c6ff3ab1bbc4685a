"""The first page of the desk: what is waiting for whoever has signed in."""

from fastapi import APIRouter, Response

from api.accounts.roles import Right
from api.actions.badges import show_badges
from api.actions.find_records import NOWHERE
from api.actions.give_back import give_back
from api.actions.locating import Land
from api.actions.registers import REGISTERS
from api.actions.show_desk import show_desk
from api.actions.trainings import overdue_people
from api.actions.voices import count_waiting
from api.routes.desk import Desk, DeskDep
from api.routes.handing_on import land_of, pen_of
from web.words import percent, wareki

router = APIRouter(prefix="/{code}/desk", include_in_schema=False)


@router.get("/")
def home(desk: DeskDep) -> Response:
    """What is waiting: stale facts, drafts, what was sent back, what was submitted."""
    land = land_of(desk)
    told = desk.member.may(Right.ASSIGN) or desk.member.may(Right.PUBLISH)
    return desk.page(
        "home.html",
        view=show_desk(pen_of(desk), land),
        lost=show_badges(desk.session, desk.member.viewer, land).lost if told else [],
        words={register.key: register.word for register in REGISTERS.values()},
        nowhere=NOWHERE,
        voices=_waiting_voices(desk),
        can_add=_may_add(desk),
        sees_people=desk.member.may(Right.PEOPLE),
        more=[
            *_overdue(desk),
            _given_back(land),
            *((path, words, about) for path, words, about, right in MORE if desk.member.may(right)),
        ],
    )


def _waiting_voices(desk: Desk) -> int:
    """How many residents have said something that nobody has answered."""
    if not desk.member.may(Right.PEOPLE):
        return 0
    return count_waiting(desk.session, desk.member.viewer, desk.code)


def _may_add(desk: Desk) -> bool:
    """A coordinator without an area has nowhere to write."""
    somewhere = desk.member.may(Right.EVERYWHERE) or bool(desk.member.areas)
    return desk.member.may(Right.RECORD) and somewhere


def _overdue(desk: Desk) -> list[tuple[str, str, str]]:
    """Whom somebody should have asked how it goes since their course, for whoever keeps courses."""
    if not desk.member.may(Right.ASSIGN):
        return []
    people = overdue_people(desk.session, desk.code, desk.today)
    names = "、".join(people[:5]) + ("ほか" if len(people) > 5 else "")
    about = f"予定の日を過ぎた人が {len(people)} 人います（{names}）"
    return [("trainings/", "研修のフォロー", about)] if people else []


def _given_back(land: Land) -> tuple[str, str, str]:
    """How much of what was entered residents can see, and were given on paper."""
    total = give_back(land).total
    if not total.entered:
        return ("handouts/", GIVEN_BACK, "公開したもの、紙で配ったもの、まだのもの")
    shares = (percent(share) for share in (total.published_share, total.handed_share))
    about = "公開した {}、紙で配った {}".format(*shares)
    last = f"（最後は{wareki(total.last_on)}）" if total.last_on else "（まだ記録がありません）"
    return ("handouts/", GIVEN_BACK, f"台帳の {total.entered} 件のうち、{about}{last}")


GIVEN_BACK = "住民への還元"
MORE: tuple[tuple[str, str, str, Right], ...] = (
    ("voices/", "住民の声", "地図のまちがい、ほしい場所や助け、手伝いの申し出", Right.PEOPLE),
    (
        "voices/slips",
        "紙の用紙を打ちこむ",
        "続けて何枚でも。キーボードだけで進めます",
        Right.PEOPLE,
    ),
    ("kit/", "話し合いの道具", "大きな地図、置き札、声の用紙、みなさんの声", Right.PEOPLE),
    ("needs/", "困りごと", "町ごとの数", Right.DESK),
    ("inbox/", "提出されたもの", "違いを見て、公開するか差し戻す", Right.PUBLISH),
    ("imports/", "ファイルの取り込み", "確かめてから書き込み、丸ごと取り消せる", Right.IMPORT),
    ("pauses/", "休止と再開", "休んでいる場と、再開の予定", Right.DESK),
    ("badges/", "まちかど介護相談所", "バッジのある場と、なくなった場", Right.DESK),
    ("contacts/", "地域との関わり", "知られる、わかってもらう、声が届く", Right.DESK),
    ("log/", "変更の記録", "だれが、いつ、何を変えたか", Right.LOG),
    ("views/", "閲覧の記録", "だれが、いつ、どの人の記録を見たか", Right.LOG),
)
"""Further rooms, and who sees their doors."""
