"""Small files of many kinds, each scanned alone: who is in it, with which data, and nobody else. All people are invented."""
import io
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
import zipfile

from support.server import build_folder

# Two people; their numbers keep the check rule of Ontario's health cards.
IDA = {"name": "Ida Moreau", "birth_date": "1968-02-17", "ca.on.health_number": "4736291855"}
OLU = {"name": "Olu Bankole", "birth_date": "1991-11-05", "ca.on.health_number": "6281047393"}


def luhn(digits):
    """The digits with the check digit that makes the number whole."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


IDA["ca.on.health_number"] = luhn("473629185")
OLU["ca.on.health_number"] = luhn("628104739")
PEOPLE = [IDA, OLU]
SINS = [luhn(start) for start in ("51823647", "64402918", "13069254", "45502281", "19345678")]


def hl7():
    return ("MSH|^~\\&|ADT|NORTH|||20220304||ADT^A01|1|P|2.4\r"
            f"PID|1||{IDA['ca.on.health_number']}^^^ON^JHN||MOREAU^IDA||19680217|F|||7 Birch Cres^^Ajax^ON^L1S 3K4||(905)555-0120\r"
            "NK1|1|MOREAU^PAUL|SPO|7 Birch Cres^^Ajax^ON|9055550121\rPV1|1|I||||||44^HOUSE^GREGORY\r"
            "DG1|1||J45^Asthma^I10\r"
            "MSH|^~\\&|ADT|NORTH|||20220304||ADT^A01|2|P|2.4\r"
            f"PID|1||{OLU['ca.on.health_number']}^^^ON^JHN||BANKOLE^OLU||19911105|M\r").encode()


def fhir(lines):
    patients = [{"resourceType": "Patient", "id": str(number),
                 "identifier": [{"type": {"coding": [{"code": "JHN"}]}, "value": person["ca.on.health_number"]}],
                 "name": [{"family": person["name"].split()[1], "given": [person["name"].split()[0]]}],
                 "birthDate": person["birth_date"]} for number, person in enumerate(PEOPLE)]
    if lines:
        return "\n".join(json.dumps(patient) for patient in patients).encode()
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": patient} for patient in patients]}).encode()


def cda():
    return (f"""<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Continuity of Care</title><recordTarget>
