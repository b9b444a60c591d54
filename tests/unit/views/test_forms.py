from typing import Any

import pytest

from scrm_bot.domain.hours import WorkingHours, read_hours
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.views import admin, assist, draft_window, modals, request_windows
from scrm_bot.views.assist import Suggestion
from scrm_bot.views.blocks import View
from scrm_bot.views.draft_window import ASK, DraftForm
from scrm_bot.views.settings import settings as rules_window
from tests.builders import a_post, an_account, an_approval, some_settings


def fields(view: View) -> dict[str, Any]:
    """Label → block of every field."""
    return {block["label"]["text"]: block for block in view["blocks"] if block["type"] == "input"}


def pressed(view: View) -> list[str]:
    rows = [block for block in view["blocks"] if block["type"] == "actions"]
    return [
        element["text"]["text"] for row in rows for element in row["elements"] if element["type"] == "button"
    ]


def test_the_draft_modal_has_the_fields_people_and_scripts_rely_on() -> None:
    view = draft_window.draft(DraftForm())

    assert list(fields(view)) == ["Text", "Accounts", "When", "Note", "Media", "Then"]
    assert pressed(view) == ["Rewrite", "Optimise", "Hashtags", "Thread"]
    assert view["submit"]["text"] == "Save draft"
    assert fields(view)["Accounts"]["element"]["type"] == "multi_external_select"
    assert fields(view)["Accounts"]["element"]["min_query_length"] == 0


def test_choosing_to_ask_changes_the_submit() -> None:
    assert draft_window.draft(DraftForm(then=ASK))["submit"]["text"] == "Ask for approval"
    assert draft_window.edit(a_post(), DraftForm(then=ASK))["submit"]["text"] == "Ask for approval"
    assert draft_window.edit(a_post(), DraftForm())["submit"]["text"] == "Save"
    assert fields(draft_window.draft(DraftForm()))["Then"]["dispatch_action"] is True


def test_a_new_revision_of_the_text_gets_a_new_block_and_nothing_else_does() -> None:
    forms = DraftForm(), DraftForm(text="New", revision=1)
    before, after = (fields(draft_window.draft(form)) for form in forms)

    changed = [label for label in after if before[label]["block_id"] != after[label]["block_id"]]
    assert changed == ["Text"]
    assert after["Text"]["block_id"] == draft_window.text_block_id(1)
    assert after["Text"]["element"]["initial_value"] == "New"


def test_a_text_too_long_for_a_field_is_shown_and_cannot_be_saved_in_part() -> None:
    view = draft_window.edit(a_post(), DraftForm(text="n" * 3001))

    assert "Text" not in fields(view)
    assert "stays as it is" in view["blocks"][1]["text"]["text"]


def test_the_text_in_the_field_is_exactly_the_text() -> None:
    text = "Tea & <cake>\n\n*now*"

    assert fields(draft_window.draft(DraftForm(text=text)))["Text"]["element"]["initial_value"] == text


def test_the_settings_can_be_saved_untouched() -> None:
    found = fields(rules_window(WorkspaceSettings()))

    assert list(found) == [
        "Approvals channel",
        "Approvers",
        "Approver groups",
        "Approvals needed",
        "Authors may approve their own posts",
        "Time zone",
        "Due after",
        "Remind approvers every",
        "Reminder hours",
        "Expire after",
        "Tell when overdue",
    ]
    for block in found.values():
        filled = any(name.startswith("initial_") for name in block["element"])
        assert block["optional"] or filled


def test_the_settings_show_what_is_set() -> None:
    found = fields(rules_window(some_settings(approver_groups=("S1",)), group_names={"S1": "Marketing"}))

    assert found["Approvals channel"]["element"]["initial_conversation"] == "CAPPROVALS"
    assert found["Approvers"]["element"]["initial_users"] == ["UAPPROVER", "USECOND"]
    assert found["Approver groups"]["element"]["initial_options"][0]["text"]["text"] == "Marketing"


def chosen(view: View, label: str) -> tuple[str, str]:
    option = fields(view)[label]["element"]["initial_option"]
    return option["text"]["text"], option["value"]


