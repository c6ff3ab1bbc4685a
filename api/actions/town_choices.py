"""Towns to choose from (町の選択): under the heading of their area, in the people's order."""

from collections.abc import Collection

from api.actions.locating import Land

ELSEWHERE = "圏域なし"


def town_choices(land: Land, areas: Collection[str] | None = None) -> dict[str, dict[int, str]]:
    """Heading → town id → name; `areas`: only the towns of these."""
    found: dict[str, dict[int, str]] = {name: {} for name in land.area_names.values()}
    for number, name in land.towns["name"].sort_values().items():
        code = land.area_of_town.get(int(str(number)))
        if areas is None or code in areas:
            heading = land.area_names[code] if code else ELSEWHERE
            found.setdefault(heading, {})[int(str(number))] = str(name)
    return {heading: towns for heading, towns in found.items() if towns}
