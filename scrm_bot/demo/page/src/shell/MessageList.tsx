// The messages of a channel or a thread, oldest first, kept at the newest unless the person has scrolled up.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Channel, Message } from "../api/types";
import { channelTitle, session, zone } from "../state/store";
import { dateOfTs, dayKey, dayTitle } from "../text/dates";
import { Icon } from "../parts/Icons";
import { MessageRow } from "./Message";

const GROUP_SECONDS = 300;
const NEAR = 80;

export const isReply = (message: Message): boolean =>
  message.thread_ts !== undefined && message.thread_ts !== message.ts && message.subtype !== "thread_broadcast";

const sender = (message: Message): string => `${message.user ?? ""}/${message.bot_id ?? ""}/${message.username ?? ""}`;

function continues(before: Message | undefined, message: Message): boolean {
  if (!before || before.ephemeral !== message.ephemeral || sender(before) !== sender(message)) return false;
  return Number.parseFloat(message.ts) - Number.parseFloat(before.ts) < GROUP_SECONDS && !message.ephemeral;
}

function Rows({ channel, messages, inThread }: { channel: Channel; messages: Message[]; inThread: boolean }) {
  const rows: ComponentChildren[] = [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const day = dayKey(dateOfTs(message.ts), zone.value);
    const newDay = !before || dayKey(dateOfTs(before.ts), zone.value) !== day;
    if (newDay && !inThread) {
      rows.push(<div key={day} class="day" role="separator" aria-label={dayTitle(dateOfTs(message.ts), zone.value)}><span>{dayTitle(dateOfTs(message.ts), zone.value)}</span></div>);
    }
    const answers = messages.length - 1;
    if (inThread && index === 1) rows.push(<div key="answers" class="day" role="separator"><span>{answers === 1 ? "1 reply" : `${answers} replies`}</span></div>);
    const compact = !newDay && !(inThread && index === 1) && continues(before, message);
    rows.push(<MessageRow key={message.ts} channel={channel} message={message} compact={compact} inThread={inThread} />);
  });
  return <>{rows}</>;
}

function Start({ channel }: { channel: Channel }) {
  const title = channelTitle(channel);
  const bot = channel.user === session.value?.bot.user_id;
  return (
    <div class="channel-start">
      <h2 dir="auto">{channel.is_im ? title : `#${title}`}</h2>
      <p>
        {bot ? `What ${title} tells you privately stands here. Write to it, or use /scrm anywhere.`
          : channel.is_im ? `This is the beginning of your conversation with ${title}.`
          : `This is the very beginning of the ${channel.is_private ? "private " : ""}channel. Write a message, or type / for a command.`}
      </p>
    </div>
  );
}

/** Follows the newest message, also while pictures load; says so when there is something new below. */
function useFollow(count: number, lastMine: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  const height = useRef(0);
  const [below, setBelow] = useState(false);
  const toEnd = (): void => {
    if (box.current) {
      box.current.scrollTop = box.current.scrollHeight;
      height.current = box.current.scrollHeight;
    }
    near.current = true;
    setBelow(false);
  };
  useLayoutEffect(() => {
    if (near.current || lastMine) toEnd();
    else setBelow(true);
  }, [count]);
  useEffect(() => {
    const observer = new ResizeObserver(() => near.current && toEnd());
    if (inner.current) observer.observe(inner.current);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const onScroll = (): void => {
    const one = box.current;
    // A card that shrinks and grows again scrolls by itself: that is no person who scrolled up.
    if (!one || (near.current && one.scrollHeight !== height.current)) return;
    near.current = one.scrollHeight - one.scrollTop - one.clientHeight < NEAR;
    if (near.current) setBelow(false);
  };
  return { box, inner, below, toEnd, onScroll };
}

export function MessageList({ channel, thread }: { channel: Channel; thread?: Message[] }) {
  const messages = thread ?? channel.messages.filter((one) => !isReply(one));
  const last = messages.at(-1);
  const { box, inner, below, toEnd, onScroll } = useFollow(messages.length, last?.user === session.value?.me.id);
  return (
    <div class="messages-frame">
      <div ref={box} class="messages" onScroll={onScroll} tabIndex={0} role="region" aria-label={thread ? "Thread messages" : "Messages"}>
        <div ref={inner} class="messages-inner">
          {!thread && <Start channel={channel} />}
          <div role="log" aria-live="polite" aria-relevant="additions" aria-label={thread ? "Replies" : `Messages in ${channelTitle(channel)}`}>
            <Rows channel={channel} messages={messages} inThread={thread !== undefined} />
          </div>
        </div>
      </div>
      {below && <button type="button" class="new-below" onClick={toEnd}>New messages <Icon name="down" size={14} /></button>}
    </div>
  );
}
