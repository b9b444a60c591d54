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

_Change = Callable[[Brands], Brands]


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
    await _planned(workspace, name, first=first)


async def make_room(workspace: Workspace, name: str, *, first: str = "") -> Workspace:
    """The workspace of the brand with this name, which is new unless there is one.

    `first` names the key that is connected already, once there is a second. Without a `name` it is the brand
    that the workspace is opened for.
    """
    if not name.strip():
        return workspace
    place = await _planned(workspace, name, first=first)
    _, after = await _keep(workspace, place)
    return workspace.of_brand(after.named(name).id)


async def keep_listed(workspace: Workspace, name: str) -> None:
    """A brand that has its key stays in the list, also where it was removed while the key was stored."""
    if name.strip():
        brand = Brand(workspace.brand, check_name(name))
        await _keep(workspace, lambda before: _with(before, brand))


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
    _, after = await _change(workspace, lambda before: replace(before, default=before.named(name).id), by=by)
    return after.named(name)


async def rename(workspace: Workspace, name: str, to: str, *, by: str) -> Brand:
    """What belongs to the brand stays its own: a name is only what people see."""
    new = check_name(to)

    def change(before: Brands) -> Brands:
        found = before.named(name)
        _check_free(before, new, but=found.id)
        renamed = replace(found, name=new)
        return replace(before, known=tuple(renamed if each.id == found.id else each for each in before.known))

    _, after = await _change(workspace, change, by=by)
    return after.named(new)


async def remove(workspace: Workspace, name: str, *, by: str) -> Brand:
    """Take a brand without a key from the list. Its id is never given again."""
    await require_admin(workspace, by)
    found = (await known(workspace)).named(name)
    await _check_unused(workspace, found)

    def change(before: Brands) -> Brands:
        rest = tuple(each for each in before.known if each.id != found.id)
        if not rest:
            raise UsageError(f"{found.name} is the only brand, so it stays.")
        return Brands(rest, rest[0].id if before.default == found.id else before.default)

    await _change(workspace, change, by=by)
    try:
        await _check_unused(workspace, found)  # it may have got one meanwhile
    except UsageError:
        await _change(workspace, lambda before: _with(before, found), by=by)
        raise
    return found


async def _check_unused(workspace: Workspace, brand: Brand) -> None:
    if await workspace.of_brand(brand.id).vault.connection():
        raise UsageError(
            f"{brand.name} still has a key: `/scrm disconnect --brand {brand.name}` comes first."
        )


async def _planned(workspace: Workspace, name: str, *, first: str) -> _Change:
    """What makes room for a key with this name, where there is any. Raises `UsageError`."""
    has_key, new_id = await workspace.vault.connection() is not None, secrets.token_hex(4)

    def place(before: Brands) -> Brands:
        wanted = check_name(name)
        if any(each.name.casefold() == wanted.casefold() for each in before.known):
            return before
        if before.known:
            return _with(before, Brand(new_id, wanted))
        if not has_key:
            return _with(before, Brand(FIRST, wanted))
        return _with(_with(before, Brand(FIRST, _first_name(first, beside=wanted))), Brand(new_id, wanted))

    if name.strip():
        place(await known(workspace))
    return place


def _first_name(typed: str, *, beside: str) -> str:
    """What the key that is connected now is called, once there is a second."""
    if not typed.strip():
        raise UsageError(
            "Give the key that is connected now a name, too, so that the two can be told apart.",
            field="first_brand",
        )
    if check_name(typed).casefold() == beside.casefold():
        raise UsageError("The two brands need names that differ.", field="brand")
    return check_name(typed)


def _with(before: Brands, brand: Brand) -> Brands:
    if before.get(brand.id):
        return before
    if len(before.known) >= MOST:
        raise UsageError(f"{MOST} brands are as many as one workspace can have.", field="brand")
    return replace(before, known=(*before.known, brand))


async def _change(workspace: Workspace, change: _Change, *, by: str) -> tuple[Brands, Brands]:
    await require_admin(workspace, by)
    before, after = await _keep(workspace, change)
    await recording.note(
        workspace, Deed.SETTINGS, by=by, before=_told(before), after=_told(after), detail="brands"
    )
    return before, after


async def _keep(workspace: Workspace, change: _Change) -> tuple[Brands, Brands]:
    """The brands before and after; what else the settings say stays as it is."""
    before, after = await workspace.settings.change(
        lambda stored: replace(stored, brands=change(stored.brands))
    )
    return before.brands, after.brands


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
