"""Layouts: the slots of a genre as tables, cards, forms, lists and prose.

Each returns a list of blocks: ("title", Cell), ("line", Cell), ("table", rows of Cells), ("blank", None). `columns` collects what each column
or label was, for training; `links` who is whose guardian.
"""
from genres import ADDRESS_PARTS, Slot, others_of, people_of, slots_of
from values import Cell, Style, fill, filler, filler_column, name_text, value
from wordings import ROLES, compose, words


class Context:
    def __init__(self, genre, population, random):
        self.genre, self.population, self.random = genre, population, random
        self.language = random.choices(("en", "fr", "system"), (6, 3, 3))[0]
        self.style = Style(random, self.language)
        self.columns, self.links, self.students, self.work, self.dead = [], [], set(), set(), set()


def person_of(slot, p, group):
    if slot.role in ("self", "student", "patient", "client", "employee", "member"):
        return p
    if slot.role == "owner":
        adults = [q for q in p.household.members if not q.minor()]
        at = max(0, slot.ordinal - 1)
        return adults[at] if at < len(adults) else None
    key = (slot.role, max(0, slot.ordinal - 1))
    return group.get(key)


def related(c, p, slots):
    """The others of p's row, and the links they make."""
    group = {}
    for slot in slots:
        if slot.role in ("guardian", "spouse", "child", "emergency_contact", "staff") and slot.field == "full_name":
            at = max(0, slot.ordinal - 1)
            found = others_of(p, slot.role, c.population, c.random)
            if at < len(found):
                q = found[at]
                group[slot.role, at] = q
                if slot.role == "guardian":
                    c.links.append((p.pid, q.pid))
                elif slot.role == "child":
                    c.links.append((q.pid, p.pid))
                elif slot.role == "staff":
                    c.work.add(q.pid)
    return group


def cell_of(c, slot, p, group):
    if slot.role == "none":
        return Cell()
    if p.guardians and c.genre == "school":
        c.students.add(p.pid)
    q = person_of(slot, p, group)
    if q is None:
        return Cell()
    cell = value(q, slot.field, c.style, c.random)
    if slot.role == "self" and c.genre == "property":  # address and roll are every owner's
        for other in p.household.members:
            if other is not p and not other.minor() and ("owner", other.pid) in group.get("owners", ()):
                cell = cell + Cell("", [(other.pid, t, v) for _, t, v in cell.marks])
    return cell


def owners_named(slots, p):
    adults = [q for q in p.household.members if not q.minor()]
    return {("owner", adults[s.ordinal - 1].pid) for s in slots if s.role == "owner" and s.field == "full_name" and 0 < s.ordinal <= len(adults)}


def record(c, slots, p):
    group = related(c, p, slots)
    group["owners"] = owners_named(slots, p)
    return [cell_of(c, s, p, group) for s in slots]


def label_of(c, slot, bare=False):
    role = slot.role if slot.role in ROLES else "self"
    if role in ("student", "patient", "client", "employee", "member") and slot.field != "full_name" and c.random.random() < .8:
        role = "self"
    field = "full_name" if slot.field == "composite" else slot.field
    return compose(field, role, c.language, c.random, slot.ordinal, bare)


def data_of(c, count):
    """Slots, labels and the records of a list."""
    if c.genre == "stock":
        slots = [Slot(f, "none") for f in c.random.sample(("note", "other_number", "other_number", "organisation", "other_date", "other_number"), 5)]
        rows = list(zip(*[filler_column(s.field, c.random, count) for s in slots]))
        return slots, [list(row) for row in rows]
    slots = slots_of(c.genre, c.random)
    c.style.number_apart = any(s.field == "street_number" for s in slots)
    rows = [record(c, slots, p) for p in people_of(c.genre, c.population, c.random, count)]
    for at, slot in enumerate(slots):
        if slot.role == "none":
            for row, cell in zip(rows, filler_column(slot.field, c.random, len(rows))):
                row[at] = cell
    return slots, rows


def note_columns(c, slots, labels, rows, groups=None):
    for at, slot in enumerate(slots):
        c.columns.append(dict(genre=c.genre, field=slot.field, role=slot.role, label=labels[at], group=groups[at] if groups else "", values=[row[at].text for row in rows[:60]]))


