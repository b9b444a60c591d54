"""Write every golden anew and remove those of cases that are gone."""

from tests.goldens import FOLDER, as_json, path_of
from tests.goldens.cases import CASES


def main() -> None:
    for stale in {path.stem for path in FOLDER.glob("*.json")} - set(CASES):
        path_of(stale).unlink()
    for name, shown in CASES.items():
        path_of(name).write_text(as_json(shown), encoding="utf-8")


if __name__ == "__main__":
    main()
