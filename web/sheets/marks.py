"""Landmarks on paper (目印の記号): signs after the map symbols everybody learnt at school."""

MARKS: dict[str, str] = {
    "駅": "駅",
    "市役所": "◎",
    "役所": "◎",
    "小学校": "文",
    "中学校": "文",
    "学校": "文",
    "高校": "文",
    "病院": "＋",
    "郵便局": "〒",
    "神社": "torii",
    "寺": "卍",
    "交番": "×",
    "スーパー": "店",
    "店": "店",
    "図書館": "本",
    "公園": "dot",
    "道の駅": "店",
    "バス停": "バ",
    "温泉": "湯",
    "港": "港",
    "橋": "dot",
}
"""Kind → the sign in its box, those people steer by first; kinds left out are not named."""
