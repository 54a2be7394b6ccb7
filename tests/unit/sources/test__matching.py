import pytest

from wunderkammer.sources._matching import LocalImages, Sought, folded, match, natural


def test_natural_order_counts_numbers():
    assert sorted(["a10", "a2", "b", "a1"], key=natural) == ["a1", "a2", "a10", "b"]


def test_folding_keeps_letters_of_every_script():
    assert folded("Ж-12 (é)") == "ж12é"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a/one.jpg", "a/one.jpg"),
        ("./a/one.jpg", "a/one.jpg"),
        ("ONE.JPG", None),  # two files are called so
        ("two.jpg", "b/two.jpg"),
        ("x/y/two.jpg", "b/two.jpg"),
        ("two", "b/two.jpg"),
        ("", None),
        ("three.jpg", None),
    ],
)
def test_files_are_found_only_where_one_has_the_name(name, found):
    assert LocalImages(["a/one.jpg", "b/one.jpg", "b/two.jpg"]).find(name) == found


@pytest.mark.parametrize(
    ("files", "identifier", "found"),
    [
        (["K1.jpg", "K1_2.jpg", "K1-a.jpg"], "K.1", ["K1.jpg", "K1-a.jpg", "K1_2.jpg"]),
        (["K1 (2).jpg", "K1(3).jpg"], "k1", ["K1 (2).jpg", "K1(3).jpg"]),
        (["AZ12-0277.jpg"], "AZ12", []),  # four digits belong to the number
        (["x/K1.jpg", "y/K1.jpg"], "K1", []),
        (["K1.jpg"], "", []),
        (["K12.jpg"], "K1", []),
    ],
)
def test_numbered_files_belong_to_the_identifier_before_the_number(files, identifier, found):
    assert LocalImages(files).of_identifier(identifier) == found


def test_a_list_wins_over_names_and_names_get_what_is_left():
    images = LocalImages(["1.jpg", "2.jpg"])
    sought = [Sought("1", ["1"], {"m1": ["u1"]}), Sought("2", ["2"], {"m2": ["u2"]})]
    assert match(images, sought, {"u1": ["2.jpg"]}).media == {"m1": "2.jpg"}
    assert match(images, sought).media == {"m1": "1.jpg", "m2": "2.jpg"}


def test_no_file_is_given_twice():
    images = LocalImages(["7.jpg", "7_1.jpg"])
    sought = [Sought("7", ["7"], {"m": ["http://x/7.jpg"]}), Sought("8", ["7 1"], {})]
    found = match(images, sought)
    assert found.media == {"m": "7.jpg"}
    assert found.specimens == {"8": ["7_1.jpg"]}
