"""Tables that are wrong: text of every kind, Parquet, Excel."""

import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

from bad_inputs.case import BadInput
from wunderkammer.testing.fake_archive import ONE_PIXEL

TEXT, PARQUET, EXCEL = "Tables of text (CSV, TSV)", "Parquet", "Excel workbooks"
HEADER = b"file,scientificName,eventDate\n"
ROWS = b"a.gif,Aus bus,1901\nb.gif,Bus cus,1902\nc.gif,Cus dus,1903\n"
GOOD = HEADER + ROWS


def images(folder, names=("a.gif", "b.gif", "c.gif")):
    """Write an image of each name and return the words that name their folder."""
    (folder / "images").mkdir(exist_ok=True)
    for name in names:
        (folder / "images" / name).write_bytes(ONE_PIXEL)
    return ["--images", str(folder / "images")]


def table(folder, content, name="t.csv", *more):
    """Write a table and return the words that name it."""
    (folder / name).write_bytes(content)
    return ["--from", str(folder / name), "--source", "table", *images(folder), *more]


def text(name, wrong, content, kept=0, status=0, *more, **how):
    """Return the case of a table of text."""
    return BadInput(
        TEXT, name, wrong, lambda f: table(f, content, "t.csv", *more), kept, status, **how
    )


def workbook(cells=(("file", "scientificName"), ("a.gif", "Aus bus"), ("b.gif", "Bus cus"))):
    """Return the bytes of a workbook."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in cells:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def changed(content, name, change):
    """Return a zip with one of its members changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", 8) as after:
        for member in before.namelist():
            inside = before.read(member)
            after.writestr(member, change(inside) if member == name else inside)
    return out.getvalue()


def excel(name, wrong, make, kept=0, status=0, **how):
    """Return the case of a workbook."""
    return BadInput(EXCEL, name, wrong, lambda f: table(f, make(), "t.xlsx"), kept, status, **how)


def sheet(change):
    """Return a maker of a workbook whose sheet is changed."""
    return lambda: changed(workbook(), "xl/worksheets/sheet1.xml", change)


def parquet(name, wrong, make, kept=0, status=0):
    """Return the case of a Parquet file."""
    return BadInput(PARQUET, name, wrong, lambda f: table(f, make(), "t.parquet"), kept, status)


def parquet_of(columns, names=None):
    """Return the bytes of a Parquet file."""
    out = io.BytesIO()
    made = pa.table(columns) if names is None else pa.Table.from_arrays(columns, names)
    pq.write_table(made, out)
    return out.getvalue()


FILES = pa.array(["a.gif", "b.gif", "c.gif"])
EURO = "a.gif,Aus bus,1901\nb.gif,Bus cüs,1902\nc.gif,Cus dus,1903\n"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">%s]>' % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)

