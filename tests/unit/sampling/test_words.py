from wunderkammer.sampling.words import words


def test_text_lists_names_and_a_list_stays_one():
    assert words("Nymphalidae") == ("Nymphalidae",)
    assert words(" Pieris rapae,, Apis ") == ("Pieris rapae", "Apis")
    assert words("") == ()
    assert words(["a, b"]) == ["a, b"]
