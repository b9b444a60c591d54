// Bringing a message to somebody's eyes: as whom, where, and which.
import { signal } from "@preact/signals";
import type { Sight } from "../api/types";
import { become, go } from "./person";
import { botChannel, session, troublesOpen, type Place } from "./store";

const POINT_MS = 3000;
const beside = matchMedia("(width >= 1040px)");

/** The message that is pointed at, and whether the focus goes there, too. */
export const pointed = signal<{ ts: string; focus: boolean } | null>(null);

const placeOf = ({ channel }: Sight): Place =>
  channel === botChannel.peek()?.id ? { at: "home", tab: "messages" } : { at: "channel", id: channel };

/** Whether the person of this page sees it. */
export const isHere = ({ channel, ts }: Sight): boolean =>
  session.value?.channels.some((one) => one.id === channel && one.messages.some((message) => message.ts === ts)) ?? false;

/** Goes there, as somebody else where only they see it. */
export function show(sight: Sight): void {
  if (!beside.matches) troublesOpen.value = false;
  if (isHere(sight)) go(placeOf(sight));
  else if (sight.user) become(sight.user, sight.channel.startsWith("D") ? "messages" : sight.channel);
  point(sight.ts, { focus: true });
}

/** Goes along while it happens, where that changes neither the person nor the focus, nor hides the panel. */
export function follow(sight: Sight): void {
  if (!beside.matches || !isHere(sight)) return;
  go(placeOf(sight));
  point(sight.ts, { focus: false });
}

function point(ts: string, { focus }: { focus: boolean }): void {
  const mine = { ts, focus };
  pointed.value = mine;
  window.setTimeout(() => {
    if (pointed.peek() === mine) pointed.value = null;
  }, POINT_MS);
}
