// The thread beside the channel.
import { useEffect, useRef } from "preact/hooks";
import type { Channel } from "../api/types";
import { openThread } from "../state/deeds";
import { channelTitle } from "../state/store";
import { Icon } from "../parts/Icons";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";

export function Thread({ channel, ts }: { channel: Channel; ts: string }) {
  const pane = useRef<HTMLElement>(null);
  const messages = channel.messages.filter((one) => one.ts === ts || one.thread_ts === ts);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    pane.current?.querySelector<HTMLElement>("textarea")?.focus({ preventScroll: true });
    return () => before?.focus?.();
  }, []);
  const close = (): void => openThread(null);
  return (
    <aside ref={pane} class="thread" aria-label="Thread" onKeyDown={(event) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    }}>
      <header class="channel-header">
        <h2>Thread</h2>
        <div class="topic">{channel.is_im ? channelTitle(channel) : `#${channel.name}`}</div>
        <button type="button" class="icon-button" aria-label="Close thread" onClick={close}><Icon name="close" /></button>
      </header>
      <MessageList channel={channel} thread={messages} />
      <Composer channel={channel} label="Reply…" thread={ts} />
    </aside>
  );
}
