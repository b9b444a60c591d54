// An open channel: its header, the welcome of the demo, its messages, and the composer.
import { useRef } from "preact/hooks";
import type { Channel } from "../api/types";
import { channelTitle, displayName, membersOpen, session, users } from "../state/store";
import { Avatar, Icon } from "../parts/Icons";
import { Popup } from "../parts/Popup";
import { Mrkdwn } from "../text/Mrkdwn";
import { Composer } from "./Composer";
import { introOpen, Intro, isFirstChannel, showIntro } from "./Intro";
import { MessageList } from "./MessageList";
import { ROLES } from "./TopBar";

function Members({ channel }: { channel: Channel }) {
  const anchor = useRef<HTMLButtonElement>(null);
  const members = (channel.members ?? []).map((id) => users.value.get(id)).filter((one) => one !== undefined);
  const open = membersOpen.value;
  const close = (): void => {
    membersOpen.value = false;
  };
  if (members.length === 0) return null;
  return (
    <span onKeyDown={(event) => {
      if (event.key !== "Escape" || !open) return;
      close();
      anchor.current?.focus();
    }}>
      <button ref={anchor} type="button" class="members-button" aria-expanded={open} aria-label={`${members.length} members`} onClick={() => (membersOpen.value = !open)}>
        <Icon name="people" size={16} /> {members.length}
      </button>
      {open && (
        <Popup anchor={anchor} align="end" onClose={close}>
          <ul class="members" aria-label="Members">
            {members.map((user) => (
              <li key={user.id}>
                <Avatar id={user.id} name={displayName(user)} colour={user.avatar_color} size={28} />
                <span dir="auto">{displayName(user)}</span> <span class="quiet">{ROLES[user.role]}</span>
              </li>
            ))}
          </ul>
        </Popup>
      )}
    </span>
  );
}

function Header({ channel }: { channel: Channel }) {
  const title = channelTitle(channel);
  return (
    <header class="channel-header">
      <h1 dir="auto">{!channel.is_im && <Icon name={channel.is_private ? "lock" : "hash"} size={17} />} {title}</h1>
      <div class="topic">{channel.topic && <Mrkdwn text={channel.topic} />}</div>
      {isFirstChannel(channel) && !introOpen.value && (
        <button type="button" class="icon-button" aria-label="About this demo" title="About this demo" onClick={showIntro}><Icon name="help" /></button>
      )}
      <Members channel={channel} />
    </header>
  );
}

export const composerName = (channel: Channel): string => (channel.is_im ? channelTitle(channel) : `#${channel.name}`);

export function ChannelView({ channel }: { channel: Channel }) {
  const intro = session.value?.intro;
  return (
    <main class="place" id="place" tabIndex={-1} aria-label={channelTitle(channel)}>
      <Header channel={channel} />
      {intro && introOpen.value && isFirstChannel(channel) && <Intro intro={intro} channel={channel} />}
      <MessageList channel={channel} />
      <Composer channel={channel} label={`Message ${composerName(channel)}`} />
    </main>
  );
}
