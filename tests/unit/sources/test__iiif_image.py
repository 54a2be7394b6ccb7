import pytest

from wunderkammer.sources._iiif_image import (
    SIZE,
    ImageService,
    image_address,
    is_image_service,
    read_service,
    services_of,
)

ONE = "http://library.stanford.edu/iiif/image-api/1.1/context.json"
TWO = "http://iiif.io/api/image/2/context.json"
THREE = "http://iiif.io/api/image/3/context.json"
SIZES = [{"width": 1500, "height": 1000}, {"width": 750, "height": 500}]


def asked(described, size):
    """Return size and quality that a service at https://x.org/1 is asked for."""
    service = read_service({"id": "https://x.org/1/", "width": 3000, "height": 2000} | described)
    address = image_address(service, size)
    assert address.startswith("https://x.org/1/full/")
    part, rotation, quality = address.removeprefix("https://x.org/1/full/").split("/")
    assert rotation == "0"
    return part, quality


@pytest.mark.parametrize(
    ("context", "profile", "whole"),
    [
        (ONE, "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level2", "full"),
        (TWO, "http://iiif.io/api/image/2/level2.json", "full"),
        (THREE, "level2", "max"),
    ],
)
def test_each_version_is_asked_in_its_own_words(context, profile, whole):
    described = {"@context": context, "profile": profile}
    quality = "native.jpg" if context == ONE else "default.jpg"
    assert asked(described, "max") == asked(described, "full") == (whole, quality)
    assert asked(described, "!2000,2000") == ("!2000,2000", quality)
    assert asked(described, "1500,") == asked(described, "1500") == ("1500,", quality)
    assert asked(described, ",1000") == ("1500,", quality)
    assert asked(described, "pct:50") == ("1500,", quality)


@pytest.mark.parametrize("size", ["!4000,4000", "3000,", "5000", ",2000", "pct:100", "pct:150"])
@pytest.mark.parametrize("level", ["level0", "level1", "level2"])
def test_nothing_is_asked_larger_than_it_is(level, size):
    assert asked({"@context": THREE, "profile": level}, size) == ("max", "default.jpg")
    assert asked({"@context": TWO, "profile": level}, size) == ("full", "default.jpg")


@pytest.mark.parametrize(
    ("size", "part"),
    [
        ("max", "max"),
        ("!2000,2000", "1500,1000"),
        ("1500,", "1500,1000"),
        ("!800,600", "750,500"),
        ("!100,100", "750,500"),
        (",999", "750,500"),
    ],
)
def test_level_0_is_asked_for_listed_sizes_only(size, part):
    described = {"@context": THREE, "profile": "level0", "sizes": SIZES}
    assert asked(described, size) == (part, "default.jpg")


def test_level_0_without_sizes_gives_the_whole_image_only():
    assert asked({"type": "ImageService3", "profile": "level0"}, "!500,500")[0] == "max"
    assert asked({"type": "ImageService2", "profile": "level0"}, "!500,500")[0] == "full"


def test_level_1_takes_no_box():
    described = {"type": "ImageService3", "profile": "level1"}
    assert asked(described, "!2000,2000")[0] == "2000,"
    assert asked(described, "!2000,1000")[0] == "1500,"
    unknown = ImageService("https://x.org/1", version=3, level=1)
    assert image_address(unknown, "!2000,1000").endswith("/full/2000,/0/default.jpg")
    assert image_address(unknown, ",1000").endswith("/full/,1000/0/default.jpg")


@pytest.mark.parametrize(
    ("limits", "size", "part"),
    [
        ({"maxWidth": 1000}, "max", "max"),
        ({"maxWidth": 1000}, "!2000,2000", "!1000,1000"),
        ({"maxWidth": 1000}, "2000,", "!1000,1000"),
        ({"maxWidth": 4000, "maxHeight": 900}, "!2000,2000", "!2000,900"),
        ({"maxArea": 1_500_000}, "!2500,2500", "1500,"),
    ],
)
def test_limits_of_the_service_are_kept(limits, size, part):
    in_3 = {"@context": THREE, "profile": "level2"} | limits
    in_2 = {"@context": TWO, "profile": ["http://iiif.io/api/image/2/level2.json", limits]}
    assert asked(in_3, size)[0] == asked(in_2, size)[0] == part


def test_parts_and_turned_images_are_asked_whole():
    service = ImageService("https://x.org/1", version=2, level=2)
    address = image_address(service, "!500,500", region="0,0,10,10", rotation="90")
    assert address == "https://x.org/1/0,0,10,10/full/90/default.jpg"


@pytest.mark.parametrize(
    ("size", "allowed"),
    [("max", True), ("!20,30", True), ("20", True), (",20", True), ("pct:12.5", True),
     ("20,30", False), ("large", False), ("", False), ("!20", False), ("^max", False)],
)  # fmt: skip
def test_sizes_are_those_that_keep_the_shape(size, allowed):
    assert bool(SIZE.fullmatch(size)) == allowed


def test_the_newest_image_service_is_taken_and_no_other():
    login = {"@id": "https://x.org/login", "profile": "http://iiif.io/api/auth/1/login"}
    two = {"@id": "https://x.org/2", "@type": "ImageService2", "service": login}
    three = {"id": "https://x.org/3", "type": "ImageService3", "profile": "level1"}
    found = services_of({"service": [login, two, three]})
    assert [(one.address, one.version) for one in found] == [
        ("https://x.org/3", 3), ("https://x.org/2", 2)
    ]  # fmt: skip
    assert services_of({"service": login}) == []
    assert not is_image_service(login)
    assert not is_image_service("https://x.org/2")
