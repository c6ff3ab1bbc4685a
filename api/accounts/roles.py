"""What each role may do: one table, kept by every route (役割と権限)."""

from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to their municipality (役割)."""

    COORDINATOR = "coordinator"
    CHIEF = "chief"
    PLANNER = "planner"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The word shown on screen."""
        return ROLE_LABELS[self]


ROLE_LABELS: dict[Role, str] = {
    Role.COORDINATOR: "第2層コーディネーター",
    Role.CHIEF: "第1層コーディネーター",
    Role.PLANNER: "計画担当",
    Role.ADMINISTRATOR: "管理者",
}


class Right(StrEnum):
    """Something that may be granted (権限)."""

    DESK = "desk"
    """Open the desk and read what the office knows."""
    RECORD = "record"
    """Write down and submit, in one's own areas."""
    EVERYWHERE = "everywhere"
    """Do so in every area, and for what belongs to the whole municipality."""
    PUBLISH = "publish"
    """Look through what was submitted, and publish it."""
    PEOPLE = "people"
    """See supporters (担い手) by name: of one's own areas, or of all with EVERYWHERE."""
    ASSIGN = "assign"
    """Say who is in charge of which area, and keep their training."""
    LOG = "log"
    """Read the log of the whole municipality, and undo what anybody did."""
    IMPORT = "import"
    """Bring whole files in, and take them back."""
    PLAN = "plan"
    """Try out where places could go, and keep what comes of it."""
    ERASE = "erase"
    """Erase for good what is known of a person who asks for it."""
    ACCOUNTS = "accounts"
    """Open and close accounts, and choose the municipality's settings."""


GRANTS: dict[Role, frozenset[Right]] = {
    Role.COORDINATOR: frozenset({Right.DESK, Right.RECORD, Right.PEOPLE}),
    Role.CHIEF: frozenset(
        {Right.DESK, Right.RECORD, Right.EVERYWHERE, Right.PUBLISH, Right.PEOPLE}
        | {Right.ASSIGN, Right.LOG, Right.ERASE, Right.PLAN}
    ),
    Role.PLANNER: frozenset({Right.DESK, Right.PLAN}),
    Role.ADMINISTRATOR: frozenset(
        {Right.DESK, Right.RECORD, Right.EVERYWHERE, Right.PUBLISH}
        | {Right.ASSIGN, Right.LOG, Right.IMPORT, Right.ACCOUNTS, Right.PLAN}
    ),
}
"""A resident (住民) has no account and none of these."""
