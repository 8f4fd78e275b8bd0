"""Values as documents write them, with marks that say what of whom they are.

A Cell is text and marks; a mark is (person, element type, normal value). Documents are made of cells, so the truth is what was written.
"""
import datetime
import re

MONTHS_EN = "January February March April May June July August September October November December".split()
MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
DATE_STYLES = ("iso", "dmy", "mdy", "long", "abbr", "dots", "compact", "upper", "fr", "ymd")
PHONE_STYLES = ("(905) 555-0100", "905-555-0100", "905.555.0100", "905 555 0100", "9055550100", "+1 905 555 0100", "1-905-555-0100")
NAME_STYLES = ("FL", "LF", "FmL", "LFM", "FL upper", "LF upper", "LF mixed", "L f")
ADDRESS_STYLES = ("full", "upper", "street", "dash", "lines", "no postal")


class Cell:
    def __init__(self, text="", marks=()):
        self.text, self.marks = str(text), list(marks)

    def __add__(self, other):
        other = other if isinstance(other, Cell) else Cell(other)
        return Cell(self.text + other.text, self.marks + other.marks)


def fill(pattern, *cells):
    """"{} born {}" with cells in place of the braces."""
    out, parts = Cell(), pattern.split("{}")
    for i, part in enumerate(parts):
        out = out + part
        if i + 1 < len(parts):
            out = out + cells[i]
    return out


def date_text(day, style):
    if style in ("fr",):
        return f"{day.day} {MONTHS_FR[day.month - 1]} {day.year}"
    return {"iso": day.isoformat(), "dmy": f"{day:%d/%m/%Y}", "mdy": f"{day:%m/%d/%Y}", "long": f"{MONTHS_EN[day.month - 1]} {day.day}, {day.year}", "abbr": f"{day:%d-%b-%Y}",
            "dots": f"{day:%d.%m.%Y}", "compact": f"{day:%Y%m%d}", "upper": f"{day:%d-%b-%Y}".upper(), "ymd": f"{day:%Y/%m/%d}"}[style]


def phone_text(number, style):
    a, b, c = number[:3], number[3:6], number[6:]
    return {PHONE_STYLES[0]: f"({a}) {b}-{c}", PHONE_STYLES[1]: f"{a}-{b}-{c}", PHONE_STYLES[2]: f"{a}.{b}.{c}", PHONE_STYLES[3]: f"{a} {b} {c}", PHONE_STYLES[4]: number,
            PHONE_STYLES[5]: f"+1 {a} {b} {c}", PHONE_STYLES[6]: f"1-{a}-{b}-{c}"}[style]


def name_text(p, style):
    first, last, middle = p.given, p.surname, p.middle
    return {"FL": f"{first} {last}", "LF": f"{last}, {first}", "FmL": f"{first} {middle[:1] + '. ' if middle else ''}{last}", "LFM": f"{last}, {first} {middle}".strip(),
            "FL upper": f"{first} {last}".upper(), "LF upper": f"{last}, {first}".upper(), "LF mixed": f"{last.upper()}, {first}", "L f": f"{last} {first}"}[style]


def address_text(home, style, line_break="\n"):
    street = f"{home.number} {home.street} {home.kind[0 if style == 'full' else 1]}"
    if home.unit:
        street = f"{home.unit}-{street}" if style == "dash" else f"{street} Unit {home.unit}"
    place = f"{home.town} {home.province}"
    return {"full": f"{street}, {home.town}, {home.province} {home.postal}", "upper": f"{street}, {place} {home.postal}".upper(), "street": street, "dash": f"{street} {place} {home.postal}",
            "lines": f"{street}{line_break}{place} {home.postal}", "no postal": f"{street}, {home.town}"}[style]


def normal_address(home):
    unit = f"UNIT {home.unit}, " if home.unit else ""
    return f"{unit}{home.number} {home.street} {home.kind[1]}, {home.town} {home.province} {home.postal}".upper()


