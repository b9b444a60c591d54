"""files.*: getting a place to send bytes to, and sharing what was sent."""

from scrm_bot.demo.slack import contents, posting
from scrm_bot.demo.slack.api import Ask, Method
from scrm_bot.demo.slack.api_chat import destination, new_message, thread
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.files import FILE_BYTES, File
from scrm_bot.demo.slack.wire import Json, as_object

ALT_TEXT_LIMIT = 1000


async def get_upload_url(ask: Ask) -> Json:
    name, length = ask.args.need("filename"), ask.args.number("length", default=0)
    if length <= 0:
        raise RefusalError("invalid_arguments", messages=["[ERROR] missing required field: length"])
    if length > FILE_BYTES:
        raise RefusalError("file_upload_size_restricted")
    alt_text = ask.args.text("alt_txt")
    if len(alt_text) > ALT_TEXT_LIMIT:
        raise RefusalError("alt_txt_too_large")
    file = ask.space.files.promise(name, length=length, user=ask.space.bot)
    file.alt_text = alt_text
    return {"upload_url": f"{ask.space.base_url}/upload/v1/{file.ticket}", "file_id": file.id}


def _finished(ask: Ask) -> list[File]:
    """The files named, all uploaded and not yet completed."""
    named = ask.args.json("files")
    if not isinstance(named, list) or not named:
        raise RefusalError("invalid_arguments", messages=["[ERROR] missing required field: files"])
    files: list[File] = []
    for entry in named:
        file = ask.space.files.get(str(as_object(entry).get("id", "")))
        if file.state != "uploaded":
            raise RefusalError("file_not_found")
        file.title = str(as_object(entry).get("title") or file.name)
        files.append(file)
    return files


async def complete_upload(ask: Ask) -> Json:
    files = _finished(ask)
    channel = ask.args.text("channel_id") or ",".join(ask.args.names("channels")[:1])
    if channel:
        _share(ask, files, channel)
    for file in files:
        file.state = "complete"
    return {"files": [file.to_api(ask.space.world, ask.space.base_url) for file in files]}


def _share(ask: Ask, files: list[File], channel: str) -> None:
    said = {"text": ask.args.text("initial_comment"), "blocks": ask.args.values.get("blocks")}
    content = contents.read(said)
    room = destination(ask, channel)
    root = thread(room, ask.args.text("thread_ts"))
    message = new_message(ask.space, content, thread_ts=root)
    for file in files:
        file.channels.append(room.id)
    message.files = [file.to_api(ask.space.world, ask.space.base_url) for file in files]
    message.subtype = "file_share"
    posting.say(ask.space, room, message)


async def info(ask: Ask) -> Json:
    file = ask.space.files.get(ask.args.need("file"))
    told = file.to_api(ask.space.world, ask.space.base_url)
    return {"file": told, "comments": []}


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",)),
    "files.info": Method(info, ("files:read",)),
}
