"""Every key in Redis: its name, its type, and how long it lives.

All of a team's keys carry the hash tag of the team's shard, so that a decision and its job are one script
on one slot, in a cluster too. What belongs to a named brand is kept under its scope, `team/brand`, wherever a
team's id is asked for.
"""

from functools import lru_cache
from zlib import crc32

from scrm_bot.domain import brands

SHARDS = 64

DAY = 86_400
SEEN_LIFE = 25 * 3600  # Slack repeats a delivery for up to a day
ONCE_LIFE = 300  # longer than any retry of one write
FINAL_LIFE = 90 * DAY  # how long a closed request can be looked up
LAST_LIFE = 30 * DAY
LIST_LIFE = 7 * DAY
DIGEST_LIFE = 3 * DAY
POSTED_LIFE = 7 * DAY
POSTED_MOST = 10  # digests that follow one request
SNAPSHOT_LIFE = 400 * DAY
SNAPSHOT_MOST = 400  # days; a document each, or two; 16 kB at the most and a few hundred bytes as a rule
QUOTA_LIFE = 30 * DAY
DEAD_LIFE = 90 * DAY
VIEWERS_LIFE = 3600
DEAD_MOST = 1000
AUDIT_MOST = 20_000  # some 350 bytes each: 7 MB of a team that fills it, months of its work
WAKE_LIFE = 60
WAKE_MOST = 64

WAKE = "scrm:wake"
"""list of shards · tokens for workers that wait, the latest 64; some 100 bytes; a minute."""

SCHEMA = "scrm:schema"
"""string · the number of the records' layout, see store/schema.py; a byte or two; lives for ever."""

FINGERPRINT_KEY = "scrm:fingerprint-key"
"""string · the sealed key of fingerprints; 100 bytes; lives for ever."""

INSTALLATIONS = "scrm:installations"
"""set of team ids · who installed the bot; 12 bytes a workspace; lives for ever."""

ORGANISATIONS = "scrm:organisations"
"""hash team id → id of the organisation that installed the bot for it.

25 bytes a workspace; until one of them removes it, or the workspace installs it itself.
"""

CONNECTED = "scrm:connected"
"""set of team ids and scopes of brands · who has, or had, a SocialCRM key.

12 bytes a workspace; lives for ever.
"""

HISTORY = "scrm:history"
"""string · which of Redis' histories of its data the cards were last drawn anew after.

40 bytes a primary; lives for ever.
"""


@lru_cache(maxsize=4096)
def shard_of(team_id: str) -> int:
    return crc32(brands.parts(team_id)[0].encode()) % SHARDS


def _shard(number: int) -> str:
    return f"scrm:{{s{number:02d}}}"


@lru_cache(maxsize=4096)
def _team(team_id: str) -> str:
    team, brand = brands.parts(team_id)
    return f"{_shard(shard_of(team))}:{team}:brand:{brand}" if brand else f"{_shard(shard_of(team))}:{team}"


@lru_cache(maxsize=SHARDS)
def due(shard: int) -> str:
    """Zset `team/key` → ms · queue, schedule and lease at once.

    100 bytes a job; lives while there is work.
    """
    return f"{_shard(shard)}:due"


@lru_cache(maxsize=SHARDS)
def jobs(shard: int) -> str:
    """Hash `team/key` → JSON of the job.

    300 bytes a job, 20 kB for a long text on its way; lives while there is work.
    """
    return f"{_shard(shard)}:jobs"


@lru_cache(maxsize=SHARDS)
def claims(shard: int) -> str:
    """Hash `team/key` → `attempt:lease` of a claim · lease 0 while nobody has it.

    60 bytes a job; as long as the job.
    """
    return f"{_shard(shard)}:claims"


@lru_cache(maxsize=SHARDS)
def following(shard: int) -> str:
    """Hash `team/key` → `ms:JSON` of a job put while an earlier one runs.

    300 bytes a job; until that one ends.
    """
    return f"{_shard(shard)}:following"


@lru_cache(maxsize=SHARDS)
def history(shard: int) -> str:
    """String · `name:µs`, in which of Redis' histories of its data this shard goes on, and since when.

    100 bytes; lives for ever.
    """
    return f"{_shard(shard)}:history"


def dead(shard: int) -> str:
    """Zset JSON → ms · 1,000 jobs that were given up; of more, the oldest of the team with the most goes.

    1 MB as a rule; 90 days after the last.
    """
    return f"{_shard(shard)}:dead"


def work(shard: int) -> tuple[str, str, str, str]:
    """The four keys of the due index, in the order every script takes them."""
    return due(shard), jobs(shard), claims(shard), following(shard)


def patterns(team_id: str) -> tuple[str, ...]:
    """What finds all that is kept under a team's name. The id must hold no wildcard."""
    shard = _shard(shard_of(team_id))
    return f"{shard}:{team_id}:*", f"{shard}:seen:{team_id}:*"


def seen(team_id: str, dedupe: str) -> str:
    """String · a delivery that was accepted, or withdrawn; 100 bytes; 25 hours."""
    return f"{_shard(shard_of(team_id))}:seen:{team_id}:{dedupe}"


