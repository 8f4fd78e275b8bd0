"""Letters, notes, threads of mail: people in sentences."""
from genres import others_of
from values import Cell, date_text, fill, phone_text, value


def say(c, p, field):
    return value(p, field, c.style, c.random)


def named(p):
    return Cell(f"{p.given} {p.surname}", [(p.pid, "name", f"{p.given} {p.surname}")])


def staff(c):
    p = c.random.choice(c.population.staff)
    c.work.add(p.pid)
    return p


def sentences(c, p):
    """Some of what a note says of p, the name first."""
    r = c.random
    who = {"M": ("He", "his", "Mr."), "F": ("She", "her", "Ms.")}[p.sex]
    out = [r.choice((lambda: fill("{} (born {}) attended today.", named(p), say(c, p, "birth_date")), lambda: fill("Met with {}, date of birth {}, at the office.", named(p), say(c, p, "birth_date")),
                     lambda: fill("I spoke to {} this morning, DOB {}.", named(p), say(c, p, "birth_date"))))()]
    more = [lambda: fill(who[0] + " lives at {}.", say(c, p, "address")), lambda: fill("{} {} can be reached at {}.", Cell(who[2]), Cell(p.surname), say(c, p, "phone")),
            lambda: fill(who[0] + " has been treated for {} and " + who[1] + " health card is {}.", say(c, p, "diagnosis"), say(c, p, "health_number")), lambda: fill("SIN on file: {}.", say(c, p, "sin"))]
    r.shuffle(more)
    out += [make() for make in more[:r.randint(1, 3)]]
    kin = [q for q in p.household.members if q is not p and not q.minor()]
    if kin and r.random() < .4:
        out.append(fill("Next of kin is {}, {}.", named(kin[0]), say(c, kin[0], "phone")))
    children = [q for q in p.household.members if p in q.guardians]
    if children and r.random() < .5:
        k = children[0]
        c.links.append((k.pid, p.pid))
        out.append(fill("{}'s " + ("son" if k.sex == "M" else "daughter") + " {}, born {}, was present.", Cell(p.given), named(k), say(c, k, "birth_date")))
    if p.age() > 70 and r.random() < .4:
        c.dead.add(p.pid)
        out.append(Cell(r.choice((f"{p.given} {p.surname} passed away on 3 May 2020.", f"The file of the late {p.given} {p.surname} is closed.", f"{who[2]} {p.surname} died at home in May."))))
    return out


def joined(parts):
    out = Cell()
    for i, part in enumerate(parts):
        out = out + (Cell(" ") if i else Cell()) + part
    return out


def note(c, _count):
    r = c.random
    w = staff(c)
    out = [("title", Cell(r.choice(("Case note", "Visit summary", "Incident report", "File note")))), ("line", fill("Prepared by {}, {}", named(w), Cell(w.job)))]
    for p in r.sample(c.population.adults(), r.choice((1, 1, 2, 3))):
        out.append(("line", joined(sentences(c, p))))
    return out


def letter(c, _count):
    r, w = c.random, staff(c)
    p = r.choice(c.population.adults())
    children = [q for q in c.population.private if p in q.guardians]
    out = [("line", named(p)), ("line", say(c, p, "address")), ("blank", None), ("line", Cell(f"Dear {'Mr.' if p.sex == 'M' else 'Ms.'} {p.surname},")), ("blank", None)]
    if children and r.random() < .6:
        k = children[0]
        c.links.append((k.pid, p.pid))
        out.append(("line", fill("We write about your child {} (date of birth {}). Please call the school.", named(k), say(c, k, "birth_date"))))
    else:
        out.append(("line", fill("Your account {} was credited. We have your telephone as {} and your date of birth as {}.", Cell(f"A{r.randint(1000, 9999)}"), say(c, p, "phone"), say(c, p, "birth_date"))))
    return out + [("blank", None), ("line", Cell("Sincerely,")), ("line", named(w)), ("line", Cell(w.job)), ("line", Cell(phone_text(w.cell, c.style.phone), [(w.pid, "phone", "+1" + w.cell)]))]


def mail(c, _count):
    """A thread: a reply above what it answers."""
    r = c.random
    a, b = staff(c), staff(c)
    top, below = r.choice(c.population.adults()), r.choice(c.population.adults())
    sign = lambda w: [("blank", None), ("line", Cell(r.choice(("Thanks,", "Regards,", "--", "Cordialement,")))), ("line", named(w)), ("line", Cell(f"{w.job} | {phone_text(w.cell, c.style.phone)} | {w.email}", [(w.pid, "phone", "+1" + w.cell), (w.pid, "email", w.email)]))]
    c.mail = (a, b)
    out = [("line", Cell(f"Hi {b.given},")), ("blank", None), ("line", joined(sentences(c, top)))] + sign(a)
    if r.random() < .6:
        out += [("blank", None), ("line", Cell(f"On {date_text(c.population.date(0, 1), 'long')}, {b.given} {b.surname} <{b.email}> wrote:"))]
        out += [("line", Cell("> ") + part) for part in sentences(c, below)]
    return out
