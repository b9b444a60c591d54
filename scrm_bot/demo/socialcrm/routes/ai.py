"""/v1/ai: six calls, answered by rules and charged to the key's monthly quota."""

from aiohttp import web

from scrm_bot.demo.socialcrm import assistant
from scrm_bot.demo.socialcrm.guards import answer
from scrm_bot.demo.socialcrm.reading import Fields, fields
from scrm_bot.demo.socialcrm.sandbox import KEY, SANDBOX

_LONGEST_WISH = 200


async def rewrite(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sent = fields(await request.read())
    text, tone = sent.text("text"), sent.text_or("tone", "friendly", longest=_LONGEST_WISH)
    sandbox.keys.charge_ai(request[KEY])
    return answer(sandbox.render.rewritten(assistant.rewrite(text, tone)))


async def compose(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sent = fields(await request.read())
    prompt, tone = sent.text("prompt"), _wish(sent, "tone")
    sandbox.keys.charge_ai(request[KEY])
    return answer(sandbox.render.composed(assistant.compose(prompt, tone, seed=sandbox.seed)))


async def hashtags(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    text = fields(await request.read()).text("text")
    sandbox.keys.charge_ai(request[KEY])
    return answer(sandbox.render.hashtags(assistant.hashtags(text)))


async def thread(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    text = fields(await request.read()).text("text")
    sandbox.keys.charge_ai(request[KEY])
    return answer(sandbox.render.thread(assistant.thread(text)))


async def ideas(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sent = fields(await request.read(), optional=True)
    topic, count = _wish(sent, "topic"), sent.whole_or("count", 5, lowest=1, highest=assistant.MOST_IDEAS)
    sandbox.keys.charge_ai(request[KEY])
    return answer(sandbox.render.ideas(assistant.ideas(topic, count, seed=sandbox.seed)))


async def optimise(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    text = fields(await request.read()).text("text")
    sandbox.keys.charge_ai(request[KEY])
    return answer(sandbox.render.optimised(assistant.optimise(text)))


def _wish(sent: Fields, name: str) -> str | None:
    return sent.text(name, longest=_LONGEST_WISH) if sent.has(name) else None
