"""The API's document (src/server/api/openapi.json), held against what a running server answers.

    judge(method, path, status, headers, body)      raises when the document does not say so

Server.call (server.py) does it with every answer, so the whole system suite is a test of the document: the status is listed,
the body is of the media type and schema that it names, its headers are there and of their schemas, and no other header is.
"""
import functools
import json
import pathlib
import re
import sys

try:
    import jsonschema
except ImportError:  # another Python than Debian's, whose package has it
    sys.path.append("/usr/lib/python3/dist-packages")
    import jsonschema

SOURCE = pathlib.Path(__file__).resolve().parents[3]
DOCUMENT = json.loads((SOURCE / "src/server/api/openapi.json").read_text())
OUR_PATHS = ("/api/", "/log/", "/health/", "/metrics")
# What HTTP itself adds, whatever was asked.
OF_HTTP = {"date", "server", "connection", "keep-alive", "content-length", "content-type", "transfer-encoding"}
# What every answer of the API has, whatever was asked; the last with TLS.
OF_ALL = {"cache-control", "content-security-policy", "cross-origin-resource-policy", "referrer-policy", "x-content-type-options"}
OF_TLS = {"strict-transport-security"}
answered = set()  # operations that were carried out in this process


class NotAsDocumented(AssertionError):
    pass


def _pattern(path):
    # The log's tiles have paths of several segments: {tile} stands for the rest.
    return re.compile(re.sub(r"\\\{tile\\\}", ".+", re.sub(r"\\\{(?!tile)\w+\\\}", "[^/]+", re.escape(path))))


# Paths without parameters first: /sessions/current is no {session}.
ROUTES = sorted(((_pattern(path), method.upper(), operation) for path, methods in DOCUMENT["paths"].items()
                 for method, operation in methods.items()), key=lambda route: "[^" in route[0].pattern)
OPERATIONS = {operation["operationId"]: operation for _, _, operation in ROUTES}


def operation_of(method, path):
    for pattern, each, operation in ROUTES:
        if each == method and pattern.fullmatch(path.partition("?")[0]):
            return operation
    return None


def _followed(node):
    while "$ref" in node:
        found = DOCUMENT
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


@functools.lru_cache(maxsize=None)
def _validator(text):
    schema = {**json.loads(text), "components": DOCUMENT["components"]}
    return jsonschema.Draft202012Validator(schema)


def _check(value, schema, what):
    error = next(_validator(json.dumps(schema)).iter_errors(value), None)
    if error is not None:
        place = "/".join(map(str, error.absolute_path))
        raise NotAsDocumented(f"{what} at {place or 'its top'}: {error.message[:300]}")


def _check_headers(response, headers, what):
    documented = {name.lower(): each for name, each in response.get("headers", {}).items()}
    missing = OF_ALL - {name.lower() for name in headers.keys()}
    if missing:
        raise NotAsDocumented(f"{what}: without the headers {missing}")
    for name in headers.keys():
        if name.lower() not in OF_HTTP | OF_ALL | OF_TLS and name.lower() not in documented:
            raise NotAsDocumented(f"{what}: the header {name} is not in the document")
    for name, each in documented.items():
        value = headers.get(name)
        each = _followed(each)
        if value is None:
            if each.get("required", False):
                raise NotAsDocumented(f"{what}: without the header {name}")
            continue
        kind = _followed(each["schema"]).get("type")
        _check(int(value) if kind == "integer" and value.isdecimal() else value, each["schema"], f"{what}: {name}")


def _check_body(response, headers, body, what):
    content = response.get("content", {})
    media_type = (headers.get("Content-Type") or "").partition(";")[0]
    if not content:
        if body:
            raise NotAsDocumented(f"{what}: a body where there is none")
    elif media_type not in content:
        raise NotAsDocumented(f"{what}: {media_type or 'no media type'} instead of {list(content)}")
    elif media_type == "application/json":
        try:
            value = json.loads(body)
        except ValueError as error:
            raise NotAsDocumented(f"{what}: no JSON: {error}") from None
        _check(value, content[media_type]["schema"], what)


def judge(method, path, status, headers, body):
    """`body` as it came; `headers` finds names of any case, as http.client's do."""
    operation = operation_of(method, path) or (operation_of("GET", path) if method == "HEAD" else None)
    if operation is None:
        if path.startswith(OUR_PATHS) and method != "HEAD":
            what = f"{method} outside of the document, {status}"
            if status < 400:
                raise NotAsDocumented(what)
            _check_body(DOCUMENT["components"]["responses"]["Refused"], headers, body, what)
        return
    what = f"{operation['operationId']} {status}"
    response = operation["responses"].get(str(status))
    if response is None and status < 400:
        raise NotAsDocumented(f"{what}: a status that the document does not list")
    response = _followed(response or operation["responses"]["default"])
    _check_headers(response, headers, what)
    if method != "HEAD":
        _check_body(response, headers, body, what)
    if status < 300:
        answered.add(operation["operationId"])
