"""What long work is at, as commands show it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show what long work is at, on stderr: one moving line at a screen, plain lines elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda words: typer.echo(words, err=True)
        return
    with console.status("はじめています") as status:
        yield status.update
