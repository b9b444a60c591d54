"""The key of an API key's shared turns, in a slot of its own: it belongs to no team."""


def budget(fingerprint: str) -> str:
    """Hash · the turns of one API key: tat, paused, strikes, cut, cut_at. Eight windows after the last."""
    return f"scrm:{{b:{fingerprint}}}:budget"
