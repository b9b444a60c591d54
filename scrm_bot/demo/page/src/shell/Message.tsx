// One message, with what can be done with it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Channel, Container, Message } from "../api/types";
import { Blocks } from "../blocks/Blocks";
import { SurfaceContext } from "../blocks/surface";
import { openThread, runShortcut } from "../state/deeds";
import { forget } from "../state/feed";
import { pointed } from "../state/sight";
import { displayName, me, session, users, zone } from "../state/store";
import { clock, dateOfTs, fullMoment } from "../text/dates";
import { Emoji, Mrkdwn } from "../text/Mrkdwn";
import { AppMark, Avatar, Icon } from "../parts/Icons";
import { Menu } from "../parts/Menu";
import { Attachments, Files } from "./Attached";

interface RowProps {
  channel: Channel;
  message: Message;
  compact: boolean;
  inThread: boolean;
}

function useSender(message: Message) {
  const user = users.value.get(message.user ?? "");
  const app = Boolean(message.bot_id) || user?.is_bot === true || user?.role === "bot";
  const own = app && (!message.user || message.user === session.value?.bot.user_id);
  const name = message.username || (user ? displayName(user) : app ? (session.value?.bot.name ?? "App") : "Someone");
  const face = own ? <AppMark /> : <Avatar id={message.user ?? name} name={name} colour={user?.avatar_color} />;
  return { app, name, face };
}

function Tools({ channel, message, inThread }: Omit<RowProps, "compact">) {
  const [open, setOpen] = useState(false);
  const shortcuts = (session.value?.shortcuts ?? []).filter((one) => one.type === "message");
  const items = shortcuts.map((one) => ({
    key: one.callback_id,
    label: one.name,
    detail: session.value?.bot.name,
    onSelect: () => void runShortcut(one.callback_id, "message", { channel: channel.id, message_ts: message.ts }),
  }));
  return (
    <div class={open ? "tools is-open" : "tools"} role="group" aria-label="Message actions">
      {!inThread && (
        <button type="button" class="icon-button" aria-label="Reply in thread" title="Reply in thread" onClick={() => openThread(message.thread_ts ?? message.ts)}>
          <Icon name="reply" />
        </button>
      )}
      {items.length > 0 && <Menu label="More message actions" button={<Icon name="more" />} items={items} align="end" onToggle={setOpen} />}
    </div>
  );
}

function Replies({ channel, message }: { channel: Channel; message: Message }) {
  const replies = channel.messages.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
  const count = Math.max(message.reply_count ?? 0, replies.length);
  if (count === 0) return null;
  const last = replies.at(-1);
  return (
    <button type="button" class="replies" onClick={() => openThread(message.ts)}>
      <Icon name="reply" size={15} />
      <strong>{count === 1 ? "1 reply" : `${count} replies`}</strong>
      {last && <span class="quiet">Last at {clock(dateOfTs(last.ts), zone.value)}</span>}
    </button>
  );
}

function Body({ message }: { message: Message }) {
  const edited = message.edited ? <span class="edited"> (edited)</span> : null;
  if (message.blocks?.length) return <><Blocks blocks={message.blocks} />{edited}</>;
  if (!message.text) return edited;
  return <div class="message-text"><Mrkdwn text={message.text} />{edited}</div>;
}

/** Scrolls to the message that is pointed at, once it stands and the list has found its place. */
function usePointer(ts: string) {
  const row = useRef<HTMLElement>(null);
  const pointer = pointed.value?.ts === ts ? pointed.value : null;
  useEffect(() => {
    if (!pointer) return undefined;
    const timer = window.setTimeout(() => {
      const list = row.current?.closest(".messages");
      if (!row.current || !list) return;
      // By hand: scrollIntoView would move everything around the list, too.
      const { top, height } = row.current.getBoundingClientRect();
      const room = Math.max(0, list.clientHeight - height) / 2;
      list.scrollTop += top - list.getBoundingClientRect().top - room;
      if (pointer.focus) row.current.focus({ preventScroll: true });
    }, 60);
    return () => window.clearTimeout(timer);
  }, [pointer]);
  return { row, isPointed: pointer !== null };
}

export function MessageRow({ channel, message, compact, inThread }: RowProps) {
  const { app, name, face } = useSender(message);
  const at = dateOfTs(message.ts);
  const ephemeral = message.ephemeral === true;
  const container = useMemo<Container>(
    () => ({ type: "message", channel_id: channel.id, message_ts: message.ts, is_ephemeral: ephemeral }),
    [channel.id, message.ts, ephemeral],
  );
  const surface = useMemo(() => ({ container, kind: "message" as const }), [container]);
  const { row, isPointed } = usePointer(message.ts);
  const time = <time dateTime={at.toISOString()} title={fullMoment(at, zone.value)}>{compact ? clock(at, zone.value) : clock(at, zone.value)}</time>;
  return (
    <article ref={row} tabIndex={-1} class={`message${compact ? " is-compact" : ""}${ephemeral ? " is-ephemeral" : ""}${isPointed ? " is-pointed" : ""}`} aria-label={`${name}, ${clock(at, zone.value)}`} data-ts={message.ts}>
      {ephemeral && (
        <p class="only-you">
          <Icon name="eye" size={14} /> Only visible to you
          <button type="button" class="link-button" onClick={() => forget(channel.id, message.ts)}>Dismiss message</button>
        </p>
      )}
      <div class="message-side">{compact ? <span class="side-time">{time}</span> : face}</div>
      <div class="message-main">
        {!compact && (
          <p class="message-head">
            <strong class="sender" dir="auto">{name}</strong>
            {app && <span class="app-badge">APP</span>}
            {message.user === me.value?.id && <span class="sr-only">(you)</span>} {time}
          </p>
        )}
        <SurfaceContext.Provider value={surface}>
          <Body message={message} />
          <Attachments attachments={message.attachments} />
        </SurfaceContext.Provider>
        <Files files={message.files} />
        {message.reactions && (
          <ul class="reactions" aria-label="Reactions">
            {message.reactions.map((one) => <li key={one.name}><Emoji name={one.name} /> {one.count}</li>)}
          </ul>
        )}
        {!inThread && <Replies channel={channel} message={message} />}
      </div>
      {!ephemeral && <Tools channel={channel} message={message} inThread={inThread} />}
    </article>
  );
}
