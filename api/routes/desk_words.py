"""What the desk says (机の言葉): its rooms, and what has just been done."""

from api.accounts.roles import Right

ROOMS: tuple[tuple[str, str, Right], ...] = (
    ("places/", "通いの場", Right.DESK),
    ("services/", "サービス", Right.DESK),
    ("supporters/", "担い手", Right.PEOPLE),
    ("organizations/", "団体", Right.DESK),
    ("assignments/", "担当", Right.DESK),
    ("../plan/", "計画", Right.DESK),
    ("accounts/", "アカウント", Right.ACCOUNTS),
)
"""The desk's rooms, and who sees their doors."""

DONE: dict[str, str] = {
    "saved": "保存しました。",
    "draft": "下書きとして保存しました。まだ提出していません。",
    "submitted": "提出しました。第1層の確認がすむと公開されます。",
    "published": "公開しました。",
    "returned": "差し戻しました。",
    "confirmed": "確認した日を今日にしました。",
    "closed": "終了の日を入れました。",
    "reopened": "ふたたび開きました。",
    "paused": "休止を記録しました。",
    "resumed": "再開を記録しました。",
    "undone": "取り消しました。まちがいなら、この取り消しも「これまでの変更」から取り消せます。",
    "undo-submitted": "元に戻すことを提出しました。公開中なので、第1層の確認がすむと変わります。",
    "same": "変わったところはありませんでした。",
    "photo": "写真を入れました。",
    "posting": "配置を記録しました。",
    "contact": "関わりを記録しました。",
    "handout": "配った紙を記録しました。",
    "photo-gone": "写真を外しました。",
    "password": "パスワードを変えました。",
    "imported": "取り込みました。",
    "settings": "設定を変えました。",
    "assigned": "担当を記録しました。",
    "account": "アカウントを変えました。",
    "training": "研修の記録を変えました。",
    "slip-gone": "用紙を取り消しました。",
    "plan-gone": "計画案を消しました。",
    "erased": "消しました。元にはもどせません。",
}
"""What has just been done, by the word in the address."""
