"""Everything configurable, read from the environment (`YORIDOKORO_…`)."""

import secrets
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent


LOOPBACK = ("127.0.0.1", "localhost", "::1")


class UnsafeSignOn(ValueError):
    """A sign-on that anybody on the way could answer for, or that does not know us."""


class NoAddress(ValueError):
    """What the settings name as our own address is none."""


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
    public_url: str | None = Field(
        default=None,
        description="Where residents reach this installation (https://…); none: as each one asks.",
    )
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
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Proxies (addresses, networks) whose X-Forwarded-For is believed.",
    )
    largest_upload_mb: int = Field(
        default=200, ge=1, le=4000, description="The largest file the desk takes in."
    )

    most_waiting_voices: int = Field(
        default=500, ge=1, le=100_000, description="How many suggestions may wait at one time."
    )

    secret: SecretStr = Field(
        default_factory=lambda: SecretStr(secrets.token_urlsafe(32)),
        min_length=16,
        description="Seals what a browser takes to the sign-on; none: a new one with every start.",
    )
    oidc_issuer: str | None = Field(
        default=None, description="The municipality's own sign-on (OpenID Connect): its issuer."
    )
    oidc_client_id: str = Field(default="", description="What it knows this installation as.")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="And by what secret.")
    oidc_label: str = Field(
        default="庁内の共通サインインで入る", description="The words on its button."
    )
    oidc_claim: str = Field(
        default="preferred_username",
        description="Which of its claims is the login name of an account here.",
    )

    @model_validator(mode="after")
    def _must_be_safe(self) -> Self:
        if self.oidc_issuer is None:
            return self
        there = urlsplit(self.oidc_issuer)
        near = there.scheme == "http" and (self.plain_http or there.hostname in LOOPBACK)
        if there.scheme != "https" and not near:
            raise UnsafeSignOn("oidc_issuer must begin with https://")
        if not self.oidc_client_id:
            raise UnsafeSignOn("oidc_issuer needs an oidc_client_id")
        return self

    @field_validator("public_url")
    @classmethod
    def _must_be_an_address(cls, address: str | None) -> str | None:
        if not address:
            return None
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise NoAddress(f"public_url {address} is not like https://example.lg.jp")
        return address.rstrip("/")

    @field_validator("data_dir")
    @classmethod
    def _must_exist(cls, folder: Path) -> Path:
        if not folder.is_dir():
            raise NoSuchFolder(f"data_dir {folder} is not a folder")
        return folder
