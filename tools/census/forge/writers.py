"""Blocks to files: text, fixed width, CSV of several kinds, HTML, XLSX, DOCX and EML. Standard library only."""
import csv
import html
import io
import zipfile
from email.message import EmailMessage
from xml.sax.saxutils import escape

from values import Cell


def rows_of(blocks):
    width = max([len(row) for kind, body in blocks if kind == "table" for row in body] + [1])
    out = []
    for kind, body in blocks:
        out += [list(row) + [Cell()] * (width - len(row)) for row in body] if kind == "table" else [[body or Cell()] + [Cell()] * (width - 1)]
    return out


def write_csv(blocks, random):
    delimiter, encoding = random.choice(((",", "utf-8"), (",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16"), ("|", "latin-1")))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    writer.writerows([[cell.text for cell in row] for row in rows_of(blocks)])
    return out.getvalue().encode(encoding, "replace"), "csv"


def write_text(blocks, _random):
    out = []
    for kind, body in blocks:
        if kind != "table":
            out.append(body.text if body else "")
            continue
        width = max(len(row) for row in body)
        flat = [[(row[i].text if i < len(row) else "").replace("\n", ", ") for i in range(width)] for row in body]
        sizes = [max(len(row[i]) for row in flat) + 2 for i in range(width)]
        out += ["".join(text.ljust(size) for text, size in zip(row, sizes)).rstrip() for row in flat]
    return ("\n".join(out) + "\n").encode(), "txt"


def html_of(blocks):
    text = lambda cell: html.escape(cell.text).replace("\n", "<br>")
    out = []
    for kind, body in blocks:
        if kind == "table":
            out.append("<table border=1>" + "".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in body) + "</table>")
        elif kind == "title":
            out.append(f"<h2>{text(body)}</h2>")
        else:
            out.append(f"<p>{text(body) if body else '&nbsp;'}</p>")
    return "<html><head><meta charset='utf-8'></head><body>" + "\n".join(out) + "</body></html>"


def write_html(blocks, random):
    return html_of(blocks).encode(), random.choice(("html", "htm", "xls"))


def archive(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, body in parts:
            z.writestr(zipfile.ZipInfo(name, (2021, 1, 20, 0, 0, 0)), body)
    return out.getvalue()


def column_name(at):
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def write_xlsx(blocks, random):
    lines = []
    for y, row in enumerate(rows_of(blocks), 1):
        cells = "".join(f'<c r="{column_name(x)}{y}" t="inlineStr"><is><t xml:space="preserve">{escape(cell.text)}</t></is></c>' for x, cell in enumerate(row) if cell.text)
        lines.append(f'<row r="{y}">{cells}</row>')
    name = random.choice(("Sheet1", "Data", "Feuil1", "Export", "List"))
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main, rel = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return archive([("[Content_Types].xml", head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'),
                    ("_rels/.rels", head + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
                    ("xl/workbook.xml", head + f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'),
                    ("xl/_rels/workbook.xml.rels", head + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'),
                    ("xl/worksheets/sheet1.xml", head + f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>')]), "xlsx"


def write_docx(blocks, _random):
    run = lambda text: "".join(("<w:r><w:br/></w:r>" if i else "") + f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for i, part in enumerate(text.split("\n")))
    paragraph = lambda text: f"<w:p>{run(text)}</w:p>"
    out = []
    for kind, body in blocks:
        if kind == "table":
            out.append("<w:tbl>" + "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(cell.text)}</w:tc>" for cell in row) + "</w:tr>" for row in body) + "</w:tbl><w:p/>")
        else:
            out.append(paragraph(body.text if body else ""))
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return archive([("[Content_Types].xml", head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'),
                    ("_rels/.rels", head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'),
                    ("word/document.xml", head + f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{"".join(out)}</w:body></w:document>')]), "docx"


def write_mail(blocks, random, sender, receiver, subject):
    message = EmailMessage()
    message["From"], message["To"] = f"{sender.given} {sender.surname} <{sender.email}>", f"{receiver.given} {receiver.surname} <{receiver.email}>"
    message["Subject"], message["Date"] = subject, "Tue, 12 Jan 2021 10:00:00 -0500"
    if random.random() < .5:
        message.set_content(write_text(blocks, random)[0].decode())
    else:
        message.set_content(html_of(blocks), subtype="html")
    return message.as_bytes(), "eml"


TABLES = (write_csv, write_csv, write_xlsx, write_xlsx, write_html, write_text, write_docx)
TEXTS = (write_text, write_docx, write_html)
