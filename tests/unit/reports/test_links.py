"""Link reports: of what a real host did, and of every way in which a record can be at fault."""

import csv
import json
import re

import pyarrow as pa
import pytest
from click.testing import CliRunner

import wunderkammer
from pages import Page
from wunderkammer.cli.main import wk
from wunderkammer.core.column import rows_schema
from wunderkammer.core.errors import UnknownNameError
from wunderkammer.core.groups import group_parts
from wunderkammer.reports.links import CSV_COLUMNS, link_report, write_csv, write_page
from wunderkammer.testing import ImageHost
from wunderkammer.testing.hosts.answers import Redirect, image, status
from wunderkammer.testing.hosts.answers import html as web_page
from wunderkammer.testing.hosts.rules import Rule

CC_BY = "http://creativecommons.org/licenses/by/4.0/"
COLUMNS = (
    "occurrenceID", "catalogNumber", "institutionCode", "accessURI", "license", "rightsHolder",
    "references",
)  # fmt: skip
RULES = [
    Rule(status(404), path="gone.jpg"),
    Rule(status(403), path="closed.jpg"),
    Rule(web_page(media_type="image/jpeg"), path="page.jpg"),
    Rule(image(keep=0.5), path="half.jpg"),
    Rule(Redirect("new.jpg", status=301), path="old.jpg"),
]
SETTINGS = {
    "collection.title": "Moths & <script>alert(1)</script>",
    "ingest.source.name": "table",
    "ingest.source.path": "records.csv",
    "fetch.allow_private": ["127.0.0.0/8"],
    "fetch.requests_per_second": 0,
    "fetch.tries": 1,
}


