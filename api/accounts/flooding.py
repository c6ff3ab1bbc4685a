"""Flooding (いたずらの書き込み): how much one address, and everybody, may send without an account.

Nobody is tracked. An address is kept as a digest under a salt that this process makes anew every
day and writes nowhere; yesterday's digests mean nothing to anybody.
"""

import hashlib
import hmac
import ipaddress
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_KEYS = 50_000
"""How many addresses are remembered at most; beyond that the oldest are forgotten."""


@dataclass(frozen=True)
class Allowance:
    """How often something may be done within an hour, or another while (一定時間の回数)."""

    per_address: int
    """A whole gathering may share one address (Wi-Fi of a hall, a carrier's)."""
    altogether: int
    """In one municipality."""
    newcomers: int = 0
    """How often an address may still do it once everybody together has spent the allowance."""
    within: timedelta = HOUR
    advice: str = "いま、たくさん届いています。1時間ほど待ってから、お試しください。"


ALLOWANCES: Mapping[str, Allowance] = {
    "suggestion": Allowance(per_address=30, altogether=300),
    # By the hour alone, one address would fill the queue of a municipality (500) in a day.
    "suggestion-day": Allowance(
        per_address=120,
        altogether=2_000,
        within=DAY,
        advice="きょうは、もうたくさん届いています。あした、お試しください。",
    ),
    "photo": Allowance(per_address=60, altogether=600),
    # Whoever guesses from many addresses does not shut out those who hold a number.
    "wrong-number": Allowance(per_address=20, altogether=600, newcomers=2),
}


class TooMuch(PermissionError):
    """Too much was sent within a while: the next has to wait (書き込みが多すぎる)."""


@dataclass
class Flooding:
    """What was sent lately, in the memory of this process alone."""

    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _day: str = ""
    _times: dict[str, deque[datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refuse(self, what: str, code: str, address: str, now: datetime) -> None:
        """Raise `TooMuch` where the allowance is spent."""
        allowed = ALLOWANCES[what]
        with self._lock:
            mine, all_ = self._keys(what, code, address, now)
            spent = self._count(all_, now) >= allowed.altogether
            if self._count(mine, now) >= (allowed.newcomers if spent else allowed.per_address):
                raise TooMuch(allowed.advice)

    def count(self, what: str, code: str, address: str, now: datetime) -> None:
        """Count one more."""
        with self._lock:
            for key in self._keys(what, code, address, now):
                self._times.setdefault(key, deque()).append(now)
            self._forget(now)

    def _keys(self, what: str, code: str, address: str, now: datetime) -> tuple[str, str]:
        day = now.date().isoformat()
        if day != self._day:
            self._day, self._salt = day, secrets.token_bytes(32)
            self._times = {key: times for key, times in self._times.items() if key[0] == "*"}
        digest = hmac.new(self._salt, _origin(address).encode(), hashlib.sha256).hexdigest()
        return f"{what}:{code}:{digest[:24]}", f"*{what}:{code}"

    def _forget(self, now: datetime) -> None:
        """Let go of whoever sent nothing lately; then of the oldest, never of the totals."""
        if len(self._times) <= MOST_KEYS:
            return
        self._times = {k: times for k, times in self._times.items() if self._count(k, now)}
        addresses = [key for key in self._times if not key.startswith("*")]
        for key in addresses[: max(len(self._times) - MOST_KEYS, 0)]:
            del self._times[key]

    def _count(self, key: str, now: datetime) -> int:
        times = self._times.get(key)
        within = ALLOWANCES[key.removeprefix("*").partition(":")[0]].within
        while times and now - times[0] > within:
            times.popleft()
        return len(times or ())


def _origin(address: str) -> str:
    """An address; of IPv6 the network, since one household holds a whole /64 of them."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped is not None:  # of a server that listens on both: not one network
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))
