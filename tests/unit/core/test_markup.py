"""HTML of results."""

from wunderkammer.core.markup import framed, short, table, titled


def test_nothing_that_a_record_says_becomes_markup():
    evil = "<script>alert('x')</script>\"&"
    text = framed(titled(evil, evil), table([evil], [[evil]]))
    assert "<script" not in text
    assert text.count("&lt;script&gt;") == 4


def test_numbers_stand_at_the_right_and_only_whole_columns_of_them():
    text = table(["n", "mixed"], [[1_200, 1], [2.5, "x"]])
    assert '<th class="n">n</th><th>mixed</th>' in text
    assert '<td class="n">1,200</td><td>1</td>' in text


def test_values_are_short():
    assert [short(v) for v in (None, True, 0.1 + 0.2, "a\nb")] == ["", "true", "0.3", "a b"]
    assert len(short("x" * 1000)) == 80