def create(root, rows):
    root.mkdir()
    with (root / "records.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return wunderkammer.create(root, SETTINGS)


@pytest.fixture(scope="module")
def fetched(tmp_path_factory):
    """Return a collection of two institutions that was fetched from a host with faults."""
    with ImageHost(RULES, in_thread=True) as site:
        names = ("good", "gone", "closed", "page", "half", "old")
        rows = [
            (f"urn:{name}", name, "MUS", site.address(f"{name}.jpg"), CC_BY, "The Museum",
             f"https://museum.example/{name}")
            for name in names
        ]  # fmt: skip
        rows += [
            ("urn:1", "=1+1", "Söhne & Co", site.address("a.jpg"), "", "", ""),
            ("urn:2", "2", "Söhne & Co", site.address("b.jpg"), "see <b>our</b> policy", "X", ""),
            ("urn:3", "3", "", site.address("c.jpg"), "CC0", "", ""),
            ("urn:4", "4", "", site.address("c.jpg"), "UNSPECIFIED", "X", "javascript:alert(1)"),
            ("urn:5", "5", "MUS", "", CC_BY, "X", ""),
        ]
        collection = create(tmp_path_factory.mktemp("links") / "c", rows)
        collection.run(["ingest", "fetch", "image"], n_workers=0)
    return collection


def problems_by_record(collection, path, publisher=""):
    report = link_report(collection, publisher)
    n_rows = write_csv(collection, report, path)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == n_rows == sum(report.problems.values())
    return report, rows


def test_each_fault_is_found_with_the_record_it_is_of(fetched, tmp_path):
    report, rows = problems_by_record(fetched, tmp_path / "links.csv")
    found = {(row["occurrenceID"], row["problem"]) for row in rows}
    assert found == {
        ("urn:gone", "dead_link"),
        ("urn:closed", "refused"),
        ("urn:page", "not_an_image"),
        ("urn:half", "broken_image"),
        ("urn:old", "moved"),
        ("urn:1", "no_licence"),
        ("urn:1", "no_rights_holder"),
        ("urn:2", "unclear_licence"),
        ("urn:3", "shared_address"),
        ("urn:4", "shared_address"),
        ("urn:4", "no_licence"),
        ("", "not_a_record"),
    }
    assert (report.n_media, report.n_fetched, report.n_with_problem) == (10, 6, 9)
    [moved] = [row for row in rows if row["problem"] == "moved"]
    assert moved["newAddress"].endswith("/new.jpg")
    assert moved["accessURI"].endswith("/old.jpg")
    assert moved["references"] == "https://museum.example/old"
    [lost] = [row for row in rows if row["problem"] == "not_a_record"]
    assert "records.csv, row 12" in lost["found"]


def test_publishers_are_named_by_the_institution_else_by_the_host(fetched):
    report = link_report(fetched)
    by_name = {one.name: one for one in report.publishers}
    host = next(name for name in by_name if name.startswith("127.0.0.1"))
    assert {name: one.term for name, one in by_name.items()} == {
        "MUS": "institutionCode",
        "Söhne & Co": "institutionCode",
        "X": "rightsHolder",
        host: "host of the address",
        "(publisher not known)": "",
    }
    assert (by_name["MUS"].n_media, by_name["MUS"].n_fetched) == (6, 2)
    assert by_name["MUS"].problems == {
        "dead_link": 1, "refused": 1, "not_an_image": 1, "broken_image": 1, "moved": 1
    }  # fmt: skip
    [only] = report.hosts
    assert (only.name, only.n_media) == (host, 10)


def test_a_report_of_one_publisher_holds_only_his(fetched, tmp_path):
    report, rows = problems_by_record(fetched, tmp_path / "one.csv", "Söhne & Co")
    assert {row["publisher"] for row in rows} == {"Söhne & Co"}
    assert report.n_media == 2
    with pytest.raises(UnknownNameError, match="Did you mean 'MUS'"):
        link_report(fetched, "MUSE")


def test_no_cell_is_a_formula(fetched, tmp_path):
    _, rows = problems_by_record(fetched, tmp_path / "links.csv")
    assert {row["catalogNumber"] for row in rows if row["occurrenceID"] == "urn:1"} == {"'=1+1"}
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    assert tuple(rows[0]) == CSV_COLUMNS


def test_the_page_stands_alone_and_escapes_what_records_say(fetched, tmp_path):
    path = tmp_path / "links.html"
    write_page(fetched, link_report(fetched), path)
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    kinds = {tag for tag, _ in page.tags}
    assert kinds & {"script", "img", "link", "iframe", "form"} == set()
    assert "b" not in re.findall(r"see <(\w+)>our", text)
    assert "see <b>our</b> policy" in page.text
    assert "<script>alert(1)</script>" in page.text
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert all(one.startswith(("http://", "https://", "#p-")) for one in links)
    targets = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    assert {one[1:] for one in links if one[0] == "#"} <= targets
    policy = next(a["content"] for t, a in page.tags if "http-equiv" in a and t == "meta")
    assert policy.startswith("default-src 'none'")
    assert "style=" not in text.replace("<style>", "")
    assert [tag for tag, _ in page.tags].count("table") == text.count("<caption>")
    assert all(attrs.get("scope") == "col" for tag, attrs in page.tags if tag == "th")


def test_the_command_prints_a_summary_or_writes_a_file(fetched, tmp_path):
    def said(*words, code=0):
        done = CliRunner().invoke(wk, ["report", "links", "-C", str(fetched.root), *words])
        assert done.exit_code == code, done.output
        return done.output

    summary = said()
    assert "10 media, 6 fetched, 9 with a problem" in summary
    assert re.search(r"1  dead links\n", summary)
    assert re.search(r"5  MUS \(6 media\)", summary)
    assert "12 problems of 9 media" in said("-o", str(tmp_path / "a.csv"))
    said("-o", str(tmp_path / "a.html"), "--publisher", "MUS")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "urn:gone" in page
    assert "Söhne" not in page
    assert "written as .html or .csv" in said("-o", str(tmp_path / "a.pdf"), code=2)


FAILED = {
    "dead_link": ("NotFoundError", "https://a.example/1.jpg"),
    "not_an_image": ("WrongTypeError", "https://a.example/2.jpg"),
    "broken_image": ("BrokenImageError", "https://a.example/3.jpg"),
    "broken_off": ("BrokenOffError", "https://a.example/4.jpg"),
    "refused": ("RefusedError", "https://a.example/5.jpg"),
    "robots": ("RobotsError", "https://a.example/6.jpg"),
    "host_down": ("HostDownError", "https://b.example/7.jpg"),
    "server_error": ("ServerError", "https://a.example/8.jpg"),
    "redirect_lost": ("RedirectError", "https://a.example/9.jpg"),
    "too_large": ("TooLargeError", "https://a.example/10.jpg"),
    "bad_address": ("AddressError", "ftp://a.example/11.jpg"),
    "private_address": ("HostRefusedError", "http://192.168.4.2/12.jpg"),
    "other": ("UnexpectedError", "https://a.example/13.jpg"),
    "": ("LicenceRefusedError", "https://a.example/14.jpg"),
    "moved": ("", "http://a.example/15.jpg"),
    "http_for_https": ("", "http://a.example/16.jpg"),
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """Return a collection whose fetch left each outcome there is, and one medium untried."""
    rows = [
        (f"urn:{problem or 'ours'}", f"{n}", "MUS", address, CC_BY, "The Museum", "")
        for n, (problem, (_, address)) in enumerate(FAILED.items())
    ]
    rows.append(("urn:later", "99", "MUS", "https://a.example/99.jpg", CC_BY, "The Museum", ""))
    collection = create(tmp_path_factory.mktemp("faults") / "c", rows)
    collection.run(["ingest"], n_workers=0)
    ids = {
        row["occurrenceID"].removeprefix("urn:"): row["media_id"]
        for row in collection.query("SELECT occurrenceID, media_id FROM records").to_pylist()
    }
    stage = collection.configuration.stage("fetch")
    outcomes = []
    for problem, (error, address) in FAILED.items():
        target = address.replace("http:", "https:")
        if problem == "moved":
            target = "https://new.example/15.jpg"
        done = {} if error else {"fetched_from": target, "redirects": json.dumps([address])}
        outcomes.append(
            {
                "media_id": ids[problem or "ours"],
                "key": "k",
                "settings": "s",
                "status": "failed" if error else "done",
                "error": error or None,
                "message": f"what happened to {address}" if error else None,
                **done,
            }
        )
    schema = rows_schema(stage.writes())
    group_parts(collection.root, stage).replace(pa.Table.from_pylist(outcomes, schema=schema))
    return collection


def test_every_outcome_of_fetch_is_told_as_the_problem_it_is(faulty, tmp_path):
    report, rows = problems_by_record(faulty, tmp_path / "links.csv")
    found = {row["occurrenceID"].removeprefix("urn:"): row for row in rows}
    assert {name: row["problem"] for name, row in found.items()} == {
        problem: problem for problem in FAILED if problem
    }
    assert found["http_for_https"]["newAddress"] == "https://a.example/16.jpg"
    assert found["moved"]["newAddress"] == "https://new.example/15.jpg"
    assert found["robots"]["found"] == "what happened to https://a.example/6.jpg"
    [museum] = report.publishers
    assert (museum.n_media, museum.n_fetched) == (17, 2)
    assert (museum.n_untried, museum.n_kept_out) == (1, 2)
    assert {one.name for one in report.hosts} == {
        "a.example", "b.example", "192.168.4.2"
    }  # fmt: skip


def test_a_long_list_is_cut_in_the_page_and_whole_in_the_table(tmp_path):
    rows = [
        (f"urn:{n}", f"{n:03}", "MUS", f"https://a.example/{n}.jpg", "", "The Museum", "")
        for n in range(130)
    ]
    collection = create(tmp_path / "c", rows)
    collection.run(["ingest"], n_workers=0)
    report, listed = problems_by_record(collection, tmp_path / "links.csv")
    assert len(listed) == report.problems["no_licence"] == 130
    write_page(collection, report, tmp_path / "links.html")
    text = (tmp_path / "links.html").read_text(encoding="utf-8")
    assert "urn:49<" in text
    assert "urn:50<" not in text
    assert "And 80 more" in text
    assert "130 media without a licence" in text


def test_a_collection_without_faults_says_so(collection, tmp_path):
    report = link_report(collection)
    assert report.n_fetched == 0
    assert sum(one.n_here for one in report.publishers) == report.n_media > 0
    assert "dead_link" not in report.problems
    write_page(collection, report, tmp_path / "links.html")
