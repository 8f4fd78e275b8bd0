"""Whether the API of one version works with clients and servers of another: breaks(old, new), two documents of the API.

The rules, as docs/operate/upgrade.md gives them: what an older client may ask stays allowed (an operation, a parameter, a
field, a value, a size), and what it is answered stays readable to it: fields that are always there stay so, their types,
patterns and values are those that it knows. Fields that are new in an answer are passed over.
"""
TEXT = ("pattern", "format", "contentEncoding", "const")
MOST = ("maximum", "maxLength", "maxItems", "maxProperties")
LEAST = ("minimum", "minLength", "minItems")


class Comparison:
    def __init__(self, old, new):
        self.old, self.new = old, new
        self.found = []
        self.under_way = set()

    def said(self, where, what):
        self.found.append(f"{where}: {what}")

    @staticmethod
    def followed(document, node):
        while "$ref" in node:
            found = document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node

    def schemas(self, where, old, new, asked):
        """`asked`: clients send it, so the new one takes all that the old one took; else the other way round."""
        pair = (old.get("$ref"), new.get("$ref"), asked)
        if all(pair[:2]) and pair in self.under_way:
            return
        self.under_way.add(pair)
        old, new = self.followed(self.old, old), self.followed(self.new, new)
        wide, narrow = (new, old) if asked else (old, new)
        if old.get("type") != new.get("type"):
            return self.said(where, f"type {old.get('type')} is {new.get('type')}")
        for key in TEXT:
            if old.get(key) != new.get(key):
                self.said(where, f"{key} changed")
        for keys, is_wider in ((MOST, lambda one, other: one >= other), (LEAST, lambda one, other: one <= other)):
            for key in keys:
                if key in wide and (key not in narrow or not is_wider(wide[key], narrow[key])):
                    self.said(where, f"{key} was {old.get(key)} and is {new.get(key)}")
        if "enum" in wide and not set(narrow.get("enum", [object()])) <= set(wide["enum"]):
            self.said(where, f"values were {old.get('enum')} and are {new.get('enum')}")
        self.fields(where, old, new, asked)
        if "items" in old or "items" in new:
            self.schemas(where + "[]", old.get("items", {}), new.get("items", {}), asked)
        for key in ("oneOf", "anyOf", "allOf"):
            self.alternatives(where, old.get(key, []), new.get(key, []), asked)

    def fields(self, where, old, new, asked):
        first, second = (new, old) if asked else (old, new)
        for name in sorted(set(first.get("required", [])) - set(second.get("required", []))):
            self.said(f"{where}.{name}", "is demanded now" if asked else "is not always there any more")
        for name, schema in old.get("properties", {}).items():
            if name in new.get("properties", {}):
                self.schemas(f"{where}.{name}", schema, new["properties"][name], asked)
            else:
                self.said(f"{where}.{name}", "is gone")

    def alternatives(self, where, old, new, asked):
        if len(old) != len(new):
            return self.said(where, "has other alternatives")
        for number, (one, other) in enumerate(zip(old, new)):
            self.schemas(f"{where}({number})", one, other, asked)

    def parameters(self, where, old, new):
        def named(document, operation):
            listed = [self.followed(document, each) for each in operation.get("parameters", [])]
            return {(each["in"], each["name"]): each for each in listed}
        before, now = named(self.old, old), named(self.new, new)
        for key, each in now.items():
            if each.get("required") and not before.get(key, {}).get("required"):
                self.said(f"{where} {key[1]}", "is demanded now")
        for key, each in before.items():
            if key not in now:
                self.said(f"{where} {key[1]}", "is gone")
            else:
                self.schemas(f"{where} {key[1]}", each.get("schema", {}), now[key].get("schema", {}), True)

    def bodies(self, where, old, new, asked):
        old, new = self.followed(self.old, old), self.followed(self.new, new)
        for media, body in old.get("content", {}).items():
            if media not in new.get("content", {}):
                self.said(where, f"{media} is gone")
            else:
                self.schemas(where, body.get("schema", {}), new["content"][media].get("schema", {}), asked)
        if asked and new.get("required") and not old.get("required"):
            self.said(where, "a body is demanded now")

    @staticmethod
    def takes_all(old, new):
        """Each credential that was taken still is; what anybody may ask, anybody may ask. Others may be taken besides."""
        return old == new or bool(old and new and all(each in new for each in old))

    def operation(self, where, old, new):
        self.parameters(where, old, new)
        if not self.takes_all(old.get("security"), new.get("security")):
            self.said(where, "takes another credential")
        self.bodies(where + " request", old.get("requestBody", {}), new.get("requestBody", {}), True)
        for status, answer in old["responses"].items():
            if status in new["responses"]:
                self.bodies(f"{where} {status}", answer, new["responses"][status], False)
            else:
                self.said(where, f"status {status} is gone")


def breaks(old, new):
    """What a client or server of the older document couldn't live with; empty if nothing."""
    comparison = Comparison(old, new)
    for path, methods in old["paths"].items():
        for method, operation in methods.items():
            where = f"{method.upper()} {path}"
            if method not in new["paths"].get(path, {}):
                comparison.said(where, "is gone")
            else:
                comparison.operation(where, operation, new["paths"][path][method])
    return comparison.found
