"""Files of one kind, read as a stream into amounts by subject; constant memory, whatever their size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from time import monotonic

from core.imports.reading import RefusedError
from core.imports.usage import source, table
from core.imports.usage.decoding import Decoding, head_of
from core.imports.usage.delimited import ENCODINGS, NO_TEXT, UTF_8, Refused
from core.imports.usage.format import NO_ANSWERS, Ask, Format, Head
from core.imports.usage.formats import FORMATS
from core.imports.usage.overlap import Overlaps
from core.imports.usage.reading import Covered, FileRead, Tally, UsageReading
from core.imports.usage.record import Amounts, Entry, LeftOut, RowError, Subject, Taken
from core.imports.usage.source import Source
from core.plan.told import one_line

MOST_SUBJECTS = 20_000
MOST_REFUSED = 100
MOST_UNREAD = 300
MOST_REASONS, MOST_CURRENCIES = 100, 50
LONGEST_COLUMN = 60
TOLD_EVERY_S = 0.2
ROWS_A_LOOK = 500
TIME = "%Y-%m-%d %H:%M"

NOT_UTF_8 = NO_TEXT.format(UTF_8)
ENCODING = Ask(
    "encoding", "Encoding of the text", "Spreadsheets of Western Europe may write Windows-1252", tuple(ENCODINGS), UTF_8
)
Progress = Callable[[int, int], None]  # bytes read so far, and of how many


def format_of(head: Head) -> Format | None:
    """The format whose file it is, that of any table where none is known; None where it is no table either."""
    return next((one for one in (*FORMATS, table.TABLE) if one.recognises(head)), None)


def read_usage(
    sources: Sequence[Source], answers: Mapping[str, str] = NO_ANSWERS, progress: Progress | None = None
) -> UsageReading:
    """What files of one kind say together; RefusedError in one sentence where they cannot be read."""
    if not sources:
        raise RefusedError("no file was given")
    found = [(one, format_of(head_of(one))) for one in sources]
    kinds = [form.kind for _, form in found if form]
    for one, form in found:
        if form is None:
            raise RefusedError(
                f"{one.name} is none of the {len(FORMATS)} kinds of usage files known here, and no table"
            )
        if form.kind != kinds[0]:
            raise RefusedError(f"{one.name} is {form.kind}, {sources[0].name} {kinds[0]}; give one kind at a time")
    form = found[0][1]
    assert form is not None, "checked above"
    return read_as(form, sources, answers, progress)


def read_as(
    form: Format, sources: Sequence[Source], answers: Mapping[str, str] = NO_ANSWERS, progress: Progress | None = None
) -> UsageReading:
    """The same of files whose format is known."""
    if form is table.TABLE:
        heads = [head_of(one) for one in sources]
        other = next((head.name for head in heads if head.columns != heads[0].columns), "")
        if other:
            raise RefusedError(
                f"{other} has other columns than {heads[0].name}; give tables of their own one at a time"
            )
        form = table.of_head(heads[0], answers)
    return _Reading(form, answers, sum(one.size_bytes for one in sources), progress).of(sources)


class _Reading:
    """What has been read so far."""

    def __init__(self, form: Format, answers: Mapping[str, str], size_bytes: int, progress: Progress | None) -> None:
        self._form, self._reader, self._progress = form, form.reader(answers), progress
        self._encoding = _encoding_of(answers)
        self._asks: tuple[Ask, ...] = (ENCODING,) if self._encoding != UTF_8 else ()
        self._size_bytes, self._before_bytes, self._told_s = size_bytes, 0, monotonic()
        self._amounts: dict[Subject, Amounts] = {}
        self._covered: dict[Subject, Covered] = {}
        self._of_file: dict[Subject, Covered] = {}  # the same of the file that is being read
        self._counted: set[Subject] = set()  # those of which it counts tokens
        self._overlaps = Overlaps()
        self._left_out: dict[str, Tally] = {}
        self._refused: list[str] = []
        self._refused_count = self._rows_used = 0
        self._unread: set[str] = set()
        self._taken: dict[str, str] = {}

    def of(self, sources: Sequence[Source]) -> UsageReading:
        """All files, one after another."""
        files = [self._file(one) for one in self._once(sources)]
        name = files[-1].name if len(files) == 1 else f"{len(files)} files"
        self._book(name, Entry("its end", {}), lambda _: self._reader.end())
        self._close(name)
        if not self._amounts and not self._left_out and not self._asks:
            if not self._refused:
                raise RefusedError(f"{name} holds no row")
            why = self._refused[0].removeprefix(name).lstrip(", :")
            raise RefusedError(f"{name}: no row could be read: {why}")
        unread = sorted({_short(name) for name in self._unread})
        return UsageReading(
            kind=self._form.kind, service=self._form.service, files=tuple(files), columns_taken=self._taken,
            columns_unread=tuple(unread[:MOST_UNREAD]), amounts=self._amounts, covered=self._covered,
            whole=_all_of(self._covered.values()), rows_used=self._rows_used, left_out=self._left_out,
            refused=tuple(self._refused), refused_count=self._refused_count,
            said=tuple(map(one_line, dict.fromkeys(self._reader.said))), asks=(*self._reader.asks, *self._asks),
        )  # fmt: skip

    def _once(self, sources: Sequence[Source]) -> Iterator[Source]:
        """Each file that is not one before it under another name."""
        by_size: dict[int, list[Source]] = {}
        for one in sources:
            before = by_size.setdefault(one.size_bytes, [])
            same = next((other.name for other in before if source.digest(other) == source.digest(one)), "")
            if same:
                self._reader.said.append(f"{one.name} is {same} once more, byte for byte: counted once")
                self._before_bytes += one.size_bytes
            else:
                before.append(one)
                yield one

    def _file(self, one: Source) -> FileRead:
        decoding = Decoding(one, self._form, self._unread, self._encoding)
        try:
            self._rows(one.name, decoding)
            digest = decoding.digest()
        except OSError as error:
            raise RefusedError(f"{one.name}: it cannot be read: {error.strerror or error}") from error
        finally:
            decoding.close()
        self._close(one.name)
        self._before_bytes += one.size_bytes
        self._tell(0, now=True)
        return FileRead(one.name, one.size_bytes, digest)

    def _rows(self, name: str, decoding: Decoding) -> None:
        for count, entry in enumerate(decoding.rows(), start=1):
            if count % ROWS_A_LOOK == 0:
                self._tell(decoding.done_bytes)
            if isinstance(entry, Refused):
                if self._form.layout == "delimited" and entry.why.endswith(NOT_UTF_8):
                    self._asks = (ENCODING,)
                self._refuse(f"{name}{', ' if entry.place else ''}{entry.place}: {entry.why}")
            else:
                self._see(entry)
                self._book(name, entry, self._reader.take)

    def _see(self, entry: Entry) -> None:
        """Note which columns are there; of a document, at any depth of its beginning."""
        if len(self._taken) < len(self._form.columns) and self._rows_used < ROWS_A_LOOK:
            metric = [str(entry.cells["name"])] if self._form.layout == "exposition" else []
            for name in (*metric, *_names(entry.cells)):
                if self._form.columns.get(name):
                    self._taken.setdefault(name, self._form.columns[name])

    def _book(self, name: str, entry: Entry, take: Callable[[Entry], Iterator[Taken | LeftOut | RowError]]) -> None:
        """Add what a row says, or nothing of it where it is refused."""
        try:
            said = list(take(entry))
        except RowError as error:
            self._refuse(f"{name}, {entry.place}: {error}")
            return
        for one in said:
            if isinstance(one, Taken) and one.start and one.end and one.end < one.start:
                self._refuse(
                    f"{name}, {entry.place}: it ends at {one.end:{TIME}}, before its start, {one.start:{TIME}}"
                )
            elif isinstance(one, Taken):
                self._rows_used += 1
                self._add(name, one)
            elif isinstance(one, RowError):
                self._refuse(f"{name}, {entry.place}: {one}")
            else:
                known = one_line(one.why) in self._left_out or len(self._left_out) < MOST_REASONS
                tally = self._left_out.setdefault(one_line(one.why) if known else "for other reasons", Tally())
                tally.rows += 1
                tally.tokens += one.tokens

    def _add(self, name: str, one: Taken) -> None:
        known = self._amounts.get(one.subject)
        if known is None:
            if len(self._amounts) >= MOST_SUBJECTS:
                raise RefusedError(
                    f"{name} parts into over {MOST_SUBJECTS:,} models, groups, regions and months; the limit is "
                    f"{MOST_SUBJECTS:,}: group it before the export"
                )
            known = self._amounts.setdefault(one.subject, Amounts())
        known.add(one.amounts)
        if len(known.costs) > MOST_CURRENCIES:
            raise RefusedError(f"{name} has costs in over {MOST_CURRENCIES} currencies of one model: a column is wrong")
        if one.start is not None:
            end: datetime = one.end or one.start
            before = self._of_file.get(one.subject)
            if before is None:
                self._of_file[one.subject] = Covered(one.start, end)
            elif one.start < before.start or end > before.end:
                self._of_file[one.subject] = before.and_also(one.start, end)
            if one.amounts.input_tokens or one.amounts.output_tokens:
                self._counted.add(one.subject)

    def _close(self, name: str) -> None:
        """Add the time that a file covers; tell where it is that of a file before it, unless scrapes go on there."""
        said = self._overlaps.told(name, {s: time for s, time in self._of_file.items() if s in self._counted})
        self._reader.said += [said] if said and self._form.layout != "exposition" else []
        for subject, time in self._of_file.items():
            before = self._covered.get(subject)
            self._covered[subject] = time if before is None else before.and_also(time.start, time.end)
        self._of_file, self._counted = {}, set()

    def _refuse(self, sentence: str) -> None:
        self._refused_count += 1
        if len(self._refused) < MOST_REFUSED:
            self._refused.append(one_line(sentence))

    def _tell(self, done_bytes: int, now: bool = False) -> None:
        if self._progress and (now or monotonic() - self._told_s >= TOLD_EVERY_S):
            self._told_s = monotonic()
            self._progress(self._before_bytes + done_bytes, self._size_bytes)


def _encoding_of(answers: Mapping[str, str]) -> str:
    found = answers.get(ENCODING.key) or UTF_8
    if found not in ENCODINGS:
        raise RefusedError(f"the encoding is '{found[:40]}'; it must be one of {', '.join(ENCODINGS)}")
    return found


def _all_of(parts: Iterable[Covered]) -> Covered | None:
    found: Covered | None = None
    for one in parts:
        found = one if found is None else found.and_also(one.start, one.end)
    return found


def _names(cells: Mapping[str, object]) -> Iterator[str]:
    """The names in a row, those of groups and lists inside it too."""
    for name, value in cells.items():
        yield name
        items = value if isinstance(value, list) else [value]
        for item in items[:10]:
            if isinstance(item, Mapping):
                yield from _names(item)


def _short(name: str) -> str:
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= LONGEST_COLUMN else printable[: LONGEST_COLUMN - 1] + "…"
