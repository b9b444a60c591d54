"""The key of an API key's shared turns, in a slot of its own: it belongs to no team."""


def budget(fingerprint: str) -> str:
    """Hash · the turns of one API key, see lua/budget.lua; 500 bytes; a day after the last, or eight windows."""
    return f"scrm:{{b:{fingerprint}}}:budget"
