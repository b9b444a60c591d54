"""The audit log as a file: for one person, or in a channel; where Slack refuses, nothing promises one."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import World
from scrm_bot.domain.audit import Deed, Entry, Filter, Found
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.slack.exports import SlackExports
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.uploads import Uploads
from scrm_bot.slack.webapi import Json, Verb
from scrm_bot.views.blocks import message, section
from tests.builders import EDITOR, NOW

TEAM = "T0001"
SOCIAL = "C0SOCIAL1"
LOG = Found((Entry(NOW, EDITOR, Deed.EDITED, "post_1"), Entry(NOW, "", Deed.PUBLISHED, "post_1")))


class Fickle(Messenger):
    """Takes the bytes and the words, but does not show the file."""

    async def call(
        self,
        team_id: str,
        method: str,
        args: Mapping[str, Any],
        *,
        verb: Verb = "POST",
        has_turn: bool = False,
    ) -> Json:
        if method == "files.completeUploadExternal":
            raise SlackRefusedError("internal_error", method=method)
        return await super().call(team_id, method, args, verb=verb, has_turn=has_turn)


def exports_of(
    slack: RunningSlack, session: aiohttp.ClientSession, kind: type[Messenger] = Messenger
) -> SlackExports:
    async def installation(team_id: str) -> Installation:
        return Installation(team_id, Secret(slack.world.app.bot_token))

    installed = Installations(installation)
    messenger = kind(session=session, installations=installed, base_url=slack.api_url)
    return SlackExports(TEAM, messenger, Uploads(session, api_url=slack.api_url))


async def test_a_person_gets_the_file_right_below_the_words_about_it(
    slack: RunningSlack, session: aiohttp.ClientSession
) -> None:
    person = slack.person("editor").id

    await exports_of(slack, session).audit_log(LOG, Filter("post_1"), to=person)

    words, below = slack.space.dm(person).messages[-2:]
    assert "2 entries as CSV" in words.content.text
    assert [(file["name"], file["mimetype"]) for file in below.files] == [("audit-log.csv", "text/csv")]
    assert slack.space.files.get(below.files[0]["id"]).content.count(b"\n") == 3
    assert not slack.faults


async def test_in_a_thread_the_file_stays_in_the_thread(
    slack: RunningSlack, session: aiohttp.ClientSession
) -> None:
    exports = exports_of(slack, session)
    root = await exports.messenger.post(TEAM, SOCIAL, message(section("Look here")))

    await exports.audit_log(LOG, Filter(), to=SOCIAL, thread_ts=root)

    assert [said.thread_ts for said in slack.space.rooms[SOCIAL].messages[-2:]] == [root, root]


async def test_words_whose_file_does_not_come_say_so(
    slack: RunningSlack, session: aiohttp.ClientSession
) -> None:
    person = slack.person("editor").id

    with pytest.raises(SlackRefusedError, match="internal_error"):
        await exports_of(slack, session, Fickle).audit_log(LOG, Filter(), to=person)

    assert "did not take the file" in slack.space.dm(person).messages[-1].content.text


async def test_without_the_right_to_write_files_nothing_is_said(session: aiohttp.ClientSession) -> None:
    manifest = {**DEFAULT, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    poor = await serve(world=World(manifest=manifest))
    try:
        with pytest.raises(SlackRefusedError, match="missing_scope"):
            await exports_of(poor, session).audit_log(LOG, Filter(), to=poor.person("editor").id)
        assert not poor.calls_of("chat.postMessage")
    finally:
        await poor.close()