class Style:
    """One document's way of writing."""

    def __init__(self, random, language="en"):
        r = random
        self.date = r.choice(("fr", "iso", "dmy")) if language == "fr" else r.choice(DATE_STYLES[:8] + ("ymd",))
        self.phone, self.name, self.address = r.choice(PHONE_STYLES), r.choice(NAME_STYLES[:7]), r.choice(ADDRESS_STYLES)
        self.grouped, self.version = r.random() < .5, r.random() < .3
        self.upper_parts = r.random() < .25
        self.number_apart, self.postal_whole = False, r.random() < .4  # "QUEEN ST", "L1N5A1"
        self.language = language


def grouped(digits, sizes, separator):
    out, at = [], 0
    for n in sizes:
        out.append(digits[at:at + n])
        at += n
    return separator.join(out)


NUMBER_FIELDS = {"sin": ("ca.sin", (3, 3, 3)), "health_number": ("ca.on.health_number", (4, 3, 3)), "education_number": ("ca.on.education_number", (3, 3, 3)), "payment_card": ("payment_card", (4, 4, 4, 4)),
                 "passport": ("ca.passport", None), "bank_account": ("ca.bank_account", None), "drivers_licence": ("ca.on.drivers_licence", (5, 5, 5))}


def value(p, field, style, random, scope="s"):
    """The cell that says `field` of person `p`."""
    r, pid, home = random, p.pid, p.household
    mark = lambda text, kind, normal: Cell(text, [(pid, kind, normal)])
    if field == "full_name":
        return mark(name_text(p, style.name), "name", f"{p.given} {p.surname}")
    if field in ("first_name", "last_name", "middle_name"):
        text = {"first_name": p.given, "last_name": p.surname, "middle_name": p.middle}[field]
        return Cell(text.upper() if style.upper_parts else text, [(pid, "name", f"{p.given} {p.surname}")] if field == "last_name" else [])
    if field == "birth_date":
        return mark(date_text(p.born, style.date), "birth_date", p.born.isoformat())
    if field in NUMBER_FIELDS:
        kind, sizes = NUMBER_FIELDS[field]
        digits = p.numbers[kind]
        text = grouped(digits, sizes, r.choice(" -") if style.grouped is True else style.grouped) if sizes and style.grouped else digits
        if field == "health_number" and style.version:
            text += " " + r.choice("ABKVX") + r.choice("ABCXY")
        return mark(text, kind, digits)
    if field == "phone":
        number = p.cell if r.random() < .7 or not home else home.phone
        return mark(phone_text(number, style.phone), "phone", "+1" + number)
    if field == "email":
        return mark(p.email, "email", p.email)
    if home and field == "address":
        return mark(address_text(home, style.address), "address", normal_address(home))
    if home and field in ("street", "street_number", "unit", "city", "province", "postal_code"):
        number = "" if style.number_apart else home.number + " "
        postal = home.postal.replace(" ", "") if style.postal_whole else home.postal
        text = {"street": f"{number}{home.street} {home.kind[1]}", "street_number": home.number, "unit": home.unit, "city": home.town, "province": home.province, "postal_code": postal}[field]
        return Cell(text.upper() if style.upper_parts else text, [(pid, "address", normal_address(home))] if field == "street" else [])
    if home and field == "property_roll":
        d = home.roll
        return mark(grouped(d, (2, 2, 3, 3, 5, 4), r.choice(" -")) if style.grouped else d, "property_roll", d)
    if field in ("diagnosis", "allergy"):
        return mark(p.condition, "health_record", p.condition)
    if field in ("grade", "homeroom"):
        text = str(p.grade) if field == "grade" else f"{p.grade}{r.choice('ABC')}"
        return mark(text, "student_record", text)
    if field in ("position", "salary", "employee_number"):
        text = {"position": p.job, "salary": f"{p.salary}", "employee_number": p.employee}[field]
        return mark(text, "employment_record", text)
    if field == "religion":
        return mark(p.faith, "religion", p.faith)
    if field == "password":
        return mark(p.password, "credential", p.password)
    simple = {"age": p.age(), "sex": p.sex, "bank_institution_and_transit": f"{p.transit}-{p.bank}", "former_name": "", "relationship": r.choice(("Mother", "Father", "Spouse", "Brother", "Friend"))}
    return Cell(simple.get(field, ""))


