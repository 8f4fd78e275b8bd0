"""What organisations keep lists of: who a row is about, what is said of them and who else is in the row.

fields: (field, how often the document has it). others: (role, how many at most, how often each, their fields).
"""

GENRES = {
    "school": dict(role="student", who="children",
                   fields=(("education_number", .7), ("birth_date", .85), ("grade", .6), ("homeroom", .4), ("phone", .2), ("address", .35), ("health_number", .2), ("allergy", .25), ("sex", .3)),
                   others=(("guardian", 2, .75, (("phone", .8), ("email", .5), ("address", .12))), ("emergency_contact", 1, .25, (("phone", .9),)), ("staff", 1, .3, ()))),
    "health": dict(role="patient", who="all",
                   fields=(("health_number", .9), ("birth_date", .85), ("address", .5), ("phone", .6), ("email", .2), ("diagnosis", .75), ("allergy", .2), ("sex", .5), ("age", .15)),
                   others=(("emergency_contact", 1, .35, (("phone", .9), ("relationship", .4))), ("staff", 1, .4, ()))),
    "payroll": dict(role="employee", who="adults",
                    fields=(("sin", .8), ("birth_date", .6), ("employee_number", .6), ("position", .6), ("salary", .6), ("address", .6), ("phone", .3), ("email", .5), ("bank_institution_and_transit", .4), ("bank_account", .5)),
                    others=(("emergency_contact", 1, .2, (("phone", .9),)), ("spouse", 1, .15, (("birth_date", .5),)), ("staff", 1, .2, ()))),
    "benefits": dict(role="client", who="adults",
                     fields=(("sin", .75), ("birth_date", .85), ("address", .75), ("phone", .6), ("email", .3), ("bank_account", .3), ("religion", .1), ("health_number", .2)),
                     others=(("spouse", 1, .35, (("birth_date", .6), ("sin", .4))), ("child", 2, .35, (("birth_date", .85), ("health_number", .2))), ("staff", 1, .3, ()))),
    "property": dict(role="owner", who="owners",
                     fields=(("property_roll", .9), ("address", .95), ("phone", .4), ("email", .2)), others=()),
    "club": dict(role="member", who="all",
                 fields=(("birth_date", .6), ("phone", .7), ("email", .7), ("address", .5), ("payment_card", .25), ("drivers_licence", .1), ("allergy", .15), ("password", .1)),
                 others=(("guardian", 1, .3, (("phone", .8), ("email", .4))), ("emergency_contact", 1, .3, (("phone", .9), ("relationship", .3))))),
    "transport": dict(role="client", who="adults",
                      fields=(("drivers_licence", .8), ("birth_date", .7), ("address", .6), ("phone", .4), ("passport", .3), ("payment_card", .2)), others=(("staff", 1, .2, ()),)),
    "stock": dict(role=None, who="nobody", fields=(), others=()),
}
FILLERS = (("other_number", 1.0), ("other_date", .6), ("organisation", .6), ("note", .4))
ADDRESS_PARTS = ("street_number", "street", "unit", "city", "province", "postal_code")


class Slot:
    """A column, or a labelled value: `field` of the `ordinal`th `role` of the row."""

    def __init__(self, field, role="self", ordinal=0):
        self.field, self.role, self.ordinal = field, role, ordinal


def people_of(genre, population, random, count):
    who = GENRES[genre]["who"]
    pool = {"children": population.children, "adults": population.adults, "all": lambda: population.private, "owners": lambda: [h.members[0] for h in population.households], "nobody": lambda: []}[who]()
    return random.sample(pool, min(count, len(pool)))


def others_of(p, role, population, random):
    """People who are `role` to `p`."""
    home = p.household.members
    if role == "guardian":
        return p.guardians
    if role == "child":
        return [q for q in home if p in q.guardians]
    if role == "staff":
        return [random.choice(population.staff)]
    return [q for q in home if q is not p and not q.minor()][:1] or ([random.choice(population.adults())] if role == "emergency_contact" else [])


def slots_of(genre, random, single=False):
    """Which columns a document of this genre has, in order."""
    r, g = random, GENRES[genre]
    role = g["role"]
    names = [["full_name"], ["full_name"], ["last_name", "first_name"], ["first_name", "last_name"], ["last_name", "first_name", "middle_name"]][r.randrange(5)]
    fields = [f for f, often in g["fields"] if r.random() < (min(1, often * 1.15) if single else often)] or [g["fields"][0][0]]
    if "address" in fields and r.random() < .35:
        at = fields.index("address")
        parts = [f for f in ADDRESS_PARTS if f not in ("street_number", "unit") or r.random() < .3]
        if "street_number" in parts and r.random() < .5:
            parts.remove("street_number")
        fields[at:at + 1] = parts
    if r.random() < .3:
        r.shuffle(fields)
    owners = 2 if genre == "property" and names == ["full_name"] and r.random() < .5 else 1
    slots = [Slot(f, role if owners == 1 else "owner", i if owners > 1 else 0) for i in range(1, owners + 1) for f in names] + [Slot(f, "self" if role == "owner" else role) for f in fields]
    if genre == "property" and r.random() < .4:
        slots = slots[owners:] + slots[:owners]
    for other, most, often, their in g["others"]:
        count = sum(r.random() < often for _ in range(most))
        for i in range(1, count + 1):
            ordinal = i if most > 1 and (count > 1 or r.random() < .3) else 0
            slots.append(Slot("full_name", other, ordinal))
            slots += [Slot(f, other, ordinal) for f, chance in their if r.random() < chance]
    for field, often in FILLERS:
        if not single and r.random() < often:
            slots.insert(r.choice((0, len(slots), r.randint(0, len(slots)))), Slot(field, "none"))
    return slots
