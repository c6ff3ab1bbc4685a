"""Signs of landmarks on paper (目印の記号), after the map symbols everybody learnt at school."""

TORII, DOT = "torii", "dot"
"""Signs that are drawn, not set in type."""
MARKS: dict[str, str] = {
    "駅": "駅",
    "役所": "◎",
    "学校": "文",
    "病院": "＋",
    "郵便局": "〒",
    "神社": TORII,
    "スーパー": "店",
    "道の駅": "店",
    "バス停": "バ",
    "寺": "卍",
    "交番・警察": "×",
    "コンビニ": "コ",
    "図書館": "本",
    "公共施設": "公",
    "港": "港",
    "消防": "消",
    "保育園・幼稚園": "園",
    "診療所": "医",
    "銀行": "銀",
    "店": "店",
    "温泉": "湯",
    "橋": DOT,
    "灯台": "灯",
    "山": "山",
    "教会": "教",
    "公園": DOT,
}
"""Kind → what stands in its box; kinds without a sign are not named on the map."""


def mark_of(kind: str) -> str:
    """What stands in the box of a kind: a letter, or one of the drawn signs."""
    return MARKS.get(kind, DOT)
