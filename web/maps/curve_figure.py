"""The curve of a siting (届く人の伸び): how many people 1, 2 … 10 new places reach, as SVG."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 560.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 16.0, 16.0, 40.0, 44.0
INK, SOFT, BLUE = "#2b2722", "#ddd6cb", "#0b5fa5"
FACE = "BIZ UDPGothic, Noto Sans CJK JP, sans-serif"


def curve_figure(points: Sequence[tuple[int, int]], chosen: int, title: str) -> str:
    """Bars with their numbers above; the chosen count is filled, the others striped.

    Parameters
    ----------
    points : number of places and persons newly reached, in order.
    chosen : the number of places that is proposed.
    """
    most = max((people for _, people in points), default=1) or 1
    step = (WIDTH - LEFT - RIGHT) / max(len(points), 1)
    floor = HEIGHT - BOTTOM
    bars = []
    for place, (sites, people) in enumerate(points):
        x, tall = LEFT + place * step, (floor - TOP) * people / most
        fill = BLUE if sites == chosen else "url(#others)"
        bars.append(
            f'<rect x="{x + step * 0.14:.1f}" y="{floor - tall:.1f}" width="{step * 0.72:.1f}" '
            f'height="{tall:.1f}" fill="{fill}" stroke="{BLUE}"/>'
            f'<text x="{x + step / 2:.1f}" y="{floor - tall - 6:.1f}" text-anchor="middle" '
            f'font-size="13" font-weight="700" fill="{INK}">{people:,}</text>'
            f'<text x="{x + step / 2:.1f}" y="{floor + 19:.1f}" text-anchor="middle" '
            f'font-size="14" fill="{INK}">{sites}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FACE}"><title>{escape(title)}'
        f'</title><defs><pattern id="others" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="7" height="7" fill="#ffffff"/>'
        f'<rect width="2.4" height="7" fill="{BLUE}"/></pattern></defs>'
        f'<path d="M{LEFT} {floor}H{WIDTH - RIGHT}" stroke="{INK}"/>{"".join(bars)}'
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 5}" text-anchor="middle" font-size="14" '
        f'fill="{INK}">新しく置く数（か所）</text>'
        f'<text x="{LEFT}" y="18" font-size="14" fill="{INK}">新しく届く人（人）</text></svg>'
    )
