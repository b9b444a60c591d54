"""/v1/accounts, /v1/persona and /v1/trending: what is known about the brand."""

from aiohttp import web

from scrm_bot.demo.socialcrm.guards import answer
from scrm_bot.demo.socialcrm.reading import paging
from scrm_bot.demo.socialcrm.sandbox import SANDBOX
from scrm_bot.demo.socialcrm.seed import PERSONA


async def list_accounts(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    page = paging(request.query).cut(sandbox.accounts)
    return answer(sandbox.render.listing([sandbox.render.account(account) for account in page]))


async def account_analytics(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    return answer(sandbox.render.account_analytics(sandbox.insights.of_accounts()))


async def persona(request: web.Request) -> web.Response:
    return answer(request.app[SANDBOX].render.persona(PERSONA))


async def trending(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    page = paging(request.query).cut(sandbox.insights.trending())
    return answer(sandbox.render.listing([sandbox.render.topic(topic) for topic in page]))