def title_rows(c, width):
    r = c.random
    titles = ["Confidential", f"{c.genre.title()} list {r.randint(2017, 2021)}", "Printed 2020-11-03", "Liste confidentielle", f"Report {r.randint(100, 999)} / page 1", "Prepared for internal use"]
    return [("table", [[Cell(r.choice(titles))] + [Cell()] * (width - 1)]) for _ in range(r.choice((0, 0, 1, 1, 2)))]


def table(c, count):
    r = c.random
    slots, rows = data_of(c, count)
    if c.genre != "stock" and r.random() < .18:
        slots, rows = composite(c, slots, rows)
    grouped = r.random() < .2 and any(s.role in ("guardian", "spouse", "child", "emergency_contact") for s in slots)
    labels = [label_of(c, s, bare=grouped) for s in slots]
    groups = None
    if grouped:
        column = {"en": 0, "fr": 1, "system": 2}[c.language]
        groups, before = [], None
        for s in slots:
            key = (s.role, s.ordinal)
            text = words(ROLES[s.role][column], r) + (f" {s.ordinal}" if s.ordinal else "") if s.role in ROLES and ROLES[s.role][column] else ""
            groups.append(groups[-1] if key == before and groups else text)
            before = key
    if r.random() < .06:
        at = r.sample(range(len(labels)), min(2, len(labels)))
        labels = [labels[at[1 - at.index(i)]] if i in at and len(at) == 2 else x for i, x in enumerate(labels)]  # headers that lie
    headless = r.random() < .08
    note_columns(c, slots, [""] * len(slots) if headless else labels, rows, groups)
    out = [row for block in title_rows(c, len(slots)) for row in block[1]]
    if not headless:
        if grouped:
            out.append([Cell(g if i == 0 or g != groups[i - 1] else "") for i, g in enumerate(groups)])
        out.append([Cell(x) for x in labels])
    elif out:
        out = []
    out += rows
    if r.random() < .2:
        out.append([Cell(r.choice(("Total", "TOTAL", "Count", "End of report")))] + [Cell(len(rows))] + [Cell()] * (len(slots) - 2))
    return [("table", out)]


def composite(c, slots, rows):
    """Some of the subject's values in one cell."""
    r = c.random
    own = [i for i, s in enumerate(slots) if (s.field != "full_name" or s.ordinal < 2) and s.role not in ("none", "guardian", "spouse", "child", "emergency_contact", "staff") and s.field in ("full_name", "birth_date", "health_number", "phone", "email", "sin", "education_number")]
    if len(own) < 2 or slots[own[0]].field != "full_name":
        return slots, rows
    joined = own[:r.randint(2, min(3, len(own)))]
    born, card = r.choice(("born ", "DOB ", "", "d.o.b. ")), {"health_number": r.choice(("HC ", "OHIP ", "health card ")), "sin": "SIN ", "education_number": "OEN ", "phone": r.choice(("", "tel ")), "email": "", "birth_date": ""}
    shape = r.choice((" ({})", ", {}", " - {}", "\n{}", "; {}"))
    out = []
    for row in rows:
        cell = row[joined[0]]
        for at in joined[1:]:
            lead = born if slots[at].field == "birth_date" else card[slots[at].field]
            if row[at].text:
                cell = cell + fill(shape, Cell(lead) + row[at])
        out.append([cell if i == joined[0] else x for i, x in enumerate(row) if i == joined[0] or i not in joined])
    kept = [s for i, s in enumerate(slots) if i == joined[0] or i not in joined]
    kept[[i for i in range(len(slots)) if i == joined[0] or i not in joined].index(joined[0])] = Slot("composite", slots[joined[0]].role)
    return kept, out


def transposed(c, count):
    slots, rows = data_of(c, min(count, 12))
    labels = [label_of(c, s) for s in slots]
    note_columns(c, slots, labels, rows)
    return [("table", [[Cell(labels[i])] + [row[i] for row in rows] for i in range(len(slots))])]


