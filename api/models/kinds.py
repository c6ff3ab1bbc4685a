"""Kinds of gathering places (通いの場の種類): the fixed table of codes and labels."""

from enum import StrEnum


class PlaceKind(StrEnum):
    """What sort of place it is (通いの場・拠点の種類)."""

    COMMUNITY_CENTER = "community_center"
    HALL = "hall"
    REST_HOUSE = "rest_house"
    WELFARE_CENTER = "welfare_center"
    EXERCISE = "exercise"
    SALON = "salon"
    CAFE = "cafe"
    HOBBY = "hobby"
    MEAL = "meal"
    CONSULTATION = "consultation"
    CARE_SITE = "care_site"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The word shown on screens and sheets."""
        return PLACE_KIND_LABELS[self]


PLACE_KIND_LABELS: dict[PlaceKind, str] = {
    PlaceKind.COMMUNITY_CENTER: "コミュニティセンター",
    PlaceKind.HALL: "公民館・集会所",
    PlaceKind.REST_HOUSE: "いこいの家",
    PlaceKind.WELFARE_CENTER: "福祉センター",
    PlaceKind.EXERCISE: "体操",
    PlaceKind.SALON: "サロン・お茶",
    PlaceKind.CAFE: "カフェ・認知症カフェ",
    PlaceKind.HOBBY: "趣味",
    PlaceKind.MEAL: "会食・食堂",
    PlaceKind.CONSULTATION: "相談窓口",
    PlaceKind.CARE_SITE: "介護事業所",
    PlaceKind.OTHER: "その他",
}
