"""A search beside the page: it tells its steps, ends when it is told to, keeps what it has, and nothing half done."""

from threading import Event

from core.decide import watch as room
from core.decide.search import forget, found, known
from core.decide.searching import Searching
from core.decide.watch import Watch
from tests.decide.plans import FOUR, TWELVE, searched_plan

PLAN = searched_plan(FOUR, meet_share=0.4)
HARD = PLAN.with_search(meet_share=0.999, budget_usd=20_000)


class Counting(Watch):
    """A watch that notes the steps, and ends the work once it was told of so many."""

    def __init__(self, most=10**9):
        super().__init__()
        self.told, self.most = [], most

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if name == "total":
            self.__dict__.setdefault("told", []).append((self.step, self.done, value))
            if len(self.told) > self.__dict__.get("most", 10**9):
                self.ended.set()


def test_the_steps_are_told_with_how_much_of_each_is_done():
    forget()
    watch = Counting()
    answer = found(HARD, watch)
    steps = list(dict.fromkeys(step for step, *_ in watch.told if step))
    assert steps[0] == "Working out each workload under its levers"
    assert "Looking for the smallest change of several limits" in steps
    assert all(0 <= done <= total for _, done, total in watch.told)
    assert answer == known(HARD) == found(HARD)
    assert not answer.stopped


def test_a_search_that_is_stopped_keeps_what_it_has_wherever_it_is_and_is_not_taken_for_the_answer():
    forget()
    steps, whole = Counting(), None
    whole = found(HARD, steps)
    looks = len(steps.told)
    seen = set()
    for most in range(1, looks, max(looks // 5, 1)):
        forget()
        part = found(HARD, Counting(most))
        assert part.stopped
        assert known(HARD) is None
        assert set(part.relaxations) <= set(whole.relaxations)
        seen.add(part.status)
    assert seen == {"stopped", "none meets"}
    assert found(HARD) == whole


def test_a_search_stopped_at_once_says_so_and_one_stopped_later_is_not_proven():
    forget()
    assert found(PLAN, Counting(1)).said == "The search was stopped before any set was tried."
    plan = searched_plan(TWELVE, meet_share=0.4)
    part = found(plan, Counting(len(plan.workloads)))
    assert (part.stopped, part.proven, part.status) == (True, False, "found")  # the likeliest are tried all the same
    assert part.best.met_share >= 0.4
    assert part.why_not_proven == "the search was stopped before it had tried all of them"
    assert len(part.front) > 1


def test_a_thread_of_its_own_comes_to_the_same_answer_and_stops_when_told():
    forget()
    search = Searching(PLAN)
    assert search.wait(60.0) == found(PLAN)
    assert not search.running
    forget()
    stopped = Searching(HARD)
    stopped.stop()
    answer = stopped.wait(60.0)
    assert answer is not None
    assert answer.stopped
    assert stopped.progress().step


def test_a_search_stopped_before_its_first_step_is_not_waited_for(monkeypatch):
    """A plan of hundreds of workloads takes seconds before any set is tried."""
    held = Event()
    monkeypatch.setattr("core.decide.searching.found", lambda plan, watch: held.wait(5.0) and found(plan, watch))
    search = Searching(PLAN)
    assert search.running
    search.stop()
    assert not search.running
    assert (search.answer.stopped, search.answer.said) == (True, "The search was stopped before any set was tried.")
    held.set()
    assert search.wait(60.0).stopped


def test_who_watches_nothing_stops_nothing():
    assert room.at("a step", 1, 2)
    assert not room.ended()
