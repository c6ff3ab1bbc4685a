"""Numbers of suggestions (受付番号): short, not to be guessed, told apart in anybody's handwriting.

Seven signs by chance and a last one that follows from them, so that a slip of the pen is noticed.
None of 0 O, 1 I L, 2 Z, 5 S, 8 B, U V is used.
"""

import secrets
import unicodedata

SIGNS = "34679ACDEFGHJKMNPQRTWXY"
"""A prime number of signs: one wrong, or two of the seven changed about, never fit the last."""
LENGTH = 8


def new_number() -> str:
    """A number by chance; whoever stores it looks whether it is free."""
    return with_check("".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1)))


def with_check(signs: str) -> str:
    """Seven signs and the eighth that follows from them."""
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, 1))
    return signs + SIGNS[total % len(SIGNS)]


def read_number(text: str) -> str | None:
    """The number somebody typed, however they wrote it; None: it cannot be one."""
    plain = unicodedata.normalize("NFKC", text[:60]).upper()
    signs = "".join(sign for sign in plain if sign not in " -‐‑–—−ー_・.　")
    if len(signs) != LENGTH or not set(signs) <= set(SIGNS):
        return None
    return signs if with_check(signs[:-1]) == signs else None


def in_print(number: str) -> str:
    """3K7A-9CDE, as it is printed and read aloud."""
    return f"{number[:4]}-{number[4:]}"
