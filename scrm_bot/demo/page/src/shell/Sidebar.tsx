// Channels, direct messages and the app; on a phone a drawer.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Channel } from "../api/types";
import { go } from "../state/person";
import { botChannel, channelTitle, displayName, drawerOpen, place, session, threadTs, troublesOpen, users, type Place } from "../state/store";
import { AppMark, Avatar, Icon } from "../parts/Icons";
import { STAND_IN } from "./TopBar";
import { TITLE } from "./Troubles";

interface EntryProps {
  target: Place;
  current: boolean;
  unread: number;
  name: string;
  mark: ComponentChildren;
}

function Entry({ target, current, unread, name, mark }: EntryProps) {
  return (
    <li>
      <button type="button" class={unread ? "entry is-unread" : "entry"} aria-current={current ? "page" : undefined} onClick={() => go(target)}>
        <span class="entry-mark">{mark}</span>
        <span class="entry-name" dir="auto">{name}</span>
        {unread > 0 && <span class="badge">{unread}<span class="sr-only"> unread</span></span>}
      </button>
    </li>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="side-part">
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

/** Over a thread, since both stand in the same place. */
function openTroubles(): void {
  drawerOpen.value = false;
  threadTs.value = null;
  troublesOpen.value = !troublesOpen.value;
}

const byName = (one: Channel, other: Channel): number => channelTitle(one).localeCompare(channelTitle(other));

export function Sidebar() {
  const known = session.value;
  const here = place.value;
  useEffect(() => {
    if (!drawerOpen.value) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") drawerOpen.value = false;
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [drawerOpen.value]);
  if (!known) return null;
  const isOpen = (one: Channel): boolean => here?.at === "channel" && here.id === one.id;
  const shown = known.channels.filter((one) => !one.is_archived);
  const entry = (one: Channel, mark: ComponentChildren) => (
    <Entry key={one.id} target={{ at: "channel", id: one.id }} current={isOpen(one)} unread={one.unread ?? 0} name={channelTitle(one)} mark={mark} />
  );
  return (
    <>
      {drawerOpen.value && <div class="scrim" onClick={() => (drawerOpen.value = false)} />}
      <nav class={drawerOpen.value ? "sidebar is-open" : "sidebar"} aria-label="Channels and apps">
        <p class="side-team">{known.team.name}</p>
        <Part title="Channels">
          {shown.filter((one) => !one.is_im).map((one) => entry(one, <Icon name={one.is_private ? "lock" : "hash"} size={16} />))}
        </Part>
        {shown.some((one) => one.is_im && one.id !== botChannel.value?.id) && (
          <Part title="Direct messages">
            {shown.filter((one) => one.is_im && one.id !== botChannel.value?.id).sort(byName).map((one) => {
              const partner = users.value.get(one.user ?? "");
              return entry(one, <Avatar id={one.user ?? one.id} name={partner ? displayName(partner) : one.name} colour={partner?.avatar_color} size={20} />);
            })}
          </Part>
        )}
        <Part title="Apps">
          <Entry target={{ at: "home", tab: botChannel.value?.unread ? "messages" : "home" }} current={here?.at === "home"} unread={botChannel.value?.unread ?? 0} name={known.bot.name} mark={<AppMark size={20} />} />
        </Part>
        {known.troubles && known.troubles.length > 0 && (
          <Part title="This demo">
            <li>
              <button type="button" class="entry" aria-expanded={troublesOpen.value} onClick={openTroubles}>
                <span class="entry-mark"><Icon name="warn" size={16} /></span>
                <span class="entry-name">{TITLE}</span>
              </button>
            </li>
          </Part>
        )}
        <p class="side-foot">{STAND_IN}</p>
      </nav>
    </>
  );
}
