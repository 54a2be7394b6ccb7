from email.utils import parsedate_to_datetime

import pytest

from wunderkammer.testing import Redirect, Rule, Throttle, answers
from wunderkammer.testing.hosts.errors import ImageHostError
from wunderkammer.testing.hosts.rules import Script, check


class Asker:
    """Asks a script at times of its own."""

    def __init__(self, *rules):
        self.script = Script(rules)

    def __call__(self, path="a", now_s=0.0, host=0, n_at_once=1):
        answer = self.script.decide(
            host, path, now_s=now_s, now=1_000_000_000 + now_s, n_at_once=n_at_once
        )
        return answer.status


def retry_after(script, now_s, now):
    answer = script.decide(0, "a", now_s=now_s, now=now, n_at_once=1)
    return dict(answer.headers).get("Retry-After")


def test_the_first_rule_that_holds_decides():
    ask = Asker(
        Rule(answers.status(410), "gone/*"),
        Rule(answers.status(403), hosts=1),
        Rule(answers.status(401), "secret/?.jpg", hosts=(0, 2)),
    )
    assert ask("gone/deep/1.jpg", host=1) == 410
    assert ask("x", host=1) == 403
    assert [ask("secret/1.jpg"), ask("secret/12.jpg"), ask("secret/1.jpg", host=3)] == [
        401,
        200,
        200,
    ]


def test_robots_are_for_rules_that_name_them():
    ask = Asker(Rule(answers.status(500)))
    assert ask("robots.txt") == 404
    assert Asker(Rule(answers.text("User-agent: *"), "robots.txt"))("robots.txt") == 200
    assert Asker(Rule(answers.status(500), "**"))("robots.txt") == 500


def test_the_first_tries_of_each_path_can_fail():
    ask = Asker(
        Rule(answers.status(500), first=2),
        Rule(answers.status(502), first=1),
        Rule(answers.image()),
    )
    assert [ask("a") for _ in range(5)] == [500, 500, 502, 200, 200]
    assert ask("b") == 500


def test_a_share_of_the_paths_is_drawn_from_the_seed():
    def hit(seed):
        ask = Asker(Rule(answers.status(500), share=0.2, seed=seed))
        return [number for number in range(2000) if ask(f"{number}.jpg") == 500]

    assert 330 < len(hit(1)) < 470
    assert hit(1) == hit(1) != hit(2)


def test_more_than_the_rate_closes_the_host_for_a_while():
    ask = Asker(Rule(Throttle(per_s=3, closed_s=2)))
    assert [ask(now_s=time_s) for time_s in (0, 0.3, 0.6)] == [200, 200, 200]
    assert ask(now_s=0.9) == 429
    assert ask(now_s=2.8) == 429
    assert ask(now_s=2.8, host=1) == 200
    assert ask(now_s=3.0) == 200


def test_the_window_of_a_rate_slides():
    ask = Asker(Rule(Throttle(per_s=2)))
    assert [ask(now_s=time_s) for time_s in (0, 0.9, 1.0, 1.8)] == [200, 200, 200, 429]


def test_more_than_so_many_at_once_close_the_host():
    ask = Asker(Rule(Throttle(at_once=2, status=503)))
    assert [ask(n_at_once=number) for number in (1, 2, 3)] == [200, 200, 503]


def test_a_host_can_close_however_slowly_it_is_asked():
    ask = Asker(Rule(Throttle(every=3, closed_s=1)))
    assert [ask(now_s=10 * number) for number in range(6)] == [200, 200, 429, 200, 200, 429]


def test_retry_after_in_seconds_and_as_a_date_covers_the_time_it_is_closed():
    script = Script([Rule(Throttle(every=1, closed_s=2.4))])
    assert retry_after(script, 0.0, 1000.0) == "3"
    assert retry_after(script, 1.5, 1001.5) == "1"
    dated = Script([Rule(Throttle(every=1, closed_s=2.4, says="date"))])
    said = parsedate_to_datetime(retry_after(dated, 0.0, 1_000_000_000.0))
    assert said.timestamp() == 1_000_000_003


@pytest.mark.parametrize("says", ["soon", "", "-5", "99999999"])
def test_retry_after_can_be_anything(says):
    assert retry_after(Script([Rule(Throttle(every=1, says=says))]), 0.0, 0.0) == says


def test_retry_after_can_be_missing():
    assert retry_after(Script([Rule(Throttle(every=1, says=None))]), 0.0, 0.0) is None


def test_what_stands_in_the_end_is_what_is_served_in_the_end():
    rules = [
        Rule(Throttle(every=2)),
        Rule(answers.status(500), first=2),
        Rule(answers.status(502), first=1),
        Rule(Redirect("b"), "a"),
    ]
    script = Script(rules)
    found = [script.standing(0, "a", attempt=attempt).status for attempt in (1, 2, 3, 4)]
    assert found == [500, 500, 502, 302]
    assert script.standing(0, "a").status == 302


def test_rules_that_cannot_hold_are_refused():
    with pytest.raises(ImageHostError, match="A rule is for host 3, and there are 3"):
        check([Rule(answers.image(), hosts=(0, 3))], 3)
    with pytest.raises(ImageHostError, match=r"Write 'a/\*'"):
        check([Rule(answers.image(), "/a/*")], 3)
