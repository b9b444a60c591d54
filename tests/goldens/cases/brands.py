"""Which brand something is about, and the list of brands."""

from scrm_bot.domain.brands import Brand
from scrm_bot.domain.workspaces import ListedBrand
from scrm_bot.views import admin, brands, status
from scrm_bot.views.blocks import message, section
from scrm_bot.views.status import Standing
from tests.builders import a_connection, some_settings
from tests.goldens import Cases

ACME, GLOBEX = Brand("", "Acme", ("C1", "C2")), Brand("b2", "Globex")
LISTED = [ListedBrand(ACME, a_connection(), is_default=True), ListedBrand(GLOBEX, None, is_default=False)]
MANY = [ListedBrand(Brand(f"b{n}", f"Brand{n}"), None, is_default=False) for n in range(12)]

CASES: Cases = {
    "brands.brands": brands.brands(LISTED),
    "brands.brands.one": brands.brands([]),
    "brands.labelled": brands.labelled(message(section("*Draft saved*")), "Globex"),
    "brands.labelled_view": brands.labelled_view(admin.connect(), "Globex"),
    "brands.mapped": brands.mapped("C1", GLOBEX),
    "brands.mapped.none": brands.mapped("C1", None),
    "brands.made_default": brands.made_default(GLOBEX),
    "brands.renamed": brands.renamed(GLOBEX, "Initech"),
    "brands.removed": brands.removed(GLOBEX),
    "admin.connect.second": admin.connect(a_connection(), naming=admin.Naming(asks_first=True)),
    "admin.connect.brand": admin.connect(a_connection(), naming=admin.Naming("Globex")),
    "admin.connected.brand": admin.connected(a_connection(), brand="Globex"),
    "status.status.brands": status.status(
        Standing(a_connection(), some_settings(), works=True), brands=LISTED
    ),
    "status.status.many_brands": status.status(
        Standing(a_connection(), some_settings(), works=True), brands=MANY
    ),
}
