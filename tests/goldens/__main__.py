"""Write every golden anew and remove those of cases that are gone."""

from scrm_bot.views import charts
from tests.goldens import FOLDER, as_json, path_of, picture_of
from tests.goldens.cases import CASES
from tests.goldens.pictures import PICTURES


def main() -> None:
    for stale in {path.stem for path in FOLDER.glob("*.json")} - set(CASES):
        path_of(stale).unlink()
    for name, shown in CASES.items():
        path_of(name).write_text(as_json(shown), encoding="utf-8")
    for leftover in {path.stem for path in FOLDER.glob("*.svg")} - set(PICTURES):
        picture_of(leftover).unlink()
    for name, chart in PICTURES.items():
        picture_of(name).write_text(charts.svg(chart), encoding="utf-8")


if __name__ == "__main__":
    main()
