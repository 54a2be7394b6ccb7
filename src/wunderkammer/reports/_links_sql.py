"""SQL of the link report: one row a record, and one row a problem of it."""

from __future__ import annotations

from collections.abc import Collection as Container
from collections.abc import Sequence
from dataclasses import dataclass

from wunderkammer.core.table import literal, quoted
from wunderkammer.reports.problems import OURS, PROBLEMS

NOBODY = "(publisher not known)"
HOST = "host of the address"

PUBLISHER_TERMS = (
    "institutionCode",
    "ownerInstitutionCode",
    "publisher",
    "datasetName",
    "datasetKey",
    "rightsHolder",
)
"""Who is told: the first of these that a record fills; else the host of its address.

The institution that keeps the record comes first, for it can mend it; a
rights holder may be a photographer who cannot.
"""

IDENTIFIERS = (
    "institutionCode",
    "collectionCode",
    "catalogNumber",
    "occurrenceID",
    "references",
    "accessURI",
)
_LICENCE = ("license", "rights", "WebStatement", "UsageTerms")
_HOLDER = ("rightsHolder", "Owner")
_PRIVATE = (
    r"^(localhost|[^.:]+|.*\.(local|lan|intranet|internal)|127\..*|10\..*|192\.168\..*|"
    r"172\.(1[6-9]|2[0-9]|3[01])\..*)(:[0-9]+)?$"
)


@dataclass(frozen=True, slots=True)
class Licences:
    """Licence statements of a collection, sorted by what is wrong with them.

    Attributes
    ----------
    unstated : sequence of str
        They say that there is none.
    unclear : sequence of str
        They are not understood.
    free : sequence of str
        Under them nobody holds rights, so that no holder is missing.
    """

    unstated: Sequence[str] = ()
    unclear: Sequence[str] = ()
    free: Sequence[str] = ()


def first_filled(terms: Sequence[str], known: Container[str], table: str = "r") -> str:
    """Return SQL for the first of some terms that is not blank; NULL if none exists."""
    cells = [f"nullif(trim({table}.{quoted(term)}), '')" for term in terms if term in known]
    return f"coalesce({', '.join(cells)})" if cells else "NULL::VARCHAR"


def licence_sql(known: Container[str]) -> str:
    """Return SQL for every licence statement, once."""
    return f"SELECT DISTINCT {first_filled(_LICENCE, known)} AS licence FROM records r"  # noqa: S608 - names are quoted


def base_sql(known: Container[str], stages: Container[str]) -> str:
    """Return SQL for one row a record: whose it is, what it says, and what became of its image."""
    host = (
        'nullif(lower(regexp_extract(r."accessURI", \'^\\s*[A-Za-z][A-Za-z0-9+.-]*://'
        "(?:[^/?#@]*@)?([^/?#]+)', 1)), '')"
        if "accessURI" in known
        else "NULL::VARCHAR"
    )
    named = [
        f"WHEN nullif(trim(r.{quoted(term)}), '') IS NOT NULL THEN {literal(term)}"
        for term in PUBLISHER_TERMS
        if term in known
    ]
    publisher = first_filled(PUBLISHER_TERMS, known)
    texts = [f"{first_filled((term,), known)} AS {quoted(term)}" for term in IDENTIFIERS]
    fetched = _columns(
        "f", "fetch" in stages, ("status", "error", "message", "fetched_from", "redirects")
    )
    seen = _columns("i", "image" in stages, ("status", "message"), prefix="image_")
    joins = [
        f"LEFT JOIN {quoted(name)} {alias} ON {alias}.media_id = r.media_id"
        for name, alias in (("fetch", "f"), ("image", "i"))
        if name in stages
    ]
    return (
        f"SELECT r.media_id, coalesce({publisher}, {host}, {literal(NOBODY)}) AS publisher, "  # noqa: S608 - names are quoted
        f"CASE {' '.join(named)} WHEN {host} IS NOT NULL THEN {literal(HOST)} ELSE '' END "
        f"AS publisher_from, {host} AS host, {', '.join(texts)}, "
        f"{first_filled(_LICENCE, known)} AS license, {first_filled(_HOLDER, known)} "
        f'AS "rightsHolder", {first_filled(("original_file", "original_path"), known)} AS here, '
        f"{fetched}, {seen} FROM records r {' '.join(joins)}"
    )


