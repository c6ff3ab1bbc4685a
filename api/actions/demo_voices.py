"""What the sample's residents have said (見本の声): some answered, some waiting. All invented."""

from typing import Any

from api.actions.answer_voice import decline, look_into, note_need
from api.actions.save_record import Pen
from api.actions.send_suggestion import Sending, send_suggestion
from api.actions.voice_form import VoiceForm
from api.models import Suggestion
from api.models.columns import table_of
from api.store import frames
from api.store.visible import KEEPER, visible

FAR = "歩いて行ける所に、お茶を飲んで話せる場所がほしい"
HEAVY = "買い物の帰りに、重い荷物を持って坂をのぼるのがつらい"
SAID: tuple[dict[str, Any], ...] = (
    {"kind": "wish", "town": "大字谷口", "words": FAR},
    {"kind": "wish", "town": "松が丘", "words": HEAVY},
    {"kind": "wish", "town": "元町", "words": "カラオケの機械を新しくしてほしい"},
    {
        "kind": "missing",
        "town": "港町",
        "place_name": "稲荷神社のお茶の会",
        "words": "社務所で、毎月第1日曜の10時から集まっています",
    },
    {
        "kind": "wrong",
        "town": "港町",
        "place_name": "港町コミュニティセンター",
        "words": "土曜は、お昼までになりました",
    },
    {"kind": "offer", "town": "駅北一丁目", "words": "草取りと、網戸の張りかえなら手伝えます"},
)


def say_demo_voices(pen: Pen) -> None:
    """Send what is said, and answer the first four of them."""
    known = pen.land().towns
    towns = dict(zip(known["name"], known.index.astype(int).tolist(), strict=True))
    for number, said in enumerate(SAID):
        told = {key: words for key, words in said.items() if key != "town"}
        form = VoiceForm(**told, town_id=towns[said["town"]])
        sending = Sending(f"demo-{number}", pen.today, pen.now)
        send_suggestion(pen.session, pen.tenant, form, sending)
    far, heavy, machine, shrine = _numbers(pen)[:4]
    for voice, kind, words, town in ((far, "place", FAR, 0), (heavy, "shopping", HEAVY, 1)):
        need = {"kind": kind, "words": words, "printable": words, "anonymous": True}
        note_need(pen, *voice, need | {"town_id": towns[SAID[town]["town"]]})
    decline(pen, *machine, "機械は会館のものなので、町内会にお伝えしました。")
    look_into(pen, *shrine)


def _numbers(pen: Pen) -> list[tuple[int, int]]:
    """Id and version of each suggestion, in the order they came."""
    table = table_of(Suggestion)
    found = frames.read(
        pen.session, visible(Suggestion, KEEPER, pen.tenant.code, table.c.form_key.like("demo-%"))
    )
    return [(row["id"], row["version"]) for _, row in frames.each(found.sort_values("id"))]
