"""Functions of the manifest: what a step may be given, and what it may answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scrm_bot.demo.slack.errors import UnknownThingError
from scrm_bot.demo.slack.wire import Json, as_list, as_object, as_text

_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_PLAIN: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "array": list,
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """Names and types, and which must be there."""

    types: Mapping[str, str]
    required: frozenset[str]

    @classmethod
    def read(cls, declared: Json) -> "Parameters":
        properties = as_object(declared.get("properties"))
        types = {name: as_text(as_object(each).get("type")) for name, each in properties.items()}
        return cls(types, frozenset(as_list(declared.get("required"))))

    def __contains__(self, name: str) -> bool:
        return name in self.types

    def problems(self, given: Json) -> list[str]:
        missing = [f"missing required field: {name}" for name in sorted(self.required - set(given))]
        unknown = [f"invalid additional property: {name}" for name in given if name not in self.types]
        known = [name for name in given if name in self.types]
        wrong = [
            f"must be a {self.types[name]}: {name}" for name in known if not self._fits(name, given[name])
        ]
        return missing + unknown + wrong

    def _fits(self, name: str, value: object) -> bool:
        kind = self.types[name]
        if kind.endswith("/user_id"):
            return isinstance(value, str) and bool(_USER.fullmatch(value))
        if kind.endswith("/timestamp"):
            return isinstance(value, int) and not isinstance(value, bool)
        wanted = _PLAIN.get(kind, object)
        return isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool))


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the app."""

    inputs: Parameters
    outputs: Parameters

    @classmethod
    def read(cls, declared: Json) -> "Function":
        inputs, outputs = declared.get("input_parameters"), declared.get("output_parameters")
        return cls(Parameters.read(as_object(inputs)), Parameters.read(as_object(outputs)))

    def problems_of_outputs(self, outputs: Json) -> list[str]:
        return self.outputs.problems(outputs)


def refuse_step(functions: Mapping[str, Function], callback_id: str, inputs: Json) -> None:
    """Raises `UnknownThingError` for a step that Workflow Builder could not have made."""
    function = functions.get(callback_id)
    if function is None:
        raise UnknownThingError(f"the manifest has no function {callback_id!r}")
    if found := function.inputs.problems(inputs):
        raise UnknownThingError(f"{callback_id}: {'; '.join(found)}")
