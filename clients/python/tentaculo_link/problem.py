"""What goes wrong: an answer of the gateway that says so, or no answer at all."""

from __future__ import annotations

import json
import time
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any


class Unreachable(Exception):
    """No whole answer came: the connection was refused, broke off or was silent for too long."""


class Problem(Exception):
    """An error answer (RFC 9457). `code` is VX11's word for it; docs/errors.md lists them."""

    def __init__(self, status: int, headers: Message, body: bytes) -> None:
        self.status = status
        self.body: dict[str, Any] = _object(body)
        """What the gateway told; empty where the answer was no JSON object."""
        self.code = str(self.body.get("error") or f"http_{status}")
        self.correlation_id: str | None = headers.get("x-correlation-id")
        self.retry_after = _seconds(headers.get("retry-after"))
        """Seconds until the request may succeed; None where the answer does not say."""
        detail = self.body.get("detail") or self.body.get("title") or "no detail"
        super().__init__(f"{status} {self.code}: {detail}")


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(value: str | None) -> float | None:
    """Also the date that an upstream may name (RFC 9110, section 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
