"""Maps larger than the printer (はり合わせる地図): an A1 as four A3 to tape together."""

from web.sheets.frame import MapFrame
from web.sheets.map_sheet import MapContent, drawn_map
from web.sheets.paper import MM, Paper, Way
from web.sheets.sheet import Common, Pill
from web.sheets.typeset import pdf

OVERLAP_PT = 8 * MM
"""By how much a sheet lies over the next one."""
WORDS = (("左上", "右上"), ("左下", "右下"))


def tiles_pdf(content: MapContent, way: Way) -> bytes:
    """The map on four sheets of A3 held that `way`, as PDF/UA-1, letters as large as on an A1."""
    paper, poster = Paper("A3", way), Paper("A1", way)
    wide, high = paper.inner_width_pt, paper.inner_height_pt - paper.type.line * 1.4
    size = 2 * wide - OVERLAP_PT, 2 * high - OVERLAP_PT
    pill = Pill.holding(len(content.points), poster.type.body)
    frame = MapFrame.around(content.about, *size)
    values = {
        **Common(paper, content.cover, pill, content.kinds).as_json(),
        "map": drawn_map(content, frame, pill, poster),
        "tiles": [
            {
                "x": column * (wide - OVERLAP_PT),
                "y": row * (high - OVERLAP_PT),
                "width": wide,
                "height": high,
                "words": WORDS[row][column],
            }
            for row in (0, 1)
            for column in (0, 1)
        ],
    }
    return pdf("tiles.typ", values, content.cover.on)
