#!/usr/bin/python3
"""What the system's accessibility interface (AT-SPI) says of a browser's page, and what a screen reader can do with it, for tests.

One JSON command a line, one JSON answer a line; `page` is how the page's address begins:

    {"do": "tree", "page": ...}                                     [{"role", "name", "text", "states", "live"}, ...] in reading order
    {"do": "press", "page": ..., "role": ..., "name": ...}          true; false: there is no such thing, or it can't be pressed
    {"do": "focus", "page": ..., "role": ..., "name": ...}          true; false
    {"do": "wait", "ms": ...}                                       true: something changed since the last wait; false: nothing did, in that time

The interpreter is Debian's: python3-gi and gir1.2-atspi-2.0 are its modules."""
import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402
from gi.repository import GLib  # noqa: E402

STATES = {name: getattr(Atspi.StateType, name.upper()) for name in
          ("focused", "focusable", "enabled", "showing", "expanded", "checked", "required", "invalid_entry", "editable")}
# What browsers tell when a page, or what is in it, changes.
EVENTS = ("document", "object:children-changed", "object:property-change", "object:state-changed", "object:text-changed", "object:attributes-changed")
DEPTH_MAX = 60
CHILDREN_MAX = 2000


def children(node):
    for place in range(min(node.get_child_count(), CHILDREN_MAX)):
        child = node.get_child_at_index(place)
        if child is not None:
            yield child


def address(document):
    attributes = document.get_document_attributes() or {}
    return attributes.get("DocURL") or attributes.get("URI") or ""


def find_document(page):
    """The page that is shown, among all windows of all programs."""
    def search(node, depth):
        try:
            if node.get_role_name() in ("document web", "document frame"):
                is_it = address(node).startswith(page) and node.get_state_set().contains(Atspi.StateType.SHOWING)
                return node if is_it else None
            if depth == DEPTH_MAX:
                return None
            for child in children(node):
                found = search(child, depth + 1)
                if found is not None:
                    return found
        except GLib.Error:
            pass  # It went while we read.
        return None

    return search(Atspi.get_desktop(0), 0)


def own_text(node):
    text = node.get_text_iface()
    return "" if text is None else Atspi.Text.get_text(text, 0, -1).replace("\ufffc", " ")


def described(node):
    states = node.get_state_set()
    attributes = node.get_attributes() or {}
    return {
        "role": node.get_role_name(),
        "name": node.get_name() or "",
        "text": own_text(node),
        "states": [name for name, state in STATES.items() if states.contains(state)],
        "live": attributes.get("live") or attributes.get("container-live") or "",
    }


def walk(node, depth=0):
    try:
        yield node, described(node)
        if depth < DEPTH_MAX:
            for child in children(node):
                yield from walk(child, depth + 1)
    except GLib.Error:
        return  # It went while we read.


def read_tree(page):
    document = find_document(page)
    return [] if document is None else [told for _, told in walk(document)]


def find(page, role, name):
    document = find_document(page)
    if document is None:
        return None
    return next((node for node, told in walk(document) if told["role"] == role and told["name"] == name), None)


def press(page, role, name):
    node = find(page, role, name)
    actions = None if node is None else node.get_action_iface()
    if actions is None or not node.get_state_set().contains(Atspi.StateType.ENABLED):
        return False
    return Atspi.Action.do_action(actions, 0)


def focus(page, role, name):
    node = find(page, role, name)
    component = None if node is None else node.get_component_iface()
    return component is not None and Atspi.Component.grab_focus(component)


class Changes:
    """Events of all programs. They come while the main context runs, and wait there meanwhile."""

    def __init__(self):
        self.have_come = False
        self.listener = Atspi.EventListener.new(self.take)
        for each in EVENTS:
            self.listener.register(each)

    def take(self, _event):
        self.have_come = True

    def wait(self, ms):
        context, is_over = GLib.MainContext.default(), []
        end = GLib.timeout_add(ms, lambda: is_over.append(True) or GLib.SOURCE_REMOVE)
        while not self.have_come and not is_over:
            context.iteration(True)
        if not is_over:
            GLib.source_remove(end)
        while context.pending():
            context.iteration(False)
        have_come, self.have_come = self.have_come, False
        return have_come


def answer(command, changes):
    asked = {name: value for name, value in command.items() if name != "do"}
    return {"tree": read_tree, "press": press, "focus": focus, "wait": changes.wait}[command["do"]](**asked)


def main():
    changes = Changes()
    for line in sys.stdin:
        try:
            told = {"answer": answer(json.loads(line), changes)}
        except Exception as error:  # Told to the test, which fails with it.
            told = {"error": str(error)}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