def once(team_id: str, request: str) -> str:
    """String · a write that was made; 90 bytes; 5 minutes."""
    return f"{_team(team_id)}:once:{request}"


def approval(team_id: str, approval_id: str) -> str:
    """Hash version, write, body · one request.

    1 to 3 kB as a rule, 64 kB with the longest texts before and after; 90 days after it is closed.
    """
    return f"{_team(team_id)}:approval:{approval_id}"


def open_approvals(team_id: str) -> str:
    """Zset id → ms of creation · the requests that are not closed; 60 bytes a request; for ever."""
    return f"{_team(team_id)}:approvals:open"


def scheduled_approvals(team_id: str) -> str:
    """Zset id → ms of creation · the requests whose posts SocialCRM holds for their time.

    60 bytes a request; for ever.
    """
    return f"{_team(team_id)}:approvals:scheduled"


def audit(team_id: str) -> str:
    """Stream with the field `entry`, JSON · who did what, all brands'.

    350 bytes each, 7 MB of a team that fills it; the latest 20,000 or so, for ever.
    """
    return f"{_team(brands.parts(team_id)[0])}:audit"


def post_approval(team_id: str, post_id: str) -> str:
    """String · the id of the latest request about a post; 150 bytes; as long as that request."""
    return f"{_team(team_id)}:post:{post_id}:approval"


def api_key(team_id: str) -> str:
    """String · JSON with the sealed SocialCRM key; 400 bytes; until it is disconnected."""
    return f"{_team(team_id)}:key"


def quota(team_id: str) -> str:
    """Hash action → seconds · when the plan's quota last refused it.

    20 bytes an action, a few of them; 30 days after the last.
    """
    return f"{_team(team_id)}:quota"


def pace(team_id: str, place: str) -> str:
    """String · when the turns taken of one place in Slack are over; 100 bytes; until a second after."""
    return f"{_team(team_id)}:pace:{place}"


def settings(team_id: str) -> str:
    """String · JSON of the workspace's rules; 1 kB, 20 kB with hundreds of named people; for ever."""
    return f"{_team(team_id)}:settings"


def digests(team_id: str) -> str:
    """Hash channel → JSON of its digest's schedule; 350 bytes a channel; for ever."""
    return f"{_team(team_id)}:digests"


def digest_day(team_id: str, channel: str, day: str) -> str:
    """String · JSON of how far a channel's digest of one local date is; 250 bytes; 3 days."""
    return f"{_team(team_id)}:digest:{channel}:{day}"


def posted_digest(team_id: str, channel: str, ts: str) -> str:
    """String · JSON of a digest that lists requests; 10 kB as a rule, 128 kB at the most; 7 days."""
    return f"{_team(team_id)}:posted:{channel}:{ts}"


def digests_with(team_id: str, approval_id: str) -> str:
    """Zset `channel/ts` → ts · the latest 10 digests that list a request; 40 bytes each; 7 days."""
    return f"{_team(team_id)}:digests_with:{approval_id}"


def snapshots(team_id: str) -> str:
    """Hash local date → JSON of the day's numbers, and with a + those of its second reading · 400 days.

    16 kB each at the most, a few hundred bytes as a rule; 400 days after the last.
    """
    return f"{_team(team_id)}:numbers"


def facts(team_id: str) -> str:
    """String · JSON of what all digests of some minutes tell; some 20 kB; 5 minutes."""
    return f"{_team(team_id)}:facts"


def reading(team_id: str) -> str:
    """String · that one digest reads for all others; 80 bytes; a minute, or until it has."""
    return f"{_team(team_id)}:reading"


def digest_round(shard: int) -> str:
    """String · that the digests of this shard were looked after; 70 bytes; an hour."""
    return f"{_shard(shard)}:digests:round"


def last_post(team_id: str, user_id: str) -> str:
    """String · the id of a person's newest post; 100 bytes; 30 days."""
    return f"{_team(team_id)}:user:{user_id}:last"


def listed_posts(team_id: str, user_id: str) -> str:
    """String · JSON list of the ids a person was last shown; a list of 100 ids at the most, 3 kB; 7 days."""
    return f"{_team(team_id)}:user:{user_id}:list"


def kept(team_id: str, name: str) -> str:
    """String · JSON object a caller keeps under a name.

    a few kB, the modal that Slack allows at the most; as long as the caller says.
    """
    return f"{_team(team_id)}:kept:{name}"


def home_viewers(team_id: str) -> str:
    """Zset user → ms · the latest 25 who opened App Home; 600 bytes; an hour after the last."""
    return f"{_team(team_id)}:home"


def installation(team_id: str) -> str:
    """String · JSON with the sealed bot token; 700 bytes; until the bot is removed."""
    return f"scrm:installation:{team_id}"


def lock(name: str) -> str:
    """String · who does what only one may do at a time; 80 bytes; half a minute."""
    return f"scrm:lock:{name}"


def oauth_state(state: str) -> str:
    """String · a one-time word of an installation that was used; 110 bytes; minutes."""
    return f"scrm:oauth-state:{state}"
