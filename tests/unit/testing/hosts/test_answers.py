import gzip

from wunderkammer.testing import Picture, answers


def test_faults_can_be_put_upon_each_other():
    both = answers.dripping(500, answers.stalled(10, answers.image(Picture("png"))))
    assert both.delivery.bytes_per_s == 500
    assert (both.delivery.ending, both.delivery.after) == ("stall", 10)
    assert both.media_type == "image/png"


def test_what_is_kept_of_an_image_is_the_truth_about_it():
    whole = answers.image().content(0, "a")
    half = answers.image(keep=0.5)
    assert half.content(0, "a") == whole[:20_000]
    packed = answers.image(gzip=True)
    assert packed.content(0, "a") == whole
    assert gzip.decompress(packed.sent(0, "a")) == whole


def test_junk_is_the_same_for_a_seed():
    assert answers.junk(100, seed=1) == answers.junk(100, seed=1)
    assert answers.junk(100, seed=1) != answers.junk(100, seed=2)
