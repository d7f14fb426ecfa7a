"""The command `measure`, from its wishes to its rows: everything it needs of the machine is handed to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core import catalog as facts
from core.catalog import Catalog, Model
from core.headless.cases import UnusableError
from core.measure.boards import UnknownBoardError, hardware_of
from core.measure.compare import TUNED, compare, table
from core.measure.energy import check_power, energy_of, mean_power_w
from core.measure.meter import Board, Clock, Meter, MeterError, recording
from core.measure.rows import Row, RowsError, Subject, Window, add, check_target, read, row_of
from core.measure.runner import Runner, RunnerError
from core.measure.shape import WEIGHT_BYTE, NotBuiltError, cut, shape_of
from core.measure.sweep import NoRoomError, Setting, check_setting, check_weights, settings
from core.measure.wish import Wish
from core.plan.config_shape import Shape

SETTLE_S = 1.0  # most boards report power as a mean over a second
IDLE_S = 3.0  # at rest, before and after
WARM_S = 3.0  # at work, before the window
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The means: a clock, a way to a meter, and a way to a model on the board with this id and so much memory share.

    `started` is the moment as text, for the rows' ids.
    """

    clock: Clock
    meter: Callable[[int], Meter]
    runner: Callable[[Shape, str, Board], Runner]
    started: str


def measure(wish: Wish, find: Callable[[], Machine], say: Say, warn: Say) -> int:
    """Measure every setting and write its row at once; exit status 0, or 1 when some setting has no row.

    UnusableError where nothing can be measured at all. An interrupted run keeps the rows it has. The machine is looked
    for once the wish can be met.
    """
    catalog = facts.load()
    model, shape = _model(wish, catalog)
    try:
        check_target(wish.out)
        machine = find()
        meter = machine.meter(wish.device)
        board = meter.board()
        hardware = hardware_of(board.name, wish.hardware, catalog)
        value_byte = WEIGHT_BYTE[wish.precision]
        available_byte = min(wish.memory_share * board.memory_byte, float(board.free_byte))
        check_weights(shape, value_byte, available_byte, model.name)
        say(f"{board.name}, driver {board.driver}; {model.name}, {shape.layers} of {model.layers} layers")
        if board.others:
            warn(f"{board.others} other programs use the board; their energy is counted too")
        runner = machine.runner(shape, wish.precision, board)
    except (RowsError, MeterError, UnknownBoardError, NoRoomError, RunnerError) as error:
        raise UnusableError(str(error)) from error
    subject = Subject(
        model=model,
        shape=shape,
        precision=wish.precision,
        hardware=hardware,
        board=board,
        engine=runner.engine,
        parameters=runner.parameters(),
        session=machine.started,
    )
    limit_w = board.power_limit_w or catalog.hardware[hardware].tdp_w
    sweep = _Sweep(subject, wish, machine.clock, meter, runner, available_byte, limit_w, say, warn)
    rows, failed = sweep.run()
    for line in table(compare(rows, catalog), compare(rows, catalog, TUNED)) if rows else ():
        say(line)
    return min(failed, 1)


def _model(wish: Wish, catalog: Catalog) -> tuple[Model, Shape]:
    if wish.model not in catalog.models:
        raise UnusableError(f"model is {wish.model!r}; it is not in the catalog")
    model = catalog.models[wish.model]
    try:
        shape = shape_of(model)
        return model, cut(shape, wish.layers) if wish.layers else shape
    except NotBuiltError as error:
        raise UnusableError(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Sweep:
    """One session on one board."""

    subject: Subject
    wish: Wish
    clock: Clock
    meter: Meter
    runner: Runner
    available_byte: float
    limit_w: float
    say: Say
    warn: Say

    def run(self) -> tuple[list[Row], int]:
        """The rows written, and how many settings have none; what went wrong is said."""
        rows: list[Row] = []
        asked = list(settings(self.wish.batches, self.wish.inputs, self.wish.output_tokens))
        failed = 0
        for setting in asked:
            try:
                row = row_of(self.subject, self._window(setting), len(rows) + 1)
                add(self.wish.out, row)
            except (NoRoomError, RunnerError) as error:
                self.warn(str(error))
                failed += 1
            except (MeterError, RowsError) as error:
                self.warn(f"{setting}: {error}")
                failed += 1
            except KeyboardInterrupt:
                left = len(asked) - len(rows) - failed
                self.warn(f"stopped: {left} of {len(asked)} settings not measured; {len(rows)} rows in {self.wish.out}")
                return rows, failed + left
            else:
                rows.append(row)
                energy_j = float(row["energy_accelerator_j_per_output_token"])
                self.say(f"{setting}: {energy_j:.4g} J per output token, {float(row['power_total_w']):.0f} W")
        return rows, failed

    def _window(self, setting: Setting) -> Window:
        """Rest, warm up, measure, rest."""
        subject = self.subject
        value_byte = WEIGHT_BYTE[subject.precision]
        check_setting(subject.shape, subject.model, setting, value_byte, self.available_byte)
        self.runner.prepare(setting)
        idle_before_w = self._rest_w()
        self._work(WARM_S)
        with recording(self.meter, self.clock) as readings:
            answers, tokens = self._work(self.wish.seconds_s)
        idle_after_w = self._rest_w()
        energy = energy_of(readings)
        check_power(energy, self.limit_w, idle_before_w)
        return Window(
            setting=setting,
            energy=energy,
            tokens=tokens,
            answers=answers,
            readings=readings,
            idle_before_w=idle_before_w,
            idle_after_w=idle_after_w,
        )

    def _work(self, seconds_s: float) -> tuple[int, int]:
        """Whole batches for at least so long, one at least: how many, and how many tokens came out."""
        answers, tokens, end_s = 0, 0, self.clock.now_s() + seconds_s
        while answers == 0 or self.clock.now_s() < end_s:
            tokens += self.runner.answer()
            answers += 1
        return answers, tokens

    def _rest_w(self) -> float | None:
        """Mean power while nothing runs, the model in memory."""
        self.clock.sleep(SETTLE_S)
        with recording(self.meter, self.clock) as readings:
            self.clock.sleep(IDLE_S)
        return mean_power_w(readings)


def beside_the_fit(path: Path, say: Say) -> int:
    """The rows of a file beside what the engine predicts; exit status 0, or 1 when some row has no prediction."""
    if not path.is_file():
        raise UnusableError(f"{path}: there are no measurements of your own here; `measure -o` writes some")
    try:
        rows: Sequence[Row] = read(path)
    except RowsError as error:
        raise UnusableError(str(error)) from error
    catalog = facts.load()
    found = compare(rows, catalog)
    for line in table(found, compare(rows, catalog, TUNED)):
        say(line)
    return int(any(one.reason for one in found))
