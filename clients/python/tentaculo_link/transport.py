"""One HTTP request: its token, its timeout, and what its answer becomes."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Iterator, Mapping

from .problem import Problem, Unreachable


class Transport:
    """Knows one gateway. Raises Problem for an error answer, and Unreachable where no whole one came."""

    def __init__(self, url: str, token: str | None) -> None:
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise ValueError(f"{url!r} is no http or https address")
        self._url = url.rstrip("/")
        self._token = token

    def open(
        self,
        method: str,
        path: str,
        *,
        timeout: float,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
        bare: bool = False,
    ) -> http.client.HTTPResponse:
        """`timeout` is how long the gateway may say nothing, in seconds; `bare` leaves the token out."""
        if not path.startswith("/"):
            raise ValueError("a path begins with a slash: another host would be asked")
        asked = {name: _word(value) for name, value in (query or {}).items() if value is not None}
        target = self._url + path + (f"?{urllib.parse.urlencode(asked)}" if asked else "")
        sent = {name: value for name, value in (headers or {}).items() if value is not None}
        data = None if body is None else json.dumps(body, allow_nan=False).encode("utf-8")
        if data is not None:
            sent["content-type"] = "application/json"
        if self._token is not None and not bare:
            sent["x-vx11-token"] = self._token
        request = urllib.request.Request(target, data=data, headers=sent, method=method)
        try:
            answer: http.client.HTTPResponse = _opener.open(request, timeout=timeout)
            return answer
        except urllib.error.HTTPError as error:
            with error:
                raise Problem(error.code, error.headers, _read(error)) from None
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error) or type(error).__name__) from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to wherever it points."""

    def redirect_request(self, *_: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def value_of(answer: http.client.HTTPResponse) -> Any:
    """JSON as Python values, text as str, anything else as bytes; None for an empty answer."""
    content = _read(answer)
    if not content:
        return None
    kind = answer.headers.get_content_type()
    if kind.endswith("json"):
        return json.loads(content)
    return content.decode("utf-8") if kind.startswith("text/") else content


def lines_of(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """Each as it arrives. Raises Unreachable for a connection that breaks off or falls silent."""
    while True:
        try:
            line = answer.readline()
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        if not line:
            return
        yield line


def _read(answer: Any) -> bytes:
    try:
        content: bytes = answer.read()
        return content
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(str(error) or type(error).__name__) from error


def _word(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(_word, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