def test_the_settings_show_how_long_a_request_waits() -> None:
    view = rules_window(WorkspaceSettings())

    assert chosen(view, "Due after") == ("24 hours", "24")
    assert chosen(view, "Remind approvers every") == ("8 hours", "8")
    assert chosen(view, "Reminder hours") == ("Weekdays, 09:00 to 18:00", "09:00-18:00 weekdays")
    assert chosen(view, "Expire after") == ("7 days", "168")


def test_a_request_may_wait_for_ever() -> None:
    view = rules_window(some_settings())

    assert chosen(view, "Due after") == ("No due time", "0")
    assert chosen(view, "Remind approvers every") == ("Never", "0")
    assert chosen(view, "Expire after") == ("Never", "0")


def test_what_was_set_elsewhere_stays_among_the_choices() -> None:
    hours = WorkingHours("07:30", "12:00", weekdays=False)
    settings = some_settings(due_hours=5, working_hours=hours, escalate_to=("UBOSS",))
    view = rules_window(settings)

    assert chosen(view, "Due after") == ("5 hours", "5")
    assert chosen(view, "Reminder hours") == ("Every day, 07:30 to 12:00", "07:30-12:00 daily")
    assert fields(view)["Tell when overdue"]["element"]["initial_users"] == ["UBOSS"]
    due = [option["value"] for option in fields(view)["Due after"]["element"]["options"]]
    assert due == ["0", "1", "2", "4", "5", "8", "24", "48", "72"]
    for option in fields(rules_window(WorkspaceSettings()))["Reminder hours"]["element"]["options"]:
        assert read_hours(option["value"])


def test_a_typed_key_is_never_put_back() -> None:
    assert "initial_value" not in fields(admin.connect(problem="No."))["API key"]["element"]


def test_an_answer_is_used_or_left_and_never_forced() -> None:
    view = assist.answer_window(Suggestion("rewrite", "buy now", "Grab yours today."))

    assert view["submit"]["text"] == "Use"
    assert view["close"]["text"] == "Keep mine"
    assert pressed(view) == ["Try again"]
    assert [field["text"] for field in view["blocks"][0]["fields"]] == [
        "*Yours*\nbuy now",
        "*Suggested*\nGrab yours today.",
    ]


def test_an_answer_that_fits_no_field_cannot_be_used_and_that_is_said() -> None:
    view = assist.answer_window(Suggestion("rewrite", "buy now", "n" * 3001))

    assert "submit" not in view
    assert any("3,001 characters" in str(block) for block in view["blocks"])


def test_a_failed_call_gives_the_persons_own_text_back() -> None:
    assert "buy now" in str(assist.failed_window("rewrite", "buy now", problem="No.")["blocks"])


@pytest.mark.parametrize(("text", "tags", "result"), [
    ("Hello", ["a", "#b"], "Hello\n\n#a #b"),
    ("Hello #A", ["a", "a", "b", "#", " "], "Hello #A\n\n#b"),
    ("Hello #a\n", ["a"], "Hello #a"),
    ("", ["a"], "#a"),
])  # fmt: skip
def test_hashtags_come_after_the_text_and_none_comes_twice(text: str, tags: list[str], result: str) -> None:
    assert assist.tagged(text, tags) == result


def test_a_reason_is_needed_for_changes_and_not_for_a_rejection() -> None:
    assert fields(request_windows.reject(an_approval()))["Reason"]["optional"] is True
    assert fields(request_windows.request_changes(an_approval()))["Reason"]["optional"] is False


def test_a_post_is_offered_by_its_text_and_by_its_id_without_one() -> None:
    assert modals.post_option(a_post()).label == "Launch day is here."
    assert modals.post_option(a_post(body=" ")).label == "post_123"


def test_the_chosen_accounts_are_counted_once_there_is_a_text() -> None:
    view = draft_window.draft(DraftForm(text="n" * 300, accounts=(an_account(network="x"),)))

    assert "300 of about 280: 20 over" in str(view["blocks"])
