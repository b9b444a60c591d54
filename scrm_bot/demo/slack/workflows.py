"""Workflows that reach a step of the app: started by hand, and finished by the app."""

from scrm_bot.demo.slack.functions import refuse_step
from scrm_bot.demo.slack.mint import random_id
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Workspace


def run_step(space: Workspace, user: str, callback_id: str, inputs: Json) -> str:
    """Start a step as Workflow Builder's own checks allow it; its execution id.

    An input called `user` gets whoever started the workflow, unless it is given.
    """
    declared = space.manifest.functions
    if callback_id in declared and "user" in declared[callback_id].inputs:
        inputs = {"user": user, **inputs}
    if declared:
        refuse_step(declared, callback_id, inputs)
    execution_id, token = random_id("Fx"), space.keys.bot
    space.executions[execution_id] = {"state": "running", "callback_id": callback_id}
    function = {
        "id": random_id("Fn"),
        "callback_id": callback_id,
        "type": "app",
        "app_id": space.world.app.id,
    }
    event: Json = {"type": "function_executed", "function": function, "inputs": dict(inputs)}
    event |= {"function_execution_id": execution_id, "workflow_execution_id": random_id("Wx")}
    event |= {"event_ts": space.mint.ts(), "bot_access_token": token.secret if token else ""}
    space.announce("function_executed", event)
    return execution_id
