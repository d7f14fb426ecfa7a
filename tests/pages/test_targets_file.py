"""The milestones of the Targets page as a file: offered where there are any, under what the figures rest on."""

from tests.pages.test_targets_page import EXAMPLE, _open


def test_the_milestones_are_offered_as_a_file_where_a_rule_does_not_refuse_them():
    offered = [
        "track_csv" in [one.proto.id.rsplit("-", 1)[-1] for one in _open(plan, "notes").get("download_button")]
        for plan in (EXAMPLE, EXAMPLE.with_target(method="v2_preview"))
    ]
    assert offered == [True, False]
