"""Answers that both APIs give in the same words. Rule: every refusal is a problem with a `code`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final, Literal

from tallystick.canonical import Json
from tallystick.vocabulary.events import Response

__all__ = ["Refused", "bad_parameter", "encode", "invalid", "problem", "refusal"]

_PROBLEM: Final = "application/problem+json"

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Refused(Exception):
    """Carries the answer to a request that gets no further."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Json,
) -> Response:
    """Give an `application/problem+json` answer (RFC 9457) with a stable `code`."""
    title = HTTPStatus(status).phrase
    said = {"code": code, "title": title, "status": status, "detail": detail, **members}
    kind = {"content-type": _PROBLEM}
    return Response(
        status=status,
        body=encode(said).encode(),
        headers={**kind, **headers} if headers else kind,
        answer=said,
    )


def refusal(status: Literal[429, 503], retry_after_s: int) -> Response:
    """Give the 429 or 503 that asks to come back after `retry_after_s` seconds."""
    code = "throttled" if status == 429 else "unavailable"
    detail = f"no work was done; the whole system answers again in {retry_after_s} s"
    return problem(status, code, detail, headers={"retry-after": str(retry_after_s)})


def invalid(violations: Iterable[tuple[str, str]]) -> Response:
    """Give the 422 for (path, message) pairs."""
    errors = [{"path": path, "message": message} for path, message in violations]
    return problem(422, "invalid", "the data break the type's schema", errors=errors)


def bad_parameter(detail: str) -> Refused:
    """Give the 400 for a parameter that is unknown, doubled or malformed."""
    return Refused(problem(400, "bad-parameter", detail))