def side_by_side(c, count):
    left_slots, left = data_of(c, max(4, count // 2))
    right_slots, right = data_of(c, max(4, count // 2))
    left_labels, right_labels = [label_of(c, s) for s in left_slots], [label_of(c, s) for s in right_slots]
    note_columns(c, left_slots, left_labels, left)
    note_columns(c, right_slots, right_labels, right)
    pad = lambda rows, width, height: rows + [[Cell()] * width for _ in range(height - len(rows))]
    height = max(len(left), len(right)) + 1
    a, b = pad([[Cell(x) for x in left_labels]] + left, len(left_slots), height), pad([[Cell(x) for x in right_labels]] + right, len(right_slots), height)
    return [("table", [x + [Cell()] + y for x, y in zip(a, b)])]


def stacked(c, count):
    """A header above each block."""
    out = []
    slots, rows = data_of(c, count)
    labels = [label_of(c, s) for s in slots]
    note_columns(c, slots, labels, rows)
    size = c.random.randint(4, 9)
    for at in range(0, len(rows), size):
        out.append([Cell(f"Group {at // size + 1}")] + [Cell()] * (len(slots) - 1))
        out.append([Cell(x) for x in labels])
        out += rows[at:at + size] + [[Cell()] * len(slots)]
    return [("table", out)]


def cards(c, count):
    """Records as blocks of labels and values: beside, above, or in one cell."""
    r = c.random
    slots, rows = data_of(c, min(count, 25))
    labels = [label_of(c, s) for s in slots]
    note_columns(c, slots, labels, rows)
    how, wide, colon = r.choice(("left", "left", "above", "one cell")), r.choice((1, 2, 2, 3)), r.choice((":", "", ":"))
    width = wide * (2 if how == "left" else 1)
    out, gap = [], r.random() < .75
    for row in rows:
        pairs = [(labels[i] + colon, row[i]) for i in range(len(slots)) if row[i].text or r.random() < .4]
        for at in range(0, len(pairs), wide):
            part = pairs[at:at + wide]
            if how == "left":
                lines = [[x for label, cell in part for x in (Cell(label), cell)]]
            elif how == "above":
                lines = [[Cell(label.rstrip(":")) for label, _ in part], [cell for _, cell in part]]
            else:
                lines = [[Cell(label.rstrip(":") + ": ") + cell for label, cell in part]]
            out += [line + [Cell()] * (width - len(line)) for line in lines]
        if gap or how != "left":
            out.append([Cell()] * width)
    return [("table", out)]


def one_form(c, count):
    """A form about one person."""
    r = c.random
    if c.genre == "stock":
        return table(c, count)
    slots = slots_of(c.genre, r, single=True)
    c.style.number_apart = any(s.field == "street_number" for s in slots)
    people = people_of(c.genre, c.population, r, 1)
    rows = [record(c, slots, p) for p in people]
    labels = [label_of(c, s) for s in slots]
    note_columns(c, slots, labels, rows)
    blocks = [("title", Cell(r.choice(("Registration form", "Intake record", "Formulaire", "File summary", "Change of information"))))]
    pairs = [(labels[i], rows[0][i]) for i in range(len(slots)) if rows[0][i].text]
    if r.random() < .5:
        return blocks + [("table", [[Cell(a + r.choice((":", ""))), b] for a, b in pairs])]
    return blocks + [("line", Cell(a + ": ") + b) for a, b in pairs]


def lines(c, count):
    """One person a line, in words."""
    r = c.random
    if c.genre == "stock":
        return table(c, count)
    out = [("title", Cell(r.choice(("Call list", "Notes of the day", "Liste d'appels"))))]
    pattern = r.choice(("{} (born {}), tel {}", "{}, DOB {}, can be reached at {}", "{} - {} - {}", "{} né(e) le {}, tél. {}"))
    for p in people_of(c.genre, c.population, r, min(count, 15)):
        out.append(("line", fill(pattern, *[value(p, f, c.style, r) for f in ("full_name", "birth_date", "phone")])))
    return out


LAYOUTS = {"table": (table, 10), "transposed": (transposed, 1), "side_by_side": (side_by_side, 1), "stacked": (stacked, 1.5), "cards": (cards, 3), "form": (one_form, 4), "lines": (lines, 1)}
