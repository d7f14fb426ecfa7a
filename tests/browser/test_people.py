"""Two people at once, over the app's own websocket protocol: the quick, asserting version of `tests/bench/load.py`."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from tests.bench.load import PATIENCE_S, Load, faults, recomputed, told
from tests.bench.people import Person, person

CHANGES = 3


async def at_work(one: Person, load: Load) -> None:
    """Open the page and change something a few times."""
    await asyncio.wait_for(one.tab.connect(), PATIENCE_S)
    await asyncio.wait_for(one.tab.open(), PATIENCE_S)
    for _ in range(CHANGES):
        change, start_s = one.change(), perf_counter()
        answered = await asyncio.wait_for(one.tab.set(change.key, **change.value), PATIENCE_S)
        load.told.append(told(one, answered, perf_counter() - start_s))
        load.wrong += faults(one, change, answered)
    await one.tab.leave()


async def together(people: list[Person]) -> Load:
    """All of them at once."""
    load = Load()
    await asyncio.gather(*(at_work(one, load) for one in people))
    return load


def test_people_at_once_each_see_their_own_plan_and_the_engines_answer(server: str) -> None:
    with ThreadPoolExecutor(1) as aside:  # the browser's own loop runs in this thread
        load = aside.submit(asyncio.run, together([person(0, server), person(1, server)])).result()
    assert load.wrong == []
    assert [one.page for one in load.told].count("") == CHANGES == len(load.told) // 2
    assert recomputed(load.told, replayed=0) == []
