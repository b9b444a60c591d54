"""As much of HTTP/1.1 as a load and a sink need that must cost nothing themselves."""


def parted(buffer: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Head and body of the first message, and what came behind it; None before it is whole."""
    head, gap, body = buffer.partition(b"\r\n\r\n")
    if not gap:
        return None
    at = head.lower().find(b"content-length:")
    length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return (head, body[:length], body[length:]) if len(body) >= length else None