def problems_sql(base: str, licences: Licences, *, where: str = "true") -> str:
    """Return SQL for one row a problem: the columns of the base, ``problem`` and ``found``.

    ``is_first`` is true for one problem of each medium. Rows of the source that are
    no records have no columns but ``found``.
    """
    codes = ", ".join(_codes(licences))
    return (
        f"WITH base AS ({base}), "  # noqa: S608 - names and texts are escaped
        'shared AS (SELECT "accessURI" AS address, count(*) AS n_sharing FROM base '
        'WHERE "accessURI" IS NOT NULL GROUP BY 1 HAVING count(*) > 1), '
        "judged AS (SELECT base.*, n_sharing, "
        f"list_filter([{codes}], lambda code: code IS NOT NULL) AS codes "
        'FROM base LEFT JOIN shared ON shared.address = base."accessURI"), '
        "each AS (SELECT *, unnest(codes) AS problem FROM judged), "
        f"found AS (SELECT * EXCLUDE (n_sharing, codes), {_found()} AS found, "
        "problem = codes[1] AS is_first, "
        "CASE WHEN problem IN ('moved', 'http_for_https') THEN fetched_from END AS new_address "
        "FROM each UNION ALL BY NAME "
        f"SELECT NULL AS media_id, {literal(NOBODY)} AS publisher, '' AS publisher_from, "
        "'not_a_record' AS problem, concat_ws(': ', \"where\", message) AS found "
        "FROM failures WHERE stage = 'ingest') "
        f"SELECT * FROM found WHERE {where}"
    )


def counts_sql(base: str) -> str:
    """Return SQL for how many media there are, and what became of them, by publisher and host."""
    kept_out = f"status = 'failed' AND error IN ({_listed(OURS)})"
    return (
        "SELECT publisher, host, any_value(publisher_from) AS term, count(*) AS n_media, "  # noqa: S608 - texts are escaped
        "count(*) FILTER (status = 'done' AND fetched_from IS NOT NULL) AS n_fetched, "
        "count(*) FILTER (status = 'done' AND fetched_from IS NULL) AS n_here, "
        f"count(*) FILTER ({kept_out}) AS n_kept_out, "
        'count(*) FILTER (status IS NULL AND "accessURI" IS NOT NULL) AS n_untried '
        f"FROM ({base}) GROUP BY ALL"
    )


def problem_counts_sql(problems: str) -> str:
    """Return SQL for the number of problems, and of media that have any, by publisher and host."""
    return (
        "SELECT publisher, host, problem, count(*) AS n, "  # noqa: S608 - made above
        f"count(*) FILTER (is_first) AS n_media FROM ({problems}) GROUP BY ALL"
    )


def _columns(alias: str, there: bool, names: Sequence[str], prefix: str = "") -> str:
    """Return SQL for a stage's columns, NULL where the collection has no such stage."""
    value = "{alias}.{name}" if there else "NULL::VARCHAR"
    return ", ".join(f"{value.format(alias=alias, name=name)} AS {prefix}{name}" for name in names)


def _codes(licences: Licences) -> list[str]:
    """Return SQL for each kind of problem: its code where a row has it, else NULL."""
    http = "regexp_matches(\"accessURI\", '^\\s*http://', 'i')"
    same = "regexp_replace(lower(trim(\"accessURI\")), '^http:', 'https:') = lower(fetched_from)"
    named = [error for problem in PROBLEMS for error in problem.errors]
    unstated = f"license IS NULL OR {_among('license', licences.unstated)}"
    tests = {
        problem.code: f"status = 'failed' AND error IN ({_listed(problem.errors)})"
        for problem in PROBLEMS
        if problem.errors
    }
    tests["broken_image"] += " OR (image_status = 'failed' AND fetched_from IS NOT NULL)"
    tests["no_address"] = '"accessURI" IS NULL AND here IS NULL'
    tests["private_address"] = (
        f"error = 'HostRefusedError' AND regexp_matches(host, {literal(_PRIVATE)})"
    )
    tests["http_for_https"] = f"redirects IS NOT NULL AND {http} AND {same}"
    tests["moved"] = f"redirects IS NOT NULL AND NOT ({http} AND {same})"
    tests["shared_address"] = "n_sharing IS NOT NULL"
    tests["no_licence"] = unstated
    tests["unclear_licence"] = _among("license", licences.unclear)
    tests["no_rights_holder"] = f'"rightsHolder" IS NULL AND NOT {_among("license", licences.free)}'
    tests["other"] = f"status = 'failed' AND error NOT IN ({_listed([*named, *OURS])})"
    return [f"CASE WHEN {test} THEN {literal(code)} END" for code, test in tests.items()]


def _found() -> str:
    """Return SQL for what was found, in words."""
    return (
        "CASE problem WHEN 'no_licence' THEN coalesce(license, 'no licence') "
        "WHEN 'unclear_licence' THEN license "
        "WHEN 'no_rights_holder' THEN 'no rights holder' "
        "WHEN 'no_address' THEN 'no address' "
        "WHEN 'shared_address' THEN format('one address in {:t,} records', n_sharing) "
        "WHEN 'moved' THEN 'redirected' WHEN 'http_for_https' THEN 'redirected to https' "
        "WHEN 'broken_image' THEN coalesce(message, image_message) ELSE message END"
    )


def _among(column: str, texts: Sequence[str]) -> str:
    """Return SQL that is true where a column is one of some texts, never NULL."""
    if not texts:
        return "false"
    return f"coalesce({column} IN (SELECT unnest([{_listed(texts)}])), false)"


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(literal(text) for text in texts)
