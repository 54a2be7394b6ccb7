import pyarrow as pa
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.sampling.conditions import columns_of, rows_where

MEDIA = pa.table(
    {
        "media_id": ["a", "b", "c", "d"],
        "family": ["Nymphalidae", " ", "Pieridae", None],
        "year_from": ["1900", "", "1850", "circa 1999"],
        "width": [100, 200, 300, None],
        "layout/relax/x": [1.0, 2.0, 3.0, None],
        "order": ["L", "L", "L", "H"],
    }
)


def drawn(condition):
    found = rows_where(condition, MEDIA)
    return "".join(MEDIA["media_id"].to_pylist()[i] for i in found.nonzero()[0])


@pytest.mark.parametrize(
    ("condition", "columns", "ids"),
    [
        ("family = 'Pieridae' or year_from >= 1900", ("family", "year_from"), "ac"),
        ("1899 < year_from", ("year_from",), "a"),
        ("year_from between 1840 and 1900", ("year_from",), "ac"),
        ("year_from in (1850, 1851)", ("year_from",), "c"),
        ("year_from = '1850'", ("year_from",), "c"),
        ("year_from > 0 and year_from like 'circa%'", ("year_from",), ""),
        ("family is null", ("family",), "bd"),
        ("not (family = 'Pieridae')", ("family",), "a"),
        ("width > 150 -- the wide ones", ("width",), "bc"),
        ('"layout/relax/x" < 2.5 and "order" = \'L\'', ("layout/relax/x", "order"), "ab"),
        ("lower(family) like 'nymph%'", ("family",), "a"),
        ("regexp_matches(family, '^N')", ("family",), "a"),
        ("try_cast(year_from as integer) is null", ("year_from",), "bd"),
        ("width::double / 2 = 100", ("width",), "b"),
        ("case when width > 250 then true else family is null end", ("width", "family"), "bcd"),
        ("media_id in ('a', 'd')", ("media_id",), "ad"),
        ("true", (), "abcd"),
    ],
)
def test_a_condition_tells_its_columns_and_its_media(condition, columns, ids):
    assert columns_of(condition) == columns
    assert drawn(condition) == ids


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("family = 'x'; drop table media", "cannot be read"),
        ("true) from (select 2", "more than one expression"),
        ("true) where (false", "more than one expression"),
        ("true) union (select true", "more than one expression"),
        ("true), (false", "more than one expression"),
        ("width in (select 1)", "holds another SELECT"),
        ("exists (from 'other.csv')", "holds another SELECT"),
        ("sum(width) over () > 1", "window function"),
        ("count(*) > 1", "looks at other media"),
        ("random() > 0.5", "looks at more than the medium at hand"),
        ("year_from > now()", "looks at more than the medium at hand"),
        ("nextval('x') = 1", "looks at more than the medium at hand"),
        ("read_text('/etc/hosts') = ''", "looks at more than the medium at hand"),
        ("columns(*) > 1", "holds a '*'"),
        ("width = ?", "holds a parameter"),
        ("list_filter([width], x -> x > 1) = [1]", "holds a lambda"),
        ("media.width = 1", "Write the column alone: width."),
        ("lowercase(family) = 'x'", "calls 'lowercase', which there is not"),
        ("order = 'L'", 'stands in double quotes: "layout/relax/x", "order".'),
    ],
)
def test_what_is_no_plain_condition_is_refused_with_the_reason(condition, said):
    with pytest.raises(ConfigurationError) as refused:
        columns_of(condition)
    assert said in str(refused.value)
    assert repr(condition) in refused.value.message


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("family", "answers with VARCHAR, not with yes or no"),
        ("width + 1", "not with yes or no"),
        ("year_from - 1 > 3", "cannot be answered"),
        ("cast(year_from as integer) > 3", "try_cast"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_way_out(condition, said):
    with pytest.raises(ConfigurationError) as refused:
        rows_where(condition, MEDIA)
    assert said in str(refused.value)