CASES = [
    text("empty", "The file has no byte", b"", 0, 1),
    text("header alone", "There is no row below the header", HEADER, 0, 1),
    text("blank lines alone", "There are line ends and nothing else", b"\n\r\n\n", 0, 1),
    text("no column of images", "No column names files or addresses", b"x,y\n1,2\n3,4\n", 0, 2),
    text("a web page", "A log-in page was saved as the table",
         b"<!DOCTYPE html>\n<p>Log in</p>\n", 0, 2),
    text("an image", "It is a GIF with another ending", ONE_PIXEL * 20, 0, 1),
    text("a zip", "It is a zip with another ending", workbook(), 0, 1),
    text("NUL bytes", "Cells hold NUL, as a crashed spreadsheet leaves them",
         GOOD.replace(b"Bus", b"B\0s"), 3),
    text("NULs to the end", "The disk was full: the end of the file is zeros",
         GOOD + b"\0" * 4096, 3),
    text("cut off in a row", "The last row ends in its midst", GOOD + b"d.gif,Dus", 3),
    text("cut off in a quote", "A quotation mark is never closed", GOOD + b'd.gif,"Dus\nx\n', 3),
    text("a stray quote", "A quotation mark stands within a quoted cell",
         GOOD.replace(b"Bus cus", b'"Bus" cus"'), 2),
    text("too many cells", "A row has a cell more than the header",
         GOOD.replace(b"Bus cus", b"Bus,cus"), 2),
    text("too few cells", "A row has a cell less", GOOD.replace(b"Bus cus,", b""), 2),
    text("windows-1252", "The text is not UTF-8", HEADER + EURO.encode("cp1252"), 3),
    text("UTF-16", "The text is UTF-16 with its mark",
         (HEADER.decode() + EURO).encode("utf-16"), 3),
    text("UTF-16 without a mark", "The text is UTF-16, and nothing says so",
         (HEADER.decode() + EURO).encode("utf-16-le"), 3),
    text("UTF-16 cut off", "Half a character stands at the end",
         (HEADER.decode() + EURO).encode("utf-16")[:-1], 3),
    text("UTF-32", "The text is UTF-32", (HEADER.decode() + EURO).encode("utf-32"), 3),
    text("two encodings", "One cell is windows-1252, the others UTF-8",
         HEADER + EURO.encode() + b"a.gif\n" + b"c.gif,\xfc,1\n", 3),
    text("an encoding that is none", "The setting names an encoding that nobody knows",
         GOOD, 0, 2, "--set", "ingest.source.encoding=klingon"),
    text("CR alone", "Lines end as they did on old Macintoshes", GOOD.replace(b"\n", b"\r"), 3),
    text("a mark of byte order in the midst", "Two files were joined with their marks",
         GOOD + b"\xef\xbb\xbfd.gif,Dus eus,1904\n", 4),
    text("a title above the header", "A title and a day stand above the header",
         b"Our moths,,\n12.3.2024,,\n" + GOOD, 3),
    text("header twice", "Two exports were joined, header and all", GOOD + GOOD, 3),
    text("one header twice", "Two columns have one name", b"file,x,X,\na.gif,1,2,3\n", 1),
    text("names of our own columns", "Columns are called as ours are",
         b"file,media_id,specimen_id,original_file,accessURI,row:number,year_from\n"
         b"a.gif,x,y,../../canary,z,-1,w\nb.gif,x,y,/etc/passwd,z,-1,w\n", 2),
    text("a path that leads out", "Files are named '../..' and absolute",
         HEADER + b"../../../../canary,Aus,1\n/etc/passwd,Bus,2\na.gif,Cus,3\n", 1, 0,
         "--set", "ingest.source.file_column=file"),
    text("a path with a drive", "Files are named as on another system",
         HEADER + b"C:\\Users\\x\\a.gif,Aus,1\nb.gif,Bus,2\n..\\..\\c.gif,C,3\n", 3),
    text("a file that is not there", "A row names an image that nobody has",
         GOOD + b"zzz.gif,Dus,1\n", 4),
    text("an address that is none", "An address has a bracket that is never closed",
         b"url,n\nhttps://x.org/a.jpg,1\nhttp://[x.org/b.jpg,2\nhttps://x.org/c.jpg,3\n", 3),
    text("formulas", "Cells are formulas for a spreadsheet",
         GOOD.replace(b"Bus cus", b"=cmd|'/c calc'!A1"), 3),
    text("a date of no day", "Dates are no dates", GOOD.replace(b"1902", b"99.99.-7777"), 3),
    text("a cell of four megabytes", "One cell is longer than a book",
         GOOD.replace(b"Bus cus", b"B" * (4 << 20)), 3),
    text("ten thousand columns", "The header is wider than any spreadsheet",
         b"file," + b",".join(b"c%d" % n for n in range(10_000)) + b"\na.gif" + b"," * 10_000, 1),
    text("one line of 60 MB", "There is no line end at all", HEADER + b"a" * (60 << 20), 0, 1,
         most_mib=900),
    text("one quote over 20 MB", "A quotation mark opens in a row and never closes",
         GOOD + b'"' + (b"x" * 9999 + b"\n") * 2000 + b"d.gif,Dus eus,1904\n", 4, 0, most_mib=900),
    text("an unknown column", "The setting names a column that is not there", GOOD, 0, 2,
         "--set", "ingest.source.file_column=fiel"),
    BadInput(TEXT, "a folder", "The table is a folder without a table",
             lambda f: ["--from", str(f), "--source", "table"], 0, 1),
    BadInput(TEXT, "an old workbook", "It ends in .xls, which is another format",
             lambda f: table(f, b"\xd0\xcf\x11\xe0" * 99, "t.xls"), 0, 1),
    parquet("cut off", "The end is missing", lambda: parquet_of({"file": FILES})[:-20], 0, 1),
    parquet("zeros", "It holds nothing but zeros", lambda: b"PAR1" + b"\0" * 99 + b"PAR1", 0, 1),
    parquet("spoilt pages", "Bytes in the midst are wrong",
            lambda: parquet_of({"file": FILES}).replace(b"a.gif", b"\xff" * 5)[:9] + b"\xff" * 30
            + parquet_of({"file": FILES})[39:], 0, 1),
    parquet("one name twice", "Two columns have one name",
            lambda: parquet_of([FILES, FILES], ["file", "file"]), 3),
    parquet("bytes and nests", "Columns hold bytes that are no text, structures, lists",
            lambda: parquet_of({"file": FILES, "b": pa.array([b"\xff\xfe", None, b""]),
                                "s": pa.array([{"x": [1]}, None, {"x": []}])}), 3),
    parquet("no row", "It has columns and no row",
            lambda: parquet_of({"file": pa.array([], pa.string())}), 0, 1),
    excel("cut off", "The end of the zip is missing", lambda: workbook()[:-300], 0, 1),
    excel("a text", "It is a CSV that somebody renamed", lambda: GOOD, 0, 1),
    excel("no workbook inside", "It is a zip of something else",
          lambda: changed(workbook(), "xl/workbook.xml", lambda _: b""), 0, 1),
    excel("a sheet that is no XML", "The sheet is cut off", sheet(lambda x: x[: len(x) // 2]), 0,
          1),
    excel("a number that is none", "A cell that says it is a number holds a word",
          sheet(lambda x: x.replace(b'<c r="B2" t="s"><v>3</v>', b'<c r="B2" t="n"><v>x</v>')), 2),
    excel("a text that is not there", "A cell points beyond the texts of the book",
          sheet(lambda x: x.replace(b"<v>3</v>", b"<v>999</v>")), 2),
    excel("entities", "Entities in the sheet would expand to gigabytes",
          sheet(lambda x: x.replace(b"<worksheet", ENTITIES + b"<worksheet", 1)
                .replace(b"<v>3</v>", b"<v>&j;</v>")), 0, 1, most_mib=900),
    excel("no row", "The sheet is empty", lambda: workbook(()), 0, 1),
    excel("errors in cells", "Cells hold #REF! and #DIV/0!",
          lambda: workbook((("file", "n"), ("a.gif", "#REF!"), ("b.gif", 1), ("#DIV/0!", 2))), 3),
    excel("a locked workbook", "It is locked by a password: no zip, but what old Office writes",
          lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, 0, 1),
]  # fmt: skip
