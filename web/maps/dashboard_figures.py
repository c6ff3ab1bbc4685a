"""Small charts of the dashboard (一覧表の図): coverage beside participation, and its years."""

from collections.abc import Sequence
from html import escape

INK, SOFT, BLUE, BROWN = "#2b2722", "#ddd6cb", "#0b5fa5", "#8a5a12"
FACE = "BIZ UDPGothic, Noto Sans CJK JP, sans-serif"
WIDTH, ROW, NAME, TOP = 720.0, 46.0, 190.0, 34.0
LINE_W, LINE_H = 220.0, 96.0


def shares_figure(
    rows: Sequence[tuple[str, float | None, float | None]], goal: float, title: str
) -> str:
    """Bars of coverage (filled) and participation (striped), a dashed line at the national goal."""
    height = TOP + ROW * len(rows) + 26
    wide = WIDTH - NAME - 70

    def bar(y: float, share: float | None, fill: str) -> str:
        if share is None:
            return (
                f'<text x="{NAME + 4}" y="{y + 13}" font-size="14" fill="{INK}">わかりません</text>'
            )
        long = wide * min(share, 1)
        return (
            f'<rect x="{NAME}" y="{y}" width="{long:.1f}" height="16" fill="{fill}" '
            f'stroke="{INK}" stroke-width="0.6"/><text x="{NAME + long + 6:.1f}" y="{y + 13}" '
            f'font-size="14" fill="{INK}">{share:.0%}</text>'
        )

    body = [
        f'<text x="{NAME - 8}" y="{TOP + ROW * n + 24}" text-anchor="end" font-size="15" '
        f'font-weight="700" fill="{INK}">{escape(name)}</text>'
        f"{bar(TOP + ROW * n + 3, coverage, BLUE)}"
        f"{bar(TOP + ROW * n + 22, participation, 'url(#part)')}"
        for n, (name, coverage, participation) in enumerate(rows)
    ]
    at = NAME + wide * goal
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FACE}">'
        f"<title>{escape(title)}</title><defs>"
        f'<pattern id="part" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="7" height="7" fill="#fff6e5"/>'
        f'<rect width="3" height="7" fill="{BROWN}"/></pattern></defs>{"".join(body)}'
        f'<path d="M{at:.1f} {TOP - 6}V{height - 24}" stroke="{INK}" stroke-dasharray="5 4"/>'
        f'<text x="{at:.1f}" y="{height - 8}" text-anchor="middle" font-size="14" fill="{INK}">'
        f"国の目標 参加率{goal:.0%}</text>"
        f'<rect x="{NAME}" y="8" width="18" height="13" fill="{BLUE}"/>'
        f'<text x="{NAME + 24}" y="20" font-size="14" fill="{INK}">カバー率</text>'
        f'<rect x="{NAME + 120}" y="8" width="18" height="13" fill="url(#part)" stroke="{INK}" '
        f'stroke-width="0.6"/>'
        f'<text x="{NAME + 144}" y="20" font-size="14" fill="{INK}">参加率</text></svg>'
    )


def trend_figure(points: Sequence[tuple[str, float]], title: str) -> str:
    """One line over the years, first and last value written; nothing where one year is known."""
    if len(points) < 2:
        return ""
    step = (LINE_W - 70) / (len(points) - 1)
    dots = [
        (35 + n * step, LINE_H - 30 - (LINE_H - 52) * share) for n, (_, share) in enumerate(points)
    ]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in dots)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{BLUE}"/>' for x, y in dots)
    ends = "".join(
        f'<text x="{dots[n][0]:.1f}" y="{dots[n][1] - 9:.1f}" text-anchor="middle" font-size="14" '
        f'fill="{INK}">{points[n][1]:.0%}</text><text x="{dots[n][0]:.1f}" y="{LINE_H - 8}" '
        f'text-anchor="middle" font-size="14" fill="{INK}">{escape(points[n][0])}</text>'
        for n in (0, -1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LINE_W:.0f} {LINE_H:.0f}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FACE}"><title>{escape(title)}'
        f'</title><path d="M20 {LINE_H - 28}H{LINE_W - 20}" stroke="{SOFT}"/>'
        f'<path d="{line}" fill="none" stroke="{BLUE}" stroke-width="2.4"/>{marks}{ends}</svg>'
    )
