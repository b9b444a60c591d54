"""Every rule the stand-in enforces, and where Slack documents it; what it documents nowhere is assumed.

Pages are given by their path below docs.slack.dev. `ASSUMED` marks what was chosen because no page says
it: from public reports where there are some, else the stricter reading.
"""

from dataclasses import dataclass

ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Claim:
    """A rule by its error code or name, what it says, and its page."""

    rule: str
    says: str
    source: str

    @property
    def documented(self) -> bool:
        return self.source != ASSUMED


_WEB = "apis/web-api"
_POST = "reference/methods/chat.postMessage"
_VIEWS = "reference/methods/views.open"
_INTERACT = "interactivity/handling-user-interaction"
_COMMANDS = "interactivity/implementing-slash-commands"
_MODALS = "surfaces/modals"
_EVENTS = "apis/events-api"
_UPLOAD = "reference/methods/files.getUploadURLExternal"
_OAUTH = "reference/methods/oauth.v2.access"
_BLOCKS = "reference/block-kit/blocks"
_ELEMENTS = "reference/block-kit/block-elements"
_OBJECTS = "reference/block-kit/composition-objects"

ERRORS: tuple[Claim, ...] = (
    # every method
    Claim("not_authed", "No token was sent.", _WEB),
    Claim("invalid_auth", "The token is none of the app's.", _WEB),
    Claim("token_revoked", "The token was revoked or the app removed.", _WEB),
    Claim("not_allowed_token_type", "The method takes another kind of token.", _WEB),
    Claim("missing_scope", "With `needed` and `provided`.", "authentication/installing-with-oauth"),
    Claim("ratelimited", "HTTP 429 with Retry-After.", "apis/web-api/rate-limits"),
    Claim("unknown_method", "With `req_method`.", ASSUMED),
    Claim("invalid_arguments", "Missing or malformed, told in response_metadata.messages.", _WEB),
    Claim("invalid_json", "A JSON body that is not JSON.", _WEB),
    Claim("json_not_object", "A JSON body that is not an object.", _WEB),
    Claim("invalid_cursor", "A cursor nobody gave out.", "apis/web-api/pagination"),
    Claim("invalid_limit", "1 to 1000.", "apis/web-api/pagination"),
    # messages
    Claim("channel_not_found", "Unknown, or private and the bot is not in it.", _POST),
    Claim("not_in_channel", "Public, the bot is not in it and lacks chat:write.public.", _POST),
    Claim("is_archived", "Nothing is said in an archived channel.", _POST),
    Claim("no_text", "Neither text nor blocks nor attachments.", _POST),
    Claim(
        "msg_too_long",
        "markdown_text over 12,000; chat.update's text over 4,000.",
        "reference/methods/chat.update",
    ),
    Claim("msg_blocks_too_long", "All texts of the blocks together over 13,000 characters.", ASSUMED),
    Claim("too_many_attachments", "100 at most.", _POST),
    Claim("invalid_attachments", "Not a JSON array of objects.", ASSUMED),
    Claim("invalid_blocks", "With `errors` and messages, each with a JSON pointer.", _POST),
    Claim("invalid_blocks_format", "Not a JSON array.", _POST),
    Claim("markdown_text_conflict", "markdown_text beside text or blocks.", _POST),
    Claim("invalid_metadata_format", "Metadata that is not a JSON object.", _POST),
    Claim("invalid_metadata_schema", "Metadata without event_type and event_payload.", _POST),
    Claim("metadata_too_large", "Over 16 kB.", _POST),
    Claim("messages_tab_disabled", "A direct message while the Messages tab is off.", _POST),
    Claim("invalid_thread_ts", "thread_ts that is no message's timestamp.", ASSUMED),
    Claim(
        "thread_not_found", "A thread whose root does not exist.", "reference/methods/conversations.replies"
    ),
    Claim("user_not_in_channel", "The person is not in the channel.", "reference/methods/chat.postEphemeral"),
    Claim("user_not_found", "No such person.", "reference/methods/users.info"),
    Claim(
        "message_not_found",
        "No such message; ephemeral ones are never found.",
        "reference/methods/chat.update",
    ),
    Claim("cant_update_message", "Only the bot's own messages.", "reference/methods/chat.update"),
    Claim("cant_delete_message", "Only the bot's own messages.", "reference/methods/chat.delete"),
    Claim(
        "parameter_validation_failed",
        "Outputs that the manifest does not declare.",
        "reference/methods/functions.completeSuccess",
    ),
    Claim("cannot_unfurl_message", "No such message.", "reference/methods/chat.unfurl"),
    Claim("cannot_unfurl_url", "The message has no such link.", "reference/methods/chat.unfurl"),
    Claim("invalid_unfurl_id", "An unfurl_id that nobody was told.", "reference/methods/chat.unfurl"),
    Claim("invalid_source", "Neither composer nor conversations_history.", "reference/methods/chat.unfurl"),
    Claim("invalid_unfurls_format", "Unfurls that are not a JSON object.", "reference/methods/chat.unfurl"),
    # views
    Claim("invalid_trigger_id", "Never given out; or views.push from outside a modal.", _VIEWS),
    Claim("expired_trigger_id", "Older than 3 seconds.", _VIEWS),
    Claim("exchanged_trigger_id", "Used before.", _VIEWS),
    Claim("duplicate_external_id", "external_id is one view's only.", _VIEWS),
    Claim("view_too_large", "Over 250 kB.", _VIEWS),
    Claim("push_limit_reached", "Three views in a modal.", "reference/methods/views.push"),
    Claim("hash_conflict", "The view has changed since.", "reference/methods/views.update"),
    Claim("not_found", "The view is not open any more.", "reference/methods/views.update"),
    Claim("not_enabled", "The Home tab is off.", "reference/methods/views.publish"),
    # conversations and people
    Claim(
        "users_list_not_supplied", "conversations.open without users.", "reference/methods/conversations.open"
    ),
    Claim("not_enough_users", "The stand-in has no group messages.", ASSUMED),
    Claim(
        "invalid_types", "A kind of conversation that does not exist.", "reference/methods/conversations.list"
    ),
    Claim("invalid_ts_oldest", "oldest is no timestamp.", "reference/methods/conversations.history"),
    Claim("invalid_ts_latest", "latest is no timestamp.", "reference/methods/conversations.history"),
    Claim("no_such_subteam", "No such user group.", "reference/methods/usergroups.users.list"),
    Claim("bot_not_found", "No such bot.", "reference/methods/bots.info"),
    # files
    Claim("file_not_found", "Unknown, or not uploaded, or completed before.", "reference/methods/files.info"),
    Claim("alt_txt_too_large", "Over 1,000 characters.", _UPLOAD),
    Claim("file_upload_size_restricted", "Larger than the stand-in keeps (50 MB).", ASSUMED),
    # the app
    Claim("invalid_client_id", "Not this app's.", _OAUTH),
    Claim("bad_client_secret", "Not this app's.", _OAUTH),
    Claim("invalid_code", "Never given out, or older than ten minutes.", _OAUTH),
    Claim("code_already_used", "A code is good once.", _OAUTH),
    Claim("bad_redirect_uri", "Not the one the code was given for, or not registered.", _OAUTH),
    Claim("invalid_grant_type", "Only authorization_code.", _OAUTH),
    Claim("no_scopes", "The install link asks for none.", ASSUMED),
    Claim("invalid_scope", "The install link asks for more than the manifest.", ASSUMED),
    Claim(
        "function_execution_not_found",
        "No such run of a step.",
        "reference/methods/functions.completeSuccess",
    ),
    Claim(
        "execution_not_in_running_state",
        "A step is finished once.",
        "reference/methods/functions.completeSuccess",
    ),
    # response_url
    Claim("used_url", "HTTP 404 at the sixth use.", ASSUMED),
    Claim("expired_url", "HTTP 404 after 30 minutes.", ASSUMED),
    Claim("invalid_url", "HTTP 404 for a URL never given out.", ASSUMED),
    Claim("invalid_payload", "HTTP 400 for a body that is not a JSON object.", ASSUMED),
    Claim("invalid_response_type", "Other than ephemeral or in_channel.", ASSUMED),
    # what a person is told
    Claim("operation_timeout", "No acknowledgement within 3 seconds.", _COMMANDS),
    Claim("dispatch_failed", "Not reachable, or not HTTP 200.", _COMMANDS),
    Claim("invalid_command", "No app has such a command.", ASSUMED),
    Claim("invalid_command_response", "An acknowledgement that is no sound message.", ASSUMED),
    Claim("invalid_response", "A view_submission's acknowledgement Slack does not take.", ASSUMED),
    # why an event is sent again
    Claim("http_timeout", "No answer within 3 seconds.", _EVENTS),
    Claim("http_error", "Answered other than 2xx.", _EVENTS),
    Claim("connection_failed", "Not reachable.", _EVENTS),
    Claim("ssl_error", "The certificate is not good.", _EVENTS),
    Claim("too_many_redirects", "More than two.", _EVENTS),
    Claim("unknown_error", "Anything else.", _EVENTS),
)