ITEMS = "Red Maple,Rose Planter,Winter Boots,Blue Jay Feeder,Victoria Sponge,Jack Daniel's rack,Norfolk Pine,Ivy Trellis,Grant Application,Lincoln Welder,Georgia Peach,Summit Tent,Heather Mix".split(",")


def filler(kind, random, row):
    """A cell of a column that says nothing personal."""
    r = random
    if kind == "other_number":
        return Cell(r.choice((str(row + 1), f"{r.randint(1000, 99999)}", f"{r.uniform(5, 9000):.2f}", f"R{r.randint(10 ** 5, 10 ** 6)}", f"SKU{r.randint(10 ** 8, 10 ** 9)}")))
    if kind == "other_date":
        day = datetime.date(2019, 1, 1) + datetime.timedelta(days=r.randint(0, 700))
        return Cell(r.choice((day.isoformat(), f"{day:%d/%m/%Y}", f"{r.randint(8, 17):02d}:{r.choice(('00', '15', '30', '45'))}")))
    if kind == "note":
        return Cell(r.choice(ITEMS + ["called twice, no answer", "left message", "to follow up", "see file", ""]))
    return Cell(r.choice(("Active", "Closed", "Pending", "Yes", "No", "A", "B", "North", "Oshawa", "Central PS", "Intake", "")))


def filler_column(kind, random, count):
    """A column of such cells: of one shape, as columns are."""
    r = random
    if kind == "other_number":
        shape = r.choice(("seq", "id", "money", "code", "sku", "uuid", "nine", "ten", "small"))
        start = r.randint(1, 5000)
        make = {"seq": lambda i: start + i, "id": lambda i: r.randint(10000, 999999), "money": lambda i: f"{r.uniform(1, 9000):.2f}", "code": lambda i: f"{r.choice('ABDR')}{r.randint(1000, 999999)}", "sku": lambda i: f"SKU{r.randint(10 ** 8, 10 ** 9)}",
                "uuid": lambda i: f"{r.getrandbits(32):08x}-{r.getrandbits(16):04x}-{r.getrandbits(16):04x}", "nine": lambda i: r.randint(10 ** 8, 10 ** 9 - 1), "ten": lambda i: r.randint(10 ** 9, 10 ** 10 - 1), "small": lambda i: r.randint(0, 40)}[shape]
        return [Cell(make(i)) for i in range(count)]
    if kind == "other_date":
        style, clock = r.choice(DATE_STYLES), r.random() < .25
        first = datetime.date(r.randint(2010, 2020), 1, 1)
        spread = r.choice((30, 300, 2500))
        return [Cell(f"{r.randint(8, 17)}:{r.choice(('00', '20', '40'))}" if clock else date_text(first + datetime.timedelta(days=r.randint(0, spread)), style)) for _ in range(count)]
    if kind == "note":
        pool = r.choice((ITEMS, ["called twice, no answer", "left message", "to follow up", "see file", "", "cheque returned by bank", "awaiting documents"], re.split(r"\s", "alpha bravo charlie delta echo foxtrot golf hotel")))
        return [Cell(r.choice(pool)) for _ in range(count)]
    pool = r.choice((("Active", "Closed", "Pending"), ("Y", "N"), ("Yes", "No", ""), ("North", "South", "East"), ("Oshawa", "Whitby", "Ajax"), ("Central PS", "St. Mary CES", "Lakeview HS"), ("English", "French"), ("A1", "B2", "C3"), ("MISSING", "2016-03-01", "OK")))
    return [Cell(r.choice(pool)) for _ in range(count)]
