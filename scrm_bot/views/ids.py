"""Every action_id and callback_id, once. A button's value is an id, never a permission."""

from enum import StrEnum


class Callback(StrEnum):
    """callback_id of modals and shortcuts."""

    CONNECT = "connect"
    DISCONNECT = "disconnect"
    SETTINGS = "settings"
    TEAM = "team"
    DRAFT = "draft"
    EDIT = "edit"
    ATTACH = "attach"
    ASSIST = "assist"  # an AI answer on top of the draft modal: submit = Use
    COMPOSE = "compose"
    PICK_POST = "pick_post"  # a verb without its post: choose one
    SCHEDULE = "schedule"
    APPROVE = "approve"
    REJECT = "reject"
    CHANGES = "changes"
    REASSIGN = "reassign"
    BULK = "bulk"  # several requests, each with its choice
    NOTICE = "notice"  # a modal that only tells something
    NEW_POST = "new_social_post"  # global shortcut
    MY_APPROVALS = "my_approvals"  # global shortcut
    DRAFT_FROM_MESSAGE = "draft_from_message"  # message shortcut


class Action(StrEnum):
    """action_id of buttons, menus and inputs."""

    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    CARD_MENU = "card_menu"  # overflow; its entries are the CardEntry values with the approval's id
    HOLD = "hold"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    UNDO = "undo"
    CHECK_AGAIN = "check_again"
    PUBLISH_ANYWAY = "publish_anyway"
    LEAVE = "leave"
    ASK_AGAIN = "ask_again"
    CONFIRM_APPROVE = "confirm_approve"  # an approval that was typed, of what was shown to whoever typed it
    SHOW_REQUEST = "show_request"  # all of it, where a message has no room for that
    APPROVALS_NEXT = "approvals_next"
    APPROVALS_PREVIOUS = "approvals_previous"
    DECIDE_SEVERAL = "decide_several"
    BULK_NEXT = "bulk_next"
    BULK_PREVIOUS = "bulk_previous"
    CALENDAR = "calendar"  # with where it leads: `calendar:next`
    NEW_POST = "new_post"
    SHOW_APPROVALS = "show_approvals"
    SHOW_POSTS = "show_posts"
    SHOW_SCHEDULED = "show_scheduled"
    SHOW_STATS = "show_stats"
    SHOW_SETTINGS = "show_settings"
    CHANGE_TEAM = "change_team"
    SHOW_HELP = "show_help"
    CONNECT = "connect"
    SHOW_POST = "show_post"
    EDIT_POST = "edit_post"
    DELETE_POST = "delete_post"
    ASK_APPROVAL = "ask_approval"
    SCHEDULE_POST = "schedule_post"
    POST_MENU = "post_menu"  # overflow; its entries are the assistant's verbs with the post's id
    POST_STATS = "post_stats"
    ATTACH = "attach"
    REWRITE = "rewrite"
    OPTIMISE = "optimise"
    HASHTAGS = "hashtags"
    THREAD = "thread"
    TRY_AGAIN = "try_again"
    DRAFT_THIS = "draft_this"
    NEXT_PAGE = "next_page"
    PREVIOUS_PAGE = "previous_page"
    MUTE_DIGEST = "mute_digest"
    RETRY_JOB = "retry_job"
    USE = "use"
    KEEP_MINE = "keep_mine"
    BACK = "back"
    VERSIONS = "versions"
    COMPOSE_THIS = "compose_this"
    DO_VERB = "do_verb"
    # inputs
    TEXT = "text"
    ACCOUNTS = "accounts"
    WHEN = "when"
    NOTE = "note"
    MEDIA = "media"
    ALSO = "also"
    TONE = "tone"
    OWN_TONE = "own_tone"
    TAGS = "tags"
    THEN = "then"
    API_KEY = "api_key"
    BRAND = "brand"
    FIRST_BRAND = "first_brand"
    CHANNEL = "channel"
    APPROVERS = "approvers"
    APPROVER_GROUPS = "approver_groups"
    NEEDED = "needed"
    SELF_APPROVAL = "self_approval"
    TIMEZONE = "timezone"
    DUE = "due"
    REMIND = "remind"
    WORKING_HOURS = "working_hours"
    EXPIRE = "expire"
    ESCALATE = "escalate"
    ADMINS = "admins"
    ADMIN_GROUPS = "admin_groups"
    EDITORS = "editors"
    EDITOR_GROUPS = "editor_groups"
    VIEWERS = "viewers"
    VIEWER_GROUPS = "viewer_groups"
    EVERYONE = "everyone"
    PERSON = "person"
    REASON = "reason"
    CHOICE = "choice"  # with the number of the request: `choice:2`
    PROMPT = "prompt"
    POST = "post"
    REQUEST = "request"  # the post of a request that is open


class Row(StrEnum):
    """block_id of the buttons of a message that follows its request; such a message is never ephemeral."""

    CARD = "card"
    NOTICE = "notice"


class CardEntry(StrEnum):
    """Entries of a card's menu; what comes back is `menu_value`."""

    EDIT = "edit"
    HOLD = "hold"
    REASSIGN = "reassign"
    WITHDRAW = "withdraw"
    HISTORY = "history"


def menu_value(entry: CardEntry, approval_id: str) -> str:
    return f"{entry}:{approval_id}"


def read_menu_value(value: str) -> tuple[CardEntry, str]:
    """The entry and the approval's id. Raises `ValueError` for anything `menu_value` did not make."""
    entry, _, approval_id = value.partition(":")
    return CardEntry(entry), approval_id