RULES: tuple[Claim, ...] = (
    Claim("arguments", "Query string, form and JSON are one, on GET and POST.", _WEB),
    Claim("missing_charset", "A warning for JSON without a charset.", _WEB),
    Claim("message_truncated", "Text over 40,000 is cut, with a warning.", _POST),
    Claim(
        "update keeps blocks",
        "chat.update without blocks keeps them; [] removes them.",
        "reference/methods/chat.update",
    ),
    Claim("direct message by person", "A person's id as channel, with chat:write alone.", _POST),
    Claim(
        "rate of messages",
        "About one a second per channel, after a burst of four.",
        "apis/web-api/rate-limits",
    ),
    Claim("rate tiers", "1 (a burst of 4), 20, 50, 100 a minute, per method.", "apis/web-api/rate-limits"),
    Claim(
        "signature", "v0 HMAC-SHA256 over v0:timestamp:body.", "authentication/verifying-requests-from-slack"
    ),
    Claim("acknowledgement", "HTTP 200 within 3 seconds.", _INTERACT),
    Claim("retries", "Three, at once, after 1 and 5 minutes, with number and reason.", _EVENTS),
    Claim("x-slack-no-retry", "1 stops the retries.", _EVENTS),
    Claim("30,000 events an hour", "Then app_rate_limited, once a minute.", _EVENTS),
    Claim("events need scopes", "A subscription without its scope stays silent.", _EVENTS),
    Claim("response_url", "Five uses in 30 minutes, also where the bot is no member.", _INTERACT),
    Claim("visibility stays", "A message never changes between ephemeral and seen by all.", _INTERACT),
    Claim("no command in threads", "Slash commands know no thread.", _COMMANDS),
    Claim("should_escape", "People and channels come as <@U|name> and <#C|name>.", _COMMANDS),
    Claim("escaped text", "With should_escape, & < > come as entities and links in <>.", ASSUMED),
    Claim("refused views spare triggers", "A view that is refused does not spend its trigger.", ASSUMED),
    Claim("open replaces", "views.open replaces a modal that is open.", ASSUMED),
    Claim("kept input", "Same block_id and action_id keep what was typed.", "reference/views/modal-views"),
    Claim("view_closed", "With notify_on_close; the cross tells the root view and is_cleared.", _MODALS),
    Claim("response_action", "errors (keys are input blocks), update, push, clear; empty closes.", _MODALS),
    Claim("late clicks", "A click on what has left a message meanwhile comes as it was seen.", ASSUMED),
    Claim("ephemeral actions", "block_actions on an ephemeral message carry no message.", ASSUMED),
    Claim("dispatch_action", "Inputs send block_actions only when asked to.", f"{_BLOCKS}/input-block"),
    Claim(
        "home event",
        "app_home_opened carries view once one was published.",
        "reference/events/app_home_opened",
    ),
    Claim(
        "socket mode",
        "hello, envelopes, acknowledgements, disconnect; ten connections.",
        "apis/events-api/using-socket-mode",
    ),
    Claim(
        "files are private",
        "url_private needs the bot's token with files:read.",
        "reference/objects/file-object",
    ),
    Claim("upload length", "The bytes are as many as promised.", ASSUMED),
    # Block Kit
    Claim("blocks", "50 in a message, 100 in a modal or Home.", _BLOCKS),
    Claim("block_id", "255, once in a message or view.", _BLOCKS),
    Claim("action_id", "255, once in its block.", _ELEMENTS),
    Claim("section", "text 3,000, or 10 fields of 2,000.", f"{_BLOCKS}/section-block"),
    Claim("header", "150, plain_text.", f"{_BLOCKS}/header-block"),
    Claim("image", "url 3,000, alt_text (required) and title 2,000.", f"{_BLOCKS}/image-block"),
    Claim("actions", "1 to 25 elements, no multi-selects.", f"{_BLOCKS}/actions-block"),
    Claim("context", "1 to 10 elements.", f"{_BLOCKS}/context-block"),
    Claim("context_actions", "1 to 5 elements, messages only.", f"{_BLOCKS}/context-actions-block"),
    Claim("input", "label and hint 2,000; submit required in modals.", f"{_BLOCKS}/input-block"),
    Claim("markdown", "12,000 in all, messages only.", f"{_BLOCKS}/markdown-block"),
    Claim("table", "100 rows of 20 cells, one in a message.", f"{_BLOCKS}/table-block"),
    Claim("even tables", "All rows of a table are equally long.", ASSUMED),
    Claim("rich_text", "Sections, lists, quotes, preformatted.", f"{_BLOCKS}/rich-text-block"),
    Claim("video", "title 200, author 50.", f"{_BLOCKS}/video-block"),
    Claim("alert", "200, modals only.", f"{_BLOCKS}/alert-block"),
    Claim("card", "title and subtitle 150, body 200, 3 buttons.", f"{_BLOCKS}/card-block"),
    Claim("carousel", "1 to 10 cards.", f"{_BLOCKS}/carousel-block"),
    Claim("container", "1 to 10 children.", f"{_BLOCKS}/container-block"),
    Claim("button", "text 75, value 2,000, url 3,000.", f"{_ELEMENTS}/button-element"),
    Claim("select", "100 options or 100 groups of 100.", f"{_ELEMENTS}/select-menu-element"),
    Claim("multi-select", "In sections and inputs.", f"{_ELEMENTS}/multi-select-menu-element"),
    Claim("checkboxes", "1 to 10 options.", f"{_ELEMENTS}/checkboxes-element"),
    Claim("radio_buttons", "1 to 10 options.", f"{_ELEMENTS}/radio-button-group-element"),
    Claim("overflow", "1 to 5 options.", f"{_ELEMENTS}/overflow-menu-element"),
    Claim("plain_text_input", "min 0 to 3,000, max 1 to 3,000.", f"{_ELEMENTS}/plain-text-input-element"),
    Claim("datetimepicker", "Ten digits.", f"{_ELEMENTS}/datetime-picker-element"),
    Claim("file_input", "Modals only, 1 to 10 files.", f"{_ELEMENTS}/file-input-element"),
    Claim("focus_on_load", "One element of a view.", f"{_ELEMENTS}/plain-text-input-element"),
    Claim("initial options", "Are among the options.", f"{_ELEMENTS}/select-menu-element"),
    Claim("option", "text and description 75, value 150.", f"{_OBJECTS}/option-object"),
    Claim("confirm", "title 100, text 300, buttons 30.", f"{_OBJECTS}/confirmation-dialog-object"),
    Claim("text object", "plain_text takes emoji, mrkdwn takes verbatim.", f"{_OBJECTS}/text-object"),
    Claim(
        "view", "title (required), submit, close 24; metadata 3,000, ids 255.", "reference/views/modal-views"
    ),
    Claim("unknown properties", "Are refused everywhere.", ASSUMED),
    Claim("URLs", "Start with https, http, slack or mailto.", ASSUMED),
)

CLAIMS = ERRORS + RULES
