"""The command line as a person uses it: words in, exit code and two streams out."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api import cli


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass
class CommandLine:
    """Runs `yoridokoro` in this process, through the very function the console script calls."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def on(self, session: Session) -> "CommandLine":
        """The same, on the database of a session."""
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        url = engine.url.render_as_string(hide_password=False)
        self.monkeypatch.setenv("YORIDOKORO_DATABASE_URL", url)
        return self

    def __call__(self, *words: str | Path) -> Ran:
        """Run one command."""
        self.monkeypatch.setattr(sys, "argv", ["yoridokoro", *map(str, words)])
        self.capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        said = self.capsys.readouterr()
        return Ran(code, said.out, said.err)
