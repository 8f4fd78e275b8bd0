"""Invented people: households with names, birth dates, addresses and numbers that pass their check rules.

Names are drawn from short lists of several communities and, for a third of the surnames, put together from syllables, so that no list of
names knows them all. Telephone exchanges are 555, mail names end in .example.
"""
import datetime
import unicodedata

TODAY = datetime.date(2021, 1, 20)
GIVEN = {
    "M": "James Robert Liam Noah Ethan Lucas Oliver Owen Caleb Marcus Victor Hugo Gabriel Antoine Mathieu Étienne Luc Jean-François Rajesh Arjun Vikram Harpreet Wei Jun Minh "
         "Hiroshi Omar Yusuf Ibrahim Kwame Chidi Tunde Mateo Diego Javier Dmitri Andriy Piotr Luca Giorgio Sean Declan Tomasz Amir Faisal Samuel Isaac Elijah Peter Leonard "
         "Clifford Gordon Ernest Todd Brent Dale Kurt Anton Sven Bjorn Rohan Farid Karim Emeka Joaquim Rui Duarte Nuno".split(),
    "F": "Mary Linda Emma Olivia Ava Sophia Chloe Zoe Hannah Abigail Grace Faith Rose Claire Amélie Océane Chantal Marie-Ève Priya Anjali Simran Gurpreet Mei Xiu Linh Yuki Fatima "
         "Aisha Layla Zainab Adaeze Ngozi Amara Camila Lucía Valentina Olga Natalia Oksana Agnieszka Giulia Siobhan Maeve Ingrid Noor Hala Rebecca Ruth Leah Judith Doris Marjorie "
         "Heather Tracy Wendy Karen Ingeborg Astrid Meera Kavita Teresa Inês Beatriz Fernanda Yetunde Ama".split()}
FAMILY = ("Smith Brown Wilson Clark Young King Baker Hill Green Carter Mason Fraser MacDonald O'Neill O'Brien Campbell Stewart Tremblay Gagnon Roy Bouchard Lévesque Côté Pelletier "
          "Lapointe Beaulieu St-Pierre Desjardins Patel Singh Sharma Gill Dhillon Reddy Chen Wang Liu Zhang Nguyen Tran Pham Tanaka Sato Kim Park Hassan Ahmed Khan Malik Mansour "
          "Haddad Okafor Adeyemi Mensah Boateng Garcia Rodriguez Fernandez Morales Silva Santos Oliveira Ivanov Petrov Kowalski Nowak Shevchenko Rossi Bianchi Romano Murphy Kelly "
          "Larsen Nilsson Schmidt Weber Van Dyk De Vries Cohen Levy Goldberg Hopper Winterbourne Ashdown Marchetti Featherstone Pemberton Quigley Thistle Waters Stone Frost").replace("Van Dyk", "Van_Dyk").replace("De Vries", "De_Vries").split()
SYLLABLES = "ka ber mon tal vi ro stan gor ell win dar mir sko les pra nath ziel hart wen lo ben ash cor tis van del ri mar zo ner".split()
STREETS = "Maple Oak King Queen Church Simcoe Dundas Athol Ritson Wilson Harmony Lakeshore Birchmount Orchard Heron Cedar Valleyview Saint-Jean Ravine Bloor Stevenson Colborne Wellington Mill Elgin".split()
KINDS = (("Street", "St"), ("Avenue", "Ave"), ("Road", "Rd"), ("Drive", "Dr"), ("Crescent", "Cres"), ("Court", "Crt"), ("Boulevard", "Blvd"), ("Lane", "Lane"))
TOWNS = (("Oshawa", "ON", "L1G"), ("Whitby", "ON", "L1N"), ("Ajax", "ON", "L1S"), ("Pickering", "ON", "L1V"), ("Peterborough", "ON", "K9H"), ("Kingston", "ON", "K7L"),
         ("Sudbury", "ON", "P3E"), ("Hamilton", "ON", "L8P"), ("Gatineau", "QC", "J8X"), ("Laval", "QC", "H7N"), ("Ottawa", "ON", "K1N"), ("Guelph", "ON", "N1H"))
CONDITIONS = "asthma,type 2 diabetes,epilepsy,peanut allergy,hypertension,migraine,anxiety disorder,hip fracture,celiac disease,chest pain,COPD,depression,eczema,anaphylaxis,ADHD".split(",")
JOBS = "Clerk,Operator,Nurse,Analyst,Custodian,Planner,Cook,Driver,Technician,Librarian,Lifeguard,Inspector,Accountant,Labourer,Mechanic".split(",")
FAITHS = "Catholic,Muslim,Jewish,Hindu,Sikh,Buddhist,Anglican".split(",")


def plain(text):
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().replace("'", "").replace(" ", "").lower()


