import pytest

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.settings import build
from wunderkammer.fetch.policy import Policy


def test_how_hosts_are_treated_is_in_no_key():
    decides = {"max_bytes", "max_pixels", "licences", "copy_px"}
    assert set(Policy().settings()) == decides
    hurried = Policy(requests_per_second=9, hosts={"a.example": {"concurrency": 7}}, tries=1)
    assert hurried.settings_digest() == Policy().settings_digest()
    assert Policy(max_bytes=5).settings_digest() != Policy().settings_digest()


def test_robots_cannot_be_switched_off():
    assert not [name for name in Policy.model_fields if "robots" in name]


def test_a_hosts_own_rules_come_before_those_of_all():
    policy = Policy(
        requests_per_second=2,
        hosts={"a.example": {"requests_per_second": 5}, "b.example:81": {"delay_s": 3}},
    )
    assert policy.rules_for("a.example").requests_per_second == 5
    assert policy.rules_for("a.example:8080").requests_per_second == 5
    assert policy.rules_for("b.example:81").delay_s == 3
    assert policy.rules_for("b.example").delay_s == 0
    assert policy.rules_for("c.example").requests_per_second == 2


def test_licences_are_named_one_way():
    one = Policy(licences=("cc-by", "CC0", "https://creativecommons.org/licenses/by-sa/3.0/"))
    assert one.licences == ("CC-BY", "CC-BY-SA-3.0", "CC0")
    other = Policy(licences=("CC0", "CC BY-SA 3.0", "CC BY", "cc0"))
    assert one.settings_digest() == other.settings_digest()


def test_an_unknown_licence_is_told():
    with pytest.raises(ConfigurationError, match="'free' is no licence that is known"):
        build(Policy, {"licences": ["free"]}, where="collection.toml, [fetch]")


@pytest.mark.parametrize(
    ("statement", "passes"),
    [
        ("http://creativecommons.org/licenses/by/4.0/legalcode", True),
        ("CC BY 2.0", True),
        ("CC0 1.0 Universal", True),
        ("CC BY-NC 4.0", False),
        ("CC BY-SA 4.0", False),
        ("© The Trustees", False),
        ("", False),
    ],
)
def test_only_the_licences_asked_for_pass(statement, passes):
    refusal = Policy(licences=("cc0", "cc-by")).licence_refusal(statement)
    assert (refusal is None) == passes
    if refusal:
        assert "CC-BY, CC0" in refusal.message


def test_without_a_filter_everything_passes():
    assert Policy().licence_refusal("") is None


def test_a_version_that_is_named_is_meant():
    policy = Policy(licences=("cc-by-4.0",))
    assert policy.licence_refusal("CC BY 4.0") is None
    assert policy.licence_refusal("CC BY 3.0") is not None
