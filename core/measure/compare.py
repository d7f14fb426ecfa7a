"""Own measurements beside what the engine predicts: a table to read. Nothing here is fed into the fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from core.catalog import Catalog
from core.headless import estimate
from core.headless.cases import ERROR, Case
from core.measure.rows import STATUS, Row, layers_of
from core.measure.shape import NotBuiltError, as_model, cut, shape_of

ENERGY = "energy_accelerator_j_per_output_token"
CASE = ("hardware", "accelerators", "precision", "batch", "input_tokens", "output_tokens", "serving", "parallel")
TUNED = "vllm"  # the kind that lean plain PyTorch is compared with beside its own
ASIDE = "Own measurements stand beside the published fit; they are not part of it."


@dataclass(frozen=True, slots=True)
class Compared:
    """A measured row and the engine's prediction for it, with its 80 % range [J per output token].

    `reason` says why there is no prediction, or no measurement; then the figures are 0 and mean nothing.
    """

    row: Row
    measured_j: float
    predicted_j: float
    low_j: float
    high_j: float
    reason: str = ""

    @property
    def ratio(self) -> float:
        """Predicted over measured."""
        return self.predicted_j / self.measured_j

    @property
    def inside(self) -> bool:
        """Whether the measurement lies in the prediction's range."""
        return self.low_j <= self.measured_j <= self.high_j


def compare(rows: Sequence[Row], catalog: Catalog, serving: str = "") -> list[Compared]:
    """Every row with its prediction. A model built with its first layers only is predicted with as many.

    `serving` is predicted in place of the kind that the row names: plain PyTorch is none that the fit has seen.
    """
    return [_one(row, catalog, serving) for row in rows]


def _one(row: Row, catalog: Catalog, serving: str) -> Compared:
    if row["status"] != STATUS:
        return Compared(row, 0, 0, 0, 0, f"status is {row['status']!r}; only own measurements are set beside the fit")
    measured = _number(row[ENERGY])
    if measured is None or measured <= 0:
        return Compared(row, 0, 0, 0, 0, f"{ENERGY} is {row[ENERGY]!r}; it must be a number above 0 J")
    try:
        catalog = _as_built(row, catalog)
    except NotBuiltError as error:
        return Compared(row, measured, 0, 0, 0, str(error))
    case: Case = {"case_id": row["id"], "model": row["model"]} | {name: row[name] for name in CASE}
    case["serving"] = serving or row["serving"]
    (answer,) = estimate.answer([case], catalog)
    if answer.get(ERROR):
        return Compared(row, measured, 0, 0, 0, str(answer[ERROR]))
    predicted, low, high = (float(str(answer[f"{ENERGY}{end}"])) for end in ("", "_low", "_high"))
    return Compared(row, measured, predicted, low, high)


def _as_built(row: Row, catalog: Catalog) -> Catalog:
    """The catalog with the model as it was measured: all of it, or its first layers."""
    model = catalog.models.get(row["model"])
    if model is None or (layers := layers_of(row, model)) == model.layers:
        return catalog
    built = as_model(model, cut(shape_of(model), layers))
    return replace(catalog, models={**catalog.models, model.id: built})


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def table(found: Sequence[Compared], tuned: Sequence[Compared]) -> Iterator[str]:
    """The comparison in lines of text; `tuned` are the same rows as a tuned server would answer them."""
    head = f"{'model':<22}{'board':<14}{'batch':>6}{'in':>8}{'out':>6}{'measured':>11}{'predicted':>11}"
    yield f"{head}  {'80 % range':<19}{'ratio':<14}as {TUNED}, ratio"
    for one, other in zip(found, tuned, strict=True):
        row = one.row
        start = f"{row['model']:<22}{row['hardware']:<14}"
        start += f"{row['batch']:>6}{row['input_tokens']:>8}{row['output_tokens']:>6}"
        if one.reason:
            yield f"{start}  {one.reason}"
            continue
        span = f"{one.low_j:.3g} to {one.high_j:.3g}"
        part = row["model_as_published"].rpartition(", ")[2]
        cut_words = f"  ({part})" if part.startswith("first ") else ""
        ends = f"{_ratio(one):<14}" + ("" if other.reason else f"{other.predicted_j:<8.3g}{_ratio(other)}")
        yield f"{start}{one.measured_j:>11.3g}{one.predicted_j:>11.3g}  {span:<19}{ends.rstrip()}{cut_words}"
    yield from _counted(found, "J per output token; ratio is predicted over measured")
    yield from _counted(tuned, f"As {TUNED}, a tuned server")
    yield ASIDE


def _ratio(one: Compared) -> str:
    return f"{one.ratio:.2f}" + ("" if one.inside else " outside")


def _counted(found: Sequence[Compared], what: str) -> Iterator[str]:
    told = [one for one in found if not one.reason]
    if told:
        inside, middle = sum(one.inside for one in told), median(abs(one.ratio - 1.0) for one in told)
        yield f"{what}; {inside} of {len(told)} lie in the range, median error {middle:.1%}.".replace("%", " %")
