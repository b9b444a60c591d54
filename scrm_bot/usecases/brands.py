"""Several SocialCRM keys in one workspace: naming them, and which channel is about which."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from scrm_bot.domain.audit import Deed
from scrm_bot.domain.brands import FIRST, MOST, Brand, Brands, check_name
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.workspaces import ListedBrand
from scrm_bot.ports import Workspace
from scrm_bot.usecases import recording
from scrm_bot.usecases.roles import require_admin


async def known(workspace: Workspace) -> Brands:
    return (await workspace.settings.load()).brands


async def all_of(workspace: Workspace) -> tuple[Workspace, ...]:
    """The workspace once for each brand; as it is where there are none."""
    found = (await known(workspace)).known
    return tuple(workspace.of_brand(brand.id) for brand in found) or (workspace,)


async def default_of(workspace: Workspace) -> Workspace:
    """The workspace of the brand that counts where nothing else says which."""
    default = (await known(workspace)).default
    return workspace if default == workspace.brand else workspace.of_brand(default)


async def name_of(workspace: Workspace) -> str:
    """Whose numbers a digest tells: the brand's name where there are several, else the workspace's."""
    return (await known(workspace)).label(workspace.brand) or workspace.name


async def listed(workspace: Workspace) -> tuple[ListedBrand, ...]:
    found = await known(workspace)
    keys = [await workspace.of_brand(brand.id).vault.connection() for brand in found.known]
    pairs = zip(found.known, keys, strict=True)
    return tuple(ListedBrand(brand, key, brand.id == found.default) for brand, key in pairs)


async def check_target(workspace: Workspace, name: str, *, first: str = "") -> None:
    """Whether a key can be kept under this name. Raises `UsageError`."""
    await _target(workspace, name, first=first)


async def make_room(workspace: Workspace, name: str, *, first: str = "") -> Workspace:
    """The workspace of the brand with this name, which is new unless there is one.

    `first` names the key that is connected already, once there is a second. Without a `name` it is the brand
    that the workspace is opened for.
    """
    before, wanted = await _target(workspace, name, first=first)
    if wanted is None:
        return workspace
    if before.get(wanted.id) is None:
        others = before.known
        if not others and wanted.id != FIRST:
            others = (Brand(FIRST, check_name(first)),)
        await _keep(workspace, replace(before, known=(*others, wanted)))
    return workspace.of_brand(wanted.id)


async def map_channel(workspace: Workspace, channel: str, name: str, *, by: str) -> Brand | None:
    """What is asked in this channel is about that brand from now on; with "none" about the default."""
    brand: Brand | None = None

    def change(before: Brands) -> Brands:
        nonlocal brand
        brand = None if name.casefold() == "none" else before.named(name)
        rest = [replace(each, channels=_without(each, channel)) for each in before.known]
        wanted = brand.id if brand else None
        known = [
            replace(each, channels=(*each.channels, channel)) if each.id == wanted else each for each in rest
        ]
        return replace(before, known=tuple(known))

    await _change(workspace, change, by=by)
    return brand


async def set_default(workspace: Workspace, name: str, *, by: str) -> Brand:
    found = (await known(workspace)).named(name)
    await _change(workspace, lambda before: replace(before, default=found.id), by=by)
    return found


async def rename(workspace: Workspace, name: str, to: str, *, by: str) -> Brand:
    """What belongs to the brand stays its own: a name is only what people see."""
    found, new = (await known(workspace)).named(name), check_name(to)
    renamed = replace(found, name=new)

    def change(before: Brands) -> Brands:
        _check_free(before, new, but=found.id)
        return replace(before, known=tuple(renamed if each.id == found.id else each for each in before.known))

    await _change(workspace, change, by=by)
    return renamed


async def remove(workspace: Workspace, name: str, *, by: str) -> Brand:
    """Take a brand without a key from the list. Its id is never given again."""
    await require_admin(workspace, by)
    found = (await known(workspace)).named(name)
    if await workspace.of_brand(found.id).vault.connection():
        raise UsageError(
            f"{found.name} still has a key: `/scrm disconnect --brand {found.name}` comes first."
        )

    def change(before: Brands) -> Brands:
        rest = tuple(each for each in before.known if each.id != found.id)
        if not rest:
            raise UsageError(f"{found.name} is the only brand, so it stays.")
        return Brands(rest, rest[0].id if before.default == found.id else before.default)

    await _change(workspace, change, by=by)
    return found


async def _target(workspace: Workspace, name: str, *, first: str) -> tuple[Brands, Brand | None]:
    """The brands there are, and the one a key is to be kept under; None is the one at hand."""
    before = await known(workspace)
    if not name.strip():
        return before, None
    wanted = check_name(name)
    same = next((each for each in before.known if each.name.casefold() == wanted.casefold()), None)
    if same:
        return before, same
    if len(before.known) >= MOST:
        raise UsageError(f"{MOST} brands are as many as one workspace can have.", field="brand")
    if not before.known:
        if await workspace.vault.connection() is None:
            return before, Brand(FIRST, wanted)
        if not first.strip():
            raise UsageError(
                "Give the key that is connected now a name, too, so that the two can be told apart.",
                field="first_brand",
            )
        if check_name(first).casefold() == wanted.casefold():
            raise UsageError("The two brands need names that differ.", field="brand")
    return before, Brand(secrets.token_hex(4), wanted)


async def _change(workspace: Workspace, change: Callable[[Brands], Brands], *, by: str) -> None:
    await require_admin(workspace, by)
    before = await known(workspace)
    after = change(before)
    await _keep(workspace, after)
    await recording.note(
        workspace, Deed.SETTINGS, by=by, before=_told(before), after=_told(after), detail="brands"
    )


async def _keep(workspace: Workspace, brands: Brands) -> None:
    settings = await workspace.settings.load()
    await workspace.settings.save(replace(settings, brands=brands))


def _check_free(before: Brands, name: str, *, but: str) -> None:
    if any(each.name.casefold() == name.casefold() and each.id != but for each in before.known):
        raise UsageError(f"There is a brand with the name {name} already.")


def _without(brand: Brand, channel: str) -> tuple[str, ...]:
    return tuple(each for each in brand.channels if each != channel)


def _told(brands: Brands) -> str:
    """All of them in one line of the log."""
    told = [" ".join((each.name, *each.channels)) for each in brands.known]
    default = brands.get(brands.default)
    return "; ".join([*told, *([f"default={default.name}"] if default else [])])
