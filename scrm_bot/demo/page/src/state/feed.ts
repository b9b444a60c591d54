// Applies what the live feed says to what the page knows.
import type { Channel, LiveEvent, Message, Session, View } from "../api/types";
import { setClock } from "./clock";
import { keepForm, keepViews } from "./forms";
import { channel as openChannel, fieldErrors, session, toast } from "./store";

type Change = (known: Session, event: LiveEvent) => Session;

const inOrder = (one: Message, other: Message): number => (one.ts < other.ts ? -1 : one.ts > other.ts ? 1 : 0);

function withMessage(messages: Message[], message: Message): Message[] {
  const others = messages.filter((one) => one.ts !== message.ts);
  return [...others, message].sort(inOrder);
}

function onChannel(known: Session, id: string, change: (one: Channel) => Channel): Session {
  return { ...known, channels: known.channels.map((one) => (one.id === id ? change(one) : one)) };
}

const channelId = (event: LiveEvent): string =>
  typeof event.channel === "string" ? event.channel : (event.channel?.id ?? "");

const put: Change = (known, event) => {
  const message = event.message;
  if (!message) return known;
  const kept = event.type.startsWith("ephemeral") ? { ...message, ephemeral: true } : message;
  keepForm(`${channelId(event)}/${kept.ts}`, kept.blocks ?? []);
  return onChannel(known, channelId(event), (one) => ({ ...one, messages: withMessage(one.messages, kept) }));
};

const add: Change = (known, event) => {
  const read = channelId(event) === openChannel.peek()?.id && document.visibilityState === "visible";
  const mine = event.message?.user === known.me.id;
  const reply = event.message?.thread_ts !== undefined && event.message.thread_ts !== event.message.ts;
  const more = read || mine || reply ? 0 : 1;
  return onChannel(put(known, event), channelId(event), (one) => ({ ...one, unread: (one.unread ?? 0) + more }));
};

const remove: Change = (known, event) =>
  onChannel(known, channelId(event), (one) => ({
    ...one,
    messages: one.messages.filter((message) => message.ts !== event.ts),
  }));

const replace: Change = (known, event) => {
  const gone = event.ts && event.ts !== event.message?.ts ? remove(known, event) : known;
  return put(gone, event);
};

const stackOf = (event: LiveEvent): View[] => event.views ?? event.stack ?? [];

const setViews = (known: Session, views: View[]): Session => {
  keepViews(views);
  const errors = fieldErrors.peek();
  fieldErrors.value = Object.fromEntries(views.filter((one) => errors[one.id]).map((one) => [one.id, errors[one.id] ?? {}]));
  return { ...known, views };
};

const setHome: Change = (known, event) => {
  const home = event.view ?? event.home ?? null;
  if (home) keepForm(home.id, home.blocks, home.state?.values);
  return { ...known, home };
};

const setChannel: Change = (known, event) => {
  const told = event.channel;
  if (!told || typeof told === "string") return known;
  const before = known.channels.find((one) => one.id === told.id);
  const after: Channel = { ...before, ...told, messages: told.messages ?? before?.messages ?? [] };
  const others = known.channels.map((one) => (one.id === told.id ? after : one));
  return { ...known, channels: before ? others : [...others, after] };
};

const CHANGES: Record<string, Change> = {
  message: add,
  message_changed: put,
  message_deleted: remove,
  ephemeral: add,
  ephemeral_replaced: replace,
  ephemeral_deleted: remove,
  views: (known, event) => setViews(known, stackOf(event)),
  home: setHome,
  channel: setChannel,
  troubles: (known, event) => ({ ...known, troubles: event.troubles ?? [] }),
  clock: (known, event) => {
    setClock(event.now);
    return known;
  },
};

export function load(fresh: Session): void {
  setClock(fresh.now);
  keepViews(fresh.views);
  if (fresh.home) keepForm(fresh.home.id, fresh.home.blocks, fresh.home.state?.values);
  for (const one of fresh.channels) {
    for (const message of one.messages) if (message.blocks) keepForm(`${one.id}/${message.ts}`, message.blocks);
  }
  session.value = fresh;
}

export function apply(event: LiveEvent): void {
  const known = session.peek();
  if (!known || event.seq <= known.seq) return;
  if (event.type === "toast") toast(event.text ?? "", event.kind === "info" ? "info" : "error");
  const change = CHANGES[event.type];
  session.value = { ...(change ? change(known, event) : known), seq: event.seq };
}

/** A message only this person sees, taken off the page. */
export function forget(id: string, ts: string): void {
  const known = session.peek();
  if (known) session.value = remove(known, { seq: known.seq, type: "ephemeral_deleted", channel: id, ts });
}
