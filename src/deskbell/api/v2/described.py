"""What the OpenAPI description says of every operation alike, so that no resource has to.

Whatever an operation can answer stands there with an example: the seed's "Error Responses" for
faults, the shapes' own examples for everything else.
"""

from __future__ import annotations

import copy
from typing import Any, Final

from ninja.openapi.schema import OpenAPISchema

from deskbell.api.reference import DescribedApi

Described = dict[str, Any]
JSON: Final = "application/json"
_FAULT: Final = {"$ref": "#/components/schemas/Fault"}
_WORDS: Final = {
    400: "The body takes a JSON object, as {}",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    409: "This message was already acknowledged by alice@example.com.",
    413: "The body takes 4194304 bytes at most",
    429: "This API token was used too often",
}
_TEXT: Final = {"schema": {"type": "string"}}
_NUMBER: Final = {"schema": {"type": "integer"}}
_RETRY_AFTER: Final = {"description": "Seconds until the next request is answered.", **_NUMBER}
_OF_LISTS: Final = {
    "X-Total-Count": {
        "description": "How many there are on all pages, or the most that were counted.",
        **_NUMBER,
    },
    "X-Total-Count-Exact": {
        "description": "`false` where there are more than X-Total-Count says; absent otherwise.",
        **_TEXT,
    },
    "Link": {"description": "The first, prev, next and last page (RFC 8288).", **_TEXT},
}


def answers_of_all(refusal: int) -> dict[int, Described]:
    """What every operation may answer; `refusal` is the status for a bad token."""
    statuses = {400: "Bad Request", 403: "Forbidden", 429: "Too Many Requests"}
    if refusal == 401:
        statuses[401] = "Unauthorized"
    return {status: _fault(words) for status, words in statuses.items()}


def _fault(words: str) -> Described:
    return {"description": words, "content": {JSON: {"schema": dict(_FAULT)}}}


class Api(DescribedApi):
    """Completes the description once it is made."""

    def completed(self, described: OpenAPISchema) -> None:
        """Adds examples, headers, and what follows from taking a body."""
        known = described["components"]["schemas"]
        for methods in described["paths"].values():
            for operation in methods.values():
                answers = copy.deepcopy(operation["responses"])
                if "requestBody" in operation:
                    answers.setdefault(413, _fault("Content Too Large"))
                operation["responses"] = dict(sorted(answers.items()))
                _add_headers(operation)
                for status, answer in operation["responses"].items():
                    _add_example(status, answer, operation, known)


def _add_headers(operation: Described) -> None:
    answers = operation["responses"]
    answers[429]["headers"] = {"Retry-After": _RETRY_AFTER}
    if {"page", "per_page"} <= {each["name"] for each in operation["parameters"]}:
        answers[200]["headers"] = _OF_LISTS


def _add_example(status: int, answer: Described, operation: Described, known: Described) -> None:
    content = answer.get("content", {}).get(JSON)
    if content is None or "example" in content:
        return
    if status >= 400:
        content["example"] = _example_of_fault(status, content["schema"], operation)
        return
    example = _example_in(content["schema"], known)
    if example is not None:
        content["example"] = example


def _example_of_fault(status: int, schema: Described, operation: Described) -> Described:
    if schema.get("$ref", "").endswith("/TokenFault"):
        return {"success": False, "info": "Invalid token", "data": {}}
    if status == 422:
        names = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
        if "requestBody" in operation:
            return {"error": "Missing parameter: contact"}
        return {"error": f"Invalid parameter: {names[0]}"}
    return {"error": _WORDS[status]}


def _example_in(schema: Described, known: Described) -> Any:
    """The example of a shape, also inside `data` and lists; None where there is none."""
    shape = known[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "example" in shape:
        return shape["example"]
    if shape.get("type") == "array":
        inner = _example_in(shape["items"], known)
        return None if inner is None else [inner]
    if list(shape.get("properties", {})) == ["data"]:
        inner = _example_in(shape["properties"]["data"], known)
        return None if inner is None else {"data": inner}
    return None
