"""What this API says when it cannot do what was asked: one mapping from our errors to its answers.

`{"errorCode": "490", "message": …, "data": …}` with the code's words; `details` says more where we
know more than the code does. Source: seed 002, the failures among its examples; design, attendant
API, "Base".
"""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from deskbell.accounts.errors import EmailTaken
from deskbell.api.errors import TooMuch
from deskbell.attendant.errors import MenuNotFound
from deskbell.foundation.errors import DeskbellError, InvalidInput, NotFound

from .bodies import is_form, read_json
from .codes import Code, Missing, OtherMediaType, TooMany, UnknownPath, code_of
from .names import shown_name

log = logging.getLogger(__name__)
REALM = 'Basic realm="Deskbell Auto Attendant API", charset="UTF-8"'
NAMES_ITS_CULPRIT = {400, 453, 454}
WITHOUT_DATA = {401, 404, 405, 413, 415, 429}


class UnknownField(InvalidInput):
    """The body has a field that nothing here takes."""


def register(api: NinjaAPI) -> None:
    """Has `api` answer every error as this module says.

    The handlers take Any, because ninja's types allow an error's class too, which never comes.
    """
    api.add_exception_handler(DeskbellError, _ours)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    for unreadable in (BadRequest, SuspiciousOperation, MultiPartParserError):
        api.add_exception_handler(unreadable, _unreadable)
    api.add_exception_handler(Exception, _unexpected)


def sorted_codes(codes: list[Code]) -> list[Code]:
    """Codes as people look for them."""
    return sorted(codes, key=lambda each: (each.number, each.status))


def refusal(request: HttpRequest, error: DeskbellError) -> JsonResponse:
    """The answer to a request that raised `error`."""
    code = code_of(error)
    if code.status == 500:
        return _unexpected(request, error)
    content: dict[str, Any] = {
        "errorCode": str(code.number),
        "message": _message(code, error),
        "data": _data(request, error),
    }
    if _says_more(code, error):
        content["details"] = str(error)
    answer = JsonResponse(content, status=code.status)
    if code.number == 401:
        answer.headers["WWW-Authenticate"] = REALM
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _message(code: Code, error: DeskbellError) -> str:
    if code.number not in NAMES_ITS_CULPRIT:
        return code.message
    field = error.field if isinstance(error, InvalidInput) else ""
    if code.number == 400 or not field:
        return f"{code.message}: {error}"
    return f"{code.message}: {shown_name(field)}"


def _says_more(code: Code, error: DeskbellError) -> bool:
    """Whether the error's own words add to the code's and the sid's."""
    if isinstance(error, EmailTaken) or (isinstance(error, NotFound) and _sid(error)):
        return False
    return code.status == 409 or code.number == 454


def _sid(error: DeskbellError) -> str:
    return str(getattr(error, "sid", ""))


def _data(request: HttpRequest, error: DeskbellError) -> dict[str, Any]:
    """The sid of what was not found or is in the way, else the request's body."""
    if code_of(error).number in WITHOUT_DATA:
        return {}
    sid = _sid(error)
    if not sid:
        return sent(request)
    return {"sid": sid, "keys": []} if isinstance(error, MenuNotFound) else {"sid": sid}


def sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that a request brought, without passwords; `{}` where it brought none."""
    if is_form(request):
        return {}
    try:
        body = read_json(request)
    except (DeskbellError, RequestDataTooBig):
        return {}
    return _without_passwords(body) if isinstance(body, dict) else {}


def _without_passwords(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_passwords(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _without_passwords(each)
        for name, each in value.items()
        if "password" not in name.casefold()
    }


def _ours(request: HttpRequest, error: Any) -> HttpResponse:
    return refusal(request, error)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    place = error.errors[0]["loc"][0]
    if place == "path":
        return refusal(request, UnknownPath(request.path))
    if place == "file" and not is_form(request):
        return refusal(request, OtherMediaType("A file comes as multipart/form-data"))
    return refusal(request, fault_in(error.errors))


def fault_in(errors: list[dict[str, Any]]) -> InvalidInput:
    """What pydantic found wrong, as an error of ours; what is unknown goes before what is wrong."""
    first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    place = [part for part in first["loc"] if isinstance(part, str)]
    # ("body", the operation's parameter, the field, …), ("query", the field), ("file", the field)
    names = place[2:] if place[0] == "body" else place[1:]
    if not names:
        return InvalidInput("the body takes a JSON object")
    name = ".".join(names)
    if first["type"] == "extra_forbidden":
        inside = f" in {'.'.join(names[:-1])}" if names[:-1] else ""
        return UnknownField(f"there is no field {names[-1][:100]!r}{inside}")
    if first["type"] == "missing":
        return Missing(f"{name} is missing", field=name)
    return InvalidInput(f"{name} {_reason(first)}", field=name)


def _reason(first: dict[str, Any]) -> str:
    words = str(first["msg"]).removeprefix("Value error, ")
    return words.replace("Input should be", "takes").replace("String should have", "takes")


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, DeskbellError):
        return refusal(request, cause)
    if isinstance(cause, RequestDataTooBig):
        return refusal(request, TooMuch(str(cause)))
    return refusal(request, InvalidInput(str(error)))


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        return refusal(request, TooMuch(str(error)))
    if isinstance(error, MultiPartParserError):
        return refusal(request, InvalidInput(f"the form cannot be read: {error}"))
    return refusal(request, InvalidInput(f"the request cannot be read: {error}"))


def _unexpected(request: HttpRequest, error: Any) -> JsonResponse:
    """A fault of ours: its words go to the log, under an id that the answer carries."""
    known = uuid.uuid4().hex
    log.error("%s %s failed, request %s", request.method, request.path, known, exc_info=error)
    content = {"errorCode": "500", "message": "Internal error", "data": {"requestId": known}}
    return JsonResponse(content, status=500)
