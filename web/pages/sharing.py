"""What a page tells of itself to whoever links to it: search engines, shared cards."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shared:
    """Title, description and picture of a page (共有カード), with absolute addresses."""

    title: str
    description: str
    url: str
    """Its one true address (canonical)."""
    picture: str
    picture_words: str
