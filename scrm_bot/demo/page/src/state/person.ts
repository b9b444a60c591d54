// Who the page is, and where: kept in the address, so that a reload or a copied link opens the same view.
import { effect } from "@preact/signals";
import { UnknownPersonError, fetchSession, post } from "../api/client";
import { listen, type Feed } from "../api/events";
import type { LiveEvent, Session } from "../api/types";
import { apply, load } from "./feed";
import { botChannel, channel, connection, drawerOpen, failure, membersOpen, place, question, session, threadTs, toasts, type HomeTab, type Place } from "./store";

const RETRY_MS = 1500;
/** Whoever opens the page for the first time is the demo's editor. */
const NEWCOMER = "U0EDITOR1";
let feed: Feed | null = null;
let waiting: LiveEvent[] | null = null;
let turn = 0;

interface Address {
  user: string | null;
  at: string | null;
}

function readAddress(): Address {
  const hash = new URLSearchParams(location.hash.slice(1));
  const query = new URLSearchParams(location.search);
  return { user: hash.get("user") ?? query.get("user"), at: hash.get("at") };
}

function writeAddress(user: string, here: Place): void {
  const at = here.at === "channel" ? here.id : here.tab;
  history.replaceState(null, "", `#${new URLSearchParams({ user, at })}`);
}

const TABS = ["home", "messages", "about"];

function placeFor(known: Session, at: string | null): Place | null {
  if (at && TABS.includes(at)) return { at: "home", tab: at as HomeTab };
  const wanted = known.channels.find((one) => one.id === at && one.user !== known.bot.user_id);
  const first = known.channels.find((one) => !one.is_im && !one.is_archived);
  const chosen = wanted ?? first ?? known.channels[0];
  return chosen ? { at: "channel", id: chosen.id } : null;
}

/** Loads one person's view and follows it. The feed is opened first, so that nothing falls between the two. */
export function become(user: string, at: string | null = null): void {
  turn += 1;
  toasts.value = [];
  question.value = null;
  const mine = turn;
  feed?.close();
  waiting = [];
  const fresh = (): boolean => mine === turn;
  feed = listen(user, {
    onOpen: () => void reload(user, at, fresh),
    onEvent: (event) => {
      if (fresh()) (waiting ?? { push: apply }).push(event);
    },
    onLost: () => {
      if (!fresh()) return;
      waiting = [];
      connection.value = session.peek() ? "lost" : "opening";
    },
  });
}

async function reload(user: string, at: string | null, fresh: () => boolean): Promise<void> {
  try {
    const state = await fetchSession(user);
    if (fresh()) settle(state, at);
  } catch (error) {
    if (!fresh()) return;
    fail(error);
    window.setTimeout(() => fresh() && void reload(user, at, fresh), RETRY_MS);
  }
}

function settle(state: Session, at: string | null): void {
  const changed = session.peek()?.me.id !== state.me.id;
  load(state);
  const missed = waiting ?? [];
  waiting = null;
  missed.forEach(apply);
  connection.value = "live";
  const here = place.peek();
  const stay = here && (here.at === "channel" ? here.id : here.tab);
  if (changed || !here) go(placeFor(state, at ?? stay), { keepThread: !changed });
}

function fail(error: unknown): void {
  failure.value = error instanceof Error ? error.message : String(error);
  connection.value = session.peek() ? "lost" : "failed";
}

export function go(target: Place | null, { keepThread = false } = {}): void {
  if (!target) return;
  if (!keepThread) threadTs.value = null;
  membersOpen.value = false;
  drawerOpen.value = false;
  place.value = target;
  const user = session.peek()?.me.id;
  if (!user) return;
  writeAddress(user, target);
  if (target.at === "home" && target.tab !== "about") void post("/ui/home", { user, tab: target.tab });
}

/** Opens a channel by id or name; the bot's direct messages are the Messages tab of its App Home. */
export function openChannel(wanted: string | undefined): void {
  const name = wanted?.replace(/^[#@]/, "");
  const found = session.peek()?.channels.find((one) => one.id === wanted || one.name === name);
  if (!found || found.id === channel.peek()?.id) return;
  if (found.id === botChannel.peek()?.id) go({ at: "home", tab: "messages" });
  else go({ at: "channel", id: found.id });
}

/** What is on the screen counts as read. */
function markRead(): void {
  const open = channel.value;
  const known = session.peek();
  if (!open?.unread || !known || document.visibilityState !== "visible") return;
  session.value = {
    ...known,
    channels: known.channels.map((one) => (one.id === open.id ? { ...one, unread: 0 } : one)),
  };
  void post("/ui/reset-read", { user: known.me.id, channel: open.id });
}

/** The first person of this page: looked up before it is followed, since a feed cannot say why it is refused. */
async function begin({ user, at }: Address): Promise<void> {
  try {
    become((await fetchSession(user ?? NEWCOMER)).me.id, at);
  } catch (error) {
    if (error instanceof UnknownPersonError && user) return begin({ user: null, at });
    fail(error);
    window.setTimeout(() => void begin({ user, at }), RETRY_MS);
  }
}

export function start(): void {
  effect(markRead);
  document.addEventListener("visibilitychange", markRead);
  window.addEventListener("hashchange", () => {
    const { user, at } = readAddress();
    const known = session.peek();
    if (user && user !== known?.me.id) void begin({ user, at });
    else if (known) go(placeFor(known, at));
  });
  void begin(readAddress());
}
