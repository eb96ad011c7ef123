"""The readable reference of an API of ours, made from its OpenAPI description.

A page of our own, because ninja's loads its viewer from elsewhere, which our content policy
forbids and a deployment without internet access could not show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import responses as reasons
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import select_template
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic.alias_generators import to_camel

Described = dict[str, Any]
FRAMES = ["portal/bare.html", "api/plain.html"]
FORMATS = {"date-time": "time", "uuid": "uuid"}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of an answer."""

    name: str
    type: str
    description: str
    required: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back with one status."""

    status: str
    reason: str
    shapes: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One operation."""

    anchor: str
    group: str
    method: str
    path: str
    summary: str
    paragraphs: list[str]
    scope: str
    parameters: list[Field]
    body: list[Field]
    answers: list[Answer]
    errors: list[Described]
    example: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of object that answers hold."""

    name: str
    description: str
    fields: list[Field]
    example: str


@dataclass(frozen=True, slots=True)
class Curl:
    """How examples are asked for: where, and how they sign in."""

    origin: str
    credentials: str

    def of(self, method: str, path: str, body: Described, known: Described) -> str:
        """The command for one operation, with the example of what it takes."""
        flag = "" if method == "GET" else f"-X {method} "
        content = body.get("content", {})
        sent = ""
        if "multipart/form-data" in content:
            sent = ' \\\n  -F "file=@welcome.wav"'
        elif content:
            shape = known[words_of(content["application/json"]["schema"])]
            example = json.dumps(shape.get("example", {}), indent=2)
            sent = f" \\\n  -H \"Content-Type: application/json\" -d '{example}'"
        return f'curl {flag}{self.credentials} \\\n  "{self.origin}{path}"{sent}'


class DescribedApi(NinjaAPI):
    """An API that makes its description once: it takes half a second, and anybody may ask."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._described: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description; read it only, it is everybody's."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            described = super().get_openapi_schema(path_prefix=prefix)
            self.completed(described)
            self._described[prefix] = described
        return self._described[prefix]

    def completed(self, described: OpenAPISchema) -> None:
        """Adds to a description what an API says of all its operations."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`createUser` of `create_user`."""
        return to_camel(operation.view_func.__name__)


class Pages(DocsBase):
    """Renders the reference.

    `template` extends `api/reference.html` and says in its block `intro` what holds for all calls;
    `credentials` are curl's options that sign in.
    """

    def __init__(self, template: str, credentials: str) -> None:
        self.template = template
        self.credentials = credentials

    def render_page(self, request: HttpRequest, api: NinjaAPI, **_values: Any) -> HttpResponse:
        """The page, inside the portal's bare frame where there is one."""
        described: Described = api.get_openapi_schema()
        curl = Curl(request.build_absolute_uri("/").rstrip("/"), self.credentials)
        found = list(calls(described, curl))
        context = {
            "frame": select_template(FRAMES).template,
            "title": described["info"]["title"],
            "calls": found,
            "scopes": _scopes(found),
            "shapes": list(shapes(described)),
            "openapi": self.get_openapi_url(api, {}),
            "errors": described.get("x-errors", []),
        }
        page = select_template([self.template])
        return HttpResponse(page.render(context, request))


def _scopes(found: list[Call]) -> dict[str, list[Call]]:
    """The calls that each scope allows."""
    scopes: dict[str, list[Call]] = {}
    for call in found:
        if call.scope:
            scopes.setdefault(call.scope, []).append(call)
    return scopes


def calls(described: Described, curl: Curl) -> Iterator[Call]:
    """The operations of an OpenAPI description."""
    known = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield Call(
                anchor=operation["operationId"],
                group=next(iter(operation.get("tags", [])), ""),
                method=method.upper(),
                path=path,
                summary=operation["summary"],
                paragraphs=_paragraphs(operation.get("description", "")),
                scope=operation.get("x-scope", ""),
                parameters=[_parameter(each) for each in operation["parameters"]],
                body=_body(operation, known),
                answers=[
                    _answer(status, each, known) for status, each in operation["responses"].items()
                ],
                errors=operation.get("x-errors", []),
                example=curl.of(method.upper(), path, operation.get("requestBody", {}), known),
            )


def shapes(described: Described) -> Iterator[Shape]:
    """The objects that answers hold, without those that only wrap others in `data`."""
    known = described["components"]["schemas"]
    for name in _answered(described):
        shape = known[name]
        fields = shape.get("properties", {})
        if list(fields) == ["data"]:
            continue
        yield Shape(
            name=name,
            description=" ".join(shape.get("description", "").split()),
            fields=[
                Field(field, words_of(each), each.get("description", ""))
                for field, each in fields.items()
            ],
            example=json.dumps(shape["example"], indent=2) if "example" in shape else "",
        )


def _answered(described: Described) -> list[str]:
    """The names of all shapes that answers hold, also inside one another, in order."""
    known = described["components"]["schemas"]
    answers = [each["responses"] for way in described["paths"].values() for each in way.values()]
    found: dict[str, None] = {}
    left = list(_names_in(answers))
    while left:
        name = left.pop(0)
        if name not in found:
            found[name] = None
            left += _names_in(known[name])
    return list(found)


def _names_in(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield words_of(part)
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _names_in(each)


def words_of(schema: Described) -> str:
    """A JSON schema's type in words: `list of Message`, `time or null`, `"new", "delivered"`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for several in ("anyOf", "allOf"):
        if several in schema:
            return " or ".join(words_of(each) for each in schema[several])
    if "enum" in schema:
        return ", ".join(json.dumps(each) for each in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if schema.get("type") == "array":
        return f"list of {words_of(schema['items'])}"
    return FORMATS.get(schema.get("format", ""), str(schema.get("type", "anything")))


def _parameter(each: Described) -> Field:
    schema = each["schema"]
    default = schema.get("default")
    return Field(
        name=each["name"],
        type=words_of(schema).removesuffix(" or null"),
        description=each.get("description", ""),
        required=each["required"],
        default="" if default in (None, "") else str(default),
    )


def _answer(status: int | str, each: Described, known: Described) -> Answer:
    content = each.get("content", {}).get("application/json", {})
    shapes = _content(content["schema"], known) if "schema" in content else ""
    is_fault = int(status) >= 400 and "example" in content
    example = json.dumps(content["example"]) if is_fault else ""
    return Answer(str(status), reasons.get(int(status), ""), shapes, example)


def _content(schema: Described, known: Described) -> str:
    """What an answer holds; a shape that only wraps another is shown as the JSON that it is."""
    name = words_of(schema)
    fields = known.get(name, {}).get("properties", {})
    return f'{{"data": {words_of(fields["data"])}}}' if list(fields) == ["data"] else name


def _body(operation: Described, known: Described) -> list[Field]:
    """What an operation takes as its JSON body or form."""
    kinds = operation.get("requestBody", {}).get("content", {})
    found = []
    for content in kinds.values():
        schema = content["schema"]
        shape = known[words_of(schema)] if "$ref" in schema else schema
        needed = shape.get("required", [])
        for name, each in shape.get("properties", {}).items():
            words = words_of(each).removesuffix(" or null")
            found.append(Field(name, words, each.get("description", ""), name in needed))
    return found


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
