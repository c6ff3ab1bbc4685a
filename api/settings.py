"""Everything configurable, read from the environment (`YORIDOKORO_…`)."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent


class NoSuchFolder(ValueError):
    """A folder the settings name does not exist; better said at the start than found out later."""


class Settings(BaseSettings):
    """One installation of Yoridokoro."""

    model_config = SettingsConfigDict(env_prefix="YORIDOKORO_", frozen=True)

    database_url: str = Field(
        default="sqlite:///var/yoridokoro.sqlite",
        description="SQLite file, or postgresql+psycopg://… for an installation shared by many.",
    )
    data_dir: Path = Field(
        default=CHECKOUT / "data", description="Where boundaries/ with the sample lies."
    )
    tile_url: str | None = Field(
        default=None,
        description="Background tiles (地理院タイル など); none: the map draws its own ground.",
    )
    tile_credit: str = Field(default="", description="The words those tiles ask to be shown.")
    cached_answers: int = Field(
        default=256, ge=0, description="How many computed answers one process keeps."
    )

    plain_http: bool = Field(
        default=False,
        description="Let people sign in over plain http://, inside a closed network only.",
    )
    idle_minutes: int = Field(
        default=240, ge=5, le=1440, description="How long a session lasts unused."
    )
    session_hours: int = Field(default=14, ge=1, le=72, description="How long one lasts at most.")
    largest_upload_mb: int = Field(
        default=200, ge=1, le=4000, description="The largest file the desk takes in."
    )

    @field_validator("data_dir")
    @classmethod
    def _must_exist(cls, folder: Path) -> Path:
        if not folder.is_dir():
            raise NoSuchFolder(f"data_dir {folder} is not a folder")
        return folder
