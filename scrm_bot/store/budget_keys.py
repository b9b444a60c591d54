"""The key of an API key's shared turns, in a slot of its own: it belongs to no team."""


def budget(fingerprint: str) -> str:
    """Hash · turns of an API key, see lua/budget.lua; 500 bytes; a day or eight windows after the last."""
    return f"scrm:{{b:{fingerprint}}}:budget"
