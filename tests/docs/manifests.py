"""Write the Socket Mode manifest anew from manifest.yml: `python -m tests.docs.manifests`."""

from pathlib import Path

from scrm_bot import manifests

SOCKET = Path(__file__).parents[2] / "manifest.socket.yml"


def written() -> str:
    return manifests.fitted(socket=True)


if __name__ == "__main__":
    SOCKET.write_text(written(), encoding="utf-8")
