import pyarrow as pa
import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.sampling.draw import Draw


def pool(draw, **settings):
    return draw.pool([], institution="institutionCode", stratify="", **settings)


def test_a_specimen_is_one_unit_and_a_medium_without_one_is_its_own():
    media = pa.table(
        {"media_id": ["a", "b", "c", "d"], "specimen_id": ["s", None, "s", ""],
         "scientificName": pa.nulls(4)}
    )  # fmt: skip
    assert sorted(pool(Draw(media, seed=1)).ids.to_pylist()) == ["b", "d", "s"]
    assert len(pool(Draw(media, seed=1, unit="medium")).ids) == 4


def test_rows_come_back_in_the_order_they_came_in(herbarium):
    media = herbarium(60)
    turned = media.take(list(range(60))[::-1])
    answers = []
    for table in (media, turned):
        draw = Draw(table, seed=3)
        units = pool(draw)
        units.take(20, 0)
        units.put(units.inside, "drawn")
        made = draw.drawn(units)
        sides = zip(made.split.to_pylist(), made.why.to_pylist(), strict=True)
        answers.append(dict(zip(table["media_id"].to_pylist(), sides, strict=True)))
        families = draw.counted("institutionCode")["families"]
        assert families.names.take(families.codes).equals(table["family"].combine_chunks())
    assert answers[0] == answers[1]


def test_media_left_out_before_keep_their_reason(herbarium):
    media = herbarium(80)
    draw = Draw(media, seed=3)
    draw.only_where("year_from >= 1900")
    draw.only_taxa(["acer", "Cyperaceae"])
    units = pool(draw)
    units.put(units.inside, "drawn")
    made = draw.drawn(units)
    for year, name, split, why in zip(
        media["year_from"].to_pylist(), media["scientificName"].to_pylist(),
        made.split.to_pylist(), made.why.to_pylist(), strict=True,
    ):  # fmt: skip
        if int(year) < 1900:
            assert (split, why) == (None, "query")
        elif name.split()[0] not in {"Acer", "Carex"}:
            assert (split, why) == (None, "taxon")
        else:
            assert (split, why) == ("drawn", None)
    assert [step.name for step in draw.steps] == ["all", "query", "taxon"]


def test_a_column_nobody_writes_is_refused_with_the_nearest(herbarium):
    media = herbarium(9).append_column("famly", pa.nulls(9))
    with pytest.raises(ConfigurationError, match=r"'famly', which .* Did you mean 'family'\?"):
        Draw(media, seed=1).only_where("famly = 'x'")
    with pytest.raises(ConfigurationError, match="the sample reads the column 'famly'"):
        Draw(media, seed=1).pool(["famly"], institution="institutionCode", stratify="")


def test_a_taxon_nobody_has_is_refused_with_the_nearest(herbarium):
    with pytest.raises(ConfigurationError, match=r"'Sapindacea'.* Did you mean 'Sapindaceae'\?"):
        Draw(herbarium(9), seed=1).only_taxa(["Sapindacea"])


def test_the_first_medium_speaks_for_a_specimen():
    media = pa.table(
        {"media_id": ["b", "a"], "specimen_id": ["s", "s"],
         "scientificName": ["Acer alba", "Carex nigra"]}
    )  # fmt: skip
    units = pool(Draw(media, seed=1))
    species = units.columns["species"]
    assert species.names[species.codes[0]].as_py() == "Carex nigra"
