"""Whether accelerators hold a training run: by hand, with its sentence, and what is refused."""

import pytest

from core import catalog, results
from core.plan import Plan, Workload
from core.results.training_memory import training_fit
from core.units import BYTES_PER_GB

TUNING = Workload(id="A", kind="fine_tuning", model="llama3.3-70b", hardware="H100-SXM")
STATE_GB, ACTIVATION_GB = 70.55 * 16, ((2 * 80 + 34) * 4096 * 8192 + 4 * 70.55e9 / 80) / BYTES_PER_GB


def fit(workload=TUNING, draws=0):
    return training_fit(Plan(workloads=(workload,)), workload, draws)


def test_a_run_of_seventy_billion_parameters_by_hand():
    found = fit()
    assert found.state_byte[0] / BYTES_PER_GB == pytest.approx(STATE_GB)
    assert found.activation_byte[0] / BYTES_PER_GB == pytest.approx(ACTIVATION_GB)
    assert found.accelerators[0] == 24  # 1,129 GB over 62 GB free on each are 18.2: three servers of eight
    assert found.each_byte[0] / BYTES_PER_GB == pytest.approx(STATE_GB / 24 + ACTIVATION_GB)
    assert found.short == ""


@pytest.mark.parametrize(("installed", "fits"), [(18, False), (19, True), (200, True)])
def test_as_many_as_are_needed_suffice(installed, fits):
    found = fit(TUNING.but(installed_accelerators=installed))
    assert (found.short == "") == fits
    assert found.each_byte[0] / BYTES_PER_GB == pytest.approx(STATE_GB / installed + ACTIVATION_GB)


def test_too_few_are_told_with_what_they_lack():
    assert fit(TUNING.but(installed_accelerators=8)).short == (
        "installed_accelerators is 8; training every parameter keeps 1,129 GB in all and 10 GB more on each "
        "accelerator, and of H100 SXM5 80 GB's 80 GB 72 are free; it must be at least 19"
    )


def test_an_accelerator_that_holds_no_sequence_is_told_so():
    found = fit(TUNING.but(hardware="T4", precision="fp16"))
    free = catalog.load().hardware["T4"].memory_gb * 0.9
    assert free > ACTIVATION_GB  # a T4 holds a sequence of 70 billion parameters, one of 405 billion it does not
    assert found.accelerators[0] > 100
    giant = fit(TUNING.but(hardware="T4", precision="fp16", model="llama3.1-405b"))
    assert giant.short.endswith("no number of them holds the run")


def test_what_is_short_of_memory_keeps_its_figures_and_what_cannot_hold_the_weights_does_not():
    def computed(installed):
        return results.of(Plan(workloads=(TUNING.but(installed_accelerators=installed),), last_year=2026), 0)

    assert computed(2).refused == {}
    assert computed(1).refused["A"] == (
        "installed_accelerators is 1; the weights of Llama 3.3 70B take 141 GB and H100 SXM5 80 GB holds 80 GB; "
        "it must be at least 2"
    )


def test_the_range_spans_small_optimisers_and_long_sequences():
    low, central, high = results.interval(fit(draws=256).state_byte)
    assert (low, central, high) == pytest.approx((70.55e9 * 10, 70.55e9 * 16, 70.55e9 * 20), rel=0.01)
    assert results.interval(fit(draws=256).accelerators) == (16, 24, 24)