def luhn_tail(digits):
    total = 0
    for i, c in enumerate(reversed(digits)):
        d = int(c) * (2 if i % 2 == 0 else 1)
        total += d - 9 if d > 9 else d
    return str(-total % 10)


class Person:
    def __init__(self, forge, sex, surname, born):
        r = forge.random
        self.pid = f"f{len(forge.people) + 1:06d}"
        forge.people.append(self)
        self.sex, self.surname, self.born = sex, surname, born
        self.given = r.choice(GIVEN[sex])
        self.middle = r.choice(GIVEN[sex]) if r.random() < .5 else ""
        self.guardians, self.household, self.deceased = [], None, False
        digits = lambda n: "".join(r.choice("0123456789") for _ in range(n))
        sin = r.choice("1245679") + digits(7)
        health = r.choice("123456789") + digits(8)
        card = "4" + digits(14)
        first = plain(surname)[:1].upper() or "A"
        month = born.month + (50 if sex == "F" else 0)
        self.numbers = {"ca.sin": sin + luhn_tail(sin), "ca.on.health_number": health + luhn_tail(health), "payment_card": card + luhn_tail(card),
                        "ca.on.education_number": digits(9), "ca.on.drivers_licence": f"{first}{digits(9)}{born.year % 100:02d}{month:02d}{born.day:02d}"[:15],
                        "ca.passport": r.choice("GHAB") + r.choice("ABCDK") + digits(6), "ca.bank_account": r.choice("12345678") + digits(r.randint(6, 10))}
        self.transit, self.bank = digits(5), r.choice(("001", "002", "003", "004", "006", "010", "016"))
        self.cell = f"{r.choice(('905', '289', '416', '647', '705', '613'))}555{digits(4)}"
        self.email = f"{plain(self.given)}{r.choice(('.', '_', ''))}{plain(surname)}{r.randint(1, 99)}@{r.choice(('post', 'mailbox', 'inbox', 'courriel'))}.example"
        self.condition, self.job, self.faith = r.choice(CONDITIONS), r.choice(JOBS), r.choice(FAITHS)
        self.salary, self.employee = r.randint(28, 140) * 1000 + r.randint(0, 999), digits(5)
        self.grade = max(1, min(12, self.age() - 5))
        self.password = r.choice(STREETS) + digits(3) + r.choice("!#$")

    def age(self):
        return TODAY.year - self.born.year - ((TODAY.month, TODAY.day) < (self.born.month, self.born.day))

    def minor(self):
        return self.age() < 18


class Household:
    def __init__(self, forge):
        r = forge.random
        town, province, zone = r.choice(TOWNS)
        self.number, self.street, self.kind = str(r.randint(1, 1999)), r.choice(STREETS), r.choice(KINDS)
        self.unit = str(r.randint(1, 900)) if r.random() < .2 else ""
        self.town, self.province = town, province
        self.postal = f"{zone} {r.randint(1, 9)}{r.choice('ABCEGHJKLMNPRSTVWXYZ')}{r.randint(1, 9)}"
        self.phone = f"{r.choice(('905', '705', '613', '519'))}555{r.randint(0, 9999):04d}"
        self.roll = f"18{r.randint(1, 60):02d}" + "".join(r.choice("0123456789") for _ in range(11)) + "0000"
        self.members = []


class Population:
    """Households until there are `count` people, and a few who work for the organisation."""

    def __init__(self, random, count):
        self.random, self.people, self.households = random, [], []
        while len(self.people) < count:
            self.add_household()
        self.private = list(self.people)
        self.staff = []
        for _ in range(12):
            p = Person(self, random.choice("MF"), self.surname(), self.date(25, 62))
            p.email = f"{plain(p.given)}.{plain(p.surname)}@office.example"
            self.staff.append(p)

    def surname(self):
        r = self.random
        if r.random() < .33:
            return "".join(r.choice(SYLLABLES) for _ in range(r.randint(2, 3))).capitalize()
        return r.choice(FAMILY).replace("_", " ")

    def date(self, least, most):
        return TODAY - datetime.timedelta(days=self.random.randint(least * 366, most * 365 + 364))

    def add_household(self):
        r = self.random
        home = Household(self)
        name = self.surname()
        adults = [Person(self, s, name if i == 0 or r.random() < .7 else self.surname(), self.date(26, 58)) for i, s in enumerate(("F", "M")[:1 if r.random() < .3 else 2])]
        if r.random() < .25:
            for p in adults:
                p.born = self.date(62, 96)
            children = []
        else:
            children = [Person(self, r.choice("MF"), r.choice(adults).surname, self.date(4, 16)) for _ in range(r.choice((0, 1, 1, 2, 2, 3)))]
        for child in children:
            child.guardians = adults
        home.members = adults + children
        for p in home.members:
            p.household = home
        self.households.append(home)

    def children(self):
        return [p for p in self.private if p.guardians]

    def adults(self):
        return [p for p in self.private if not p.minor()]