<patientRole><id root="2.16.840.1.113883.4.59" extension="{IDA['ca.on.health_number']}"/><patient><name><given>Ida</given>
<family>Moreau</family></name><birthTime value="19680217"/></patient></patientRole></recordTarget><component><structuredBody>
<component><section><title>Problem List</title><text><table><thead><tr><th>Problem</th><th>Date Onset</th></tr></thead><tbody>
<tr><td>Asthma</td><td>May 2009</td></tr></tbody></table></text></section></component></structuredBody></component>
</ClinicalDocument>""").encode()


def rows(person):
    given, surname = person["name"].split()
    return surname, given, person["birth_date"], person["ca.on.health_number"]


def mysql():
    values = ",".join(f"({number},'{row[0]}','{row[1]}','{row[2]}','{row[3]}')"
                      for number, row in enumerate(map(rows, PEOPLE)))
    return ("CREATE TABLE `patients` (\n `id` int NOT NULL,\n `last_name` varchar(40),\n `first_name` varchar(40),\n"
            f" `dob` date,\n `health_number` varchar(12),\n PRIMARY KEY (`id`)\n);\nINSERT INTO `patients` VALUES {values};\n").encode()


def postgres():
    lines = "\n".join("\t".join((str(number), *row)) for number, row in enumerate(map(rows, PEOPLE)))
    return f"COPY public.patients (id, last_name, first_name, dob, health_number) FROM stdin;\n{lines}\n\\.\n".encode()


def sqlite_file():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x")
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE patients(last_name, first_name, dob, health_number)")
            database.executemany("INSERT INTO patients VALUES(?,?,?,?)", map(rows, PEOPLE))
        database.close()
        return pathlib.Path(path).read_bytes()


def nested():
    return "\n".join(json.dumps({"person": {"name": {"last": row[0], "first": row[1]}, "birthDate": row[2]},
                                 "ids": {"health_number": row[3]}}) for row in map(rows, PEOPLE)).encode()


def excel_2003():
    table = [("Last name", "First name", "Date of birth", "Health card"), *map(rows, PEOPLE)]
    body = "".join("<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
                   for row in table)
    return ('<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook '
            'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
            f'<Worksheet ss:Name="A"><Table>{body}</Table></Worksheet></Workbook>').encode()


def csv(encoding="utf-8"):
    table = [("Last name", "First name", "Date of birth", "Health card"), *map(rows, PEOPLE)]
    return "\n".join("\t".join(row) for row in table).encode(encoding)


def vcard():
    return b"".join(f"BEGIN:VCARD\r\nVERSION:2.1\r\nN:{row[0]};{row[1]}\r\nBDAY:{row[2].replace('-', '')}\r\nEND:VCARD\r\n".encode()
                    for row in map(rows, PEOPLE))


def mainframe(header):
    """Records of one length without line ends, in EBCDIC: a header over them, or none."""
    others = (("Haddad", "Omar", "1984-11-27"), ("Fontaine", "Lucas", "1962-01-30"), ("Griffin", "Helen", "1971-03-09"))
    table = [row[:3] for row in map(rows, PEOPLE)] + list(others)
    lines = [f"{row[0]:<14}{row[1]:<10}{row[2].replace('-', '')}{sin}{number:06d}      ".upper()
             for number, (row, sin) in enumerate(zip(table, SINS))]
    head = f"{'SURNAME':<14}{'GIVEN NAME':<10}{'BORN':<8}{'SIN':<9}{'SEQ':<12}" if header else ""
    return (head + "".join(lines)).encode("cp037")


MAINFRAME = [{"name": person, "ca.sin": sin} for person, sin in
             zip(("Ida Moreau", "Olu Bankole", "Omar Haddad", "Lucas Fontaine", "Helen Griffin"), SINS)]


def zip_in_zip():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("..\\people.tsv", csv())
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


# name: (content, people that must be there, words that no person's name may have)
KINDS = {
    "adt.hl7": (hl7(), PEOPLE + [{"name": "Paul Moreau", "phone": "+19055550121"}], ["Asthma"]),
    "bundle.json": (fhir(False), PEOPLE, []),
    "export.ndjson": (fhir(True), PEOPLE, []),
    "visit.xml": (cda(), [IDA], ["Problem", "Asthma", "Continuity"]),
    "mysql.sql": (mysql(), PEOPLE, []),
    "postgres.sql": (postgres(), PEOPLE, []),
    "clients.db": (sqlite_file(), PEOPLE, []),
    "nested.jsonl": (nested(), PEOPLE, []),
    "sheet.xls": (excel_2003(), PEOPLE, []),
    "wide.csv": (csv("utf-16-le"), PEOPLE, []),
    "contacts.vcf": (vcard(), [{key: person[key] for key in ("name", "birth_date")} for person in PEOPLE], []),
    "payroll.dat": (mainframe(True), MAINFRAME, []),
    "bare.dat": (mainframe(False), MAINFRAME, []),
    "short.csv": ("\n".join(["Student,DOB", *(f"{person['name']},{person['birth_date']}" for person in PEOPLE)]).encode(),
                  [{key: person[key] for key in ("name", "birth_date")} for person in PEOPLE], []),
    "bare.csv": ("\n".join(",".join(row) for row in map(rows, PEOPLE * 2)).upper().encode(), PEOPLE, []),
    "archive.zip": (zip_in_zip(), PEOPLE, []),
}


class CensusKinds(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def scan(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        case = self.folder / (name + ".case")
        sealift = build_folder() / "sealift"
        subprocess.run([sealift, "census", "scan", path, "--case", case, "--no-ocr"], check=True, capture_output=True)
        people, files = self.folder / "people", self.folder / "files"
        subprocess.run([sealift, "census", "export", "--case", case, "--people", people, "--files", files], check=True)
        return ([json.loads(line) for line in people.read_text().splitlines()],
                [json.loads(line) for line in files.read_text().splitlines()])

    def check(self, people, wanted):
        given, surname = wanted["name"].split()
        found = [person for person in people if any({given, surname} <= set(name.split()) for name in person["names"])]
        self.assertEqual(len(found), 1, wanted["name"])
        values = {(element["type"], element["value"]) for element in found[0]["elements"]}
        for kind, value in wanted.items():
            if kind == "birth_date":
                self.assertEqual(found[0]["birth_date"], value)
            elif kind != "name":
                self.assertIn((kind, value), values)

    def test_the_people_of_each_kind_are_found_and_nobody_else(self):
        for name, (content, wanted, nobody) in KINDS.items():
            with self.subTest(name):
                people, files = self.scan(name, content)
                self.assertEqual({file["status"] for file in files}, {"read"}, files)
                for each in wanted:
                    self.check(people, each)
                names = [name for person in people for name in person["names"]]
                for word in nobody:
                    self.assertFalse([name for name in names if word in name])
                exposed = [person for person in people if person["kind"] != "work_contact"]
                self.assertEqual(len(exposed), len(wanted), names)

    def test_what_is_sealed_is_encrypted_and_never_failed(self):
        for name, content in (("a", b"age-encryption.org/v1\n-> X25519 x\n"), ("b", b"-----BEGIN PGP MESSAGE-----\n\nx\n")):
            self.assertEqual(self.scan(name, content)[1][0]["status"], "encrypted")

    def test_links_and_pipes_are_listed(self):
        pile = self.folder / "pile"
        pile.mkdir()
        (pile / "link").symlink_to(self.folder)
        os.mkfifo(pile / "pipe")
        case = self.folder / "case"
        subprocess.run([build_folder() / "sealift", "census", "scan", pile, "--case", case], check=True, capture_output=True)
        said = subprocess.run([build_folder() / "sealift", "census", "files", "--case", case], check=True, capture_output=True, text=True)
        self.assertIn("a link", said.stdout)
        self.assertIn("a pipe", said.stdout)

    def test_a_folder_that_others_may_enter_is_refused(self):
        case = self.folder / "case"
        case.mkdir(mode=0o755)
        done = subprocess.run([build_folder() / "sealift", "census", "scan", self.folder, "--case", case], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 700", done.stderr)

    def test_an_export_replaces_a_link_and_never_follows_it(self):
        self.scan("a.tsv", csv())
        outside = self.folder / "outside"
        outside.write_text("kept")
        link = self.folder / "link"
        link.symlink_to(outside)
        subprocess.run([build_folder() / "sealift", "census", "export", "--case", self.folder / "a.tsv.case", "--people", link], check=True)
        self.assertEqual(outside.read_text(), "kept")
        self.assertFalse(link.is_symlink())


if __name__ == "__main__":
    unittest.main()
