// Everything the page knows, as signals. Components read them; state/feed.ts and state/person.ts change them.
import { computed, signal } from "@preact/signals";
import type { Channel, Confirm, Session, User, View } from "../api/types";

export type Place = { at: "channel"; id: string } | { at: "home"; tab: HomeTab };
export type HomeTab = "home" | "messages" | "about";
export type Connection = "opening" | "live" | "lost" | "failed";

export interface Toast {
  id: number;
  text: string;
  kind: "error" | "info";
}

/** A deed that waits for a yes. */
export interface Question {
  confirm: Confirm;
  go(): void;
}

export const session = signal<Session | null>(null);
export const connection = signal<Connection>("opening");
export const failure = signal("");
export const place = signal<Place | null>(null);
export const threadTs = signal<string | null>(null);
export const drawerOpen = signal(false);
/** Whether the person has said something yet: from then on the introduction makes room. */
export const spoken = signal(false);
/** The panel of what can go wrong; a person who plays something there watches it happen. */
export const troublesOpen = signal(false);
export const membersOpen = signal(false);
export const toasts = signal<Toast[]>([]);
/** Keys of interactions that wait for the bot's answer: they show a spinner and take no second click. */
export const pending = signal<ReadonlySet<string>>(new Set());
/** Per view: what the bot, or the page itself, refuses about each block; "" is about the view as a whole. */
export const fieldErrors = signal<Record<string, Record<string, string>>>({});
export const question = signal<Question | null>(null);
/** What is being typed, per composer. */
export const drafts = signal<Record<string, string>>({});

export const me = computed<User | null>(() => session.value?.me ?? null);
export const zone = computed(() => me.value?.tz || Intl.DateTimeFormat().resolvedOptions().timeZone);
export const users = computed(() => new Map(session.value?.users.map((user) => [user.id, user])));
export const people = computed(() => (session.value?.users ?? []).filter((user) => user.role !== "bot" && !user.is_bot));

export const botChannel = computed<Channel | null>(
  () => session.value?.channels.find((one) => one.is_im && one.user === session.value?.bot.user_id) ?? null,
);

export const channel = computed<Channel | null>(() => {
  const here = place.value;
  if (!here || !session.value) return null;
  if (here.at === "home") return here.tab === "messages" ? botChannel.value : null;
  return session.value.channels.find((one) => one.id === here.id) ?? null;
});

export const topView = computed<View | null>(() => session.value?.views.at(-1) ?? null);

let lastToast = 0;

export function toast(text: string, kind: Toast["kind"] = "error"): void {
  lastToast += 1;
  const id = lastToast;
  toasts.value = [...toasts.value.slice(-2), { id, text, kind }];
  window.setTimeout(() => dismissToast(id), kind === "error" ? 9000 : 5000);
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function setPending(key: string, on: boolean): void {
  const next = new Set(pending.value);
  if (on) next.add(key);
  else next.delete(key);
  pending.value = next;
}

export function setDraft(composer: string, text: string): void {
  drafts.value = { ...drafts.value, [composer]: text };
}

export function displayName(user: User | undefined): string {
  return user ? user.real_name || user.name : "Someone";
}

/** A channel's name as the sidebar and the composer show it. */
export function channelTitle(one: Channel): string {
  if (!one.is_im) return one.name;
  const partner = users.value.get(one.user ?? "");
  return partner ? displayName(partner) : one.name;
}
