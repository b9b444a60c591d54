// What a person does: each deed is one call to the stand-in, and every refusal is said.
import { post } from "../api/client";
import type { Answer, Container, Element, Json, OptionGroup, Value, Values, View } from "../api/types";
import { forms, surfaceKey, valuesOf } from "./forms";
import { fieldErrors, pending, session, setPending, spoken, threadTs, toast } from "./store";
import { complaints } from "./validity";

const whoAmI = (): string => session.peek()?.me.id ?? "";

/** One call at a time per key: a second click while the first waits does nothing. */
async function once(key: string, path: string, body: object): Promise<Answer | null> {
  if (pending.peek().has(key)) return null;
  setPending(key, true);
  try {
    return await post(path, { user: whoAmI(), ...body });
  } finally {
    setPending(key, false);
  }
}

function said(answer: Answer, fallback: string): string {
  return answer.message || (answer.error ? `${fallback} (${answer.error})` : fallback);
}

/** Sends what was typed; false when it did not go out, so that the composer can give it back. */
export async function send(channel: string, text: string, { thread, files = [] }: { thread?: string; files?: string[] } = {}): Promise<boolean> {
  const command = text.trim().split(/\s+/)[0] ?? "";
  spoken.value = true;
  if (command.startsWith("/")) return runCommand(channel, text, { inThread: thread !== undefined });
  const answer = await post("/ui/message", { user: whoAmI(), channel, text, thread_ts: thread, files });
  if (!answer.ok) toast(said(answer, "The message was not sent."));
  return answer.ok;
}

async function runCommand(channel: string, text: string, { inThread }: { inThread: boolean }): Promise<boolean> {
  const command = text.trim().split(/\s+/)[0] ?? "";
  if (inThread) {
    toast(`${command} is not supported in threads. Sorry!`);
    return false;
  }
  const answer = await post("/ui/command", { user: whoAmI(), channel, text: text.trim() });
  if (!answer.ok) toast(answer.message || `${command} failed with the error "${answer.error ?? "dispatch_failed"}"`);
  return answer.ok;
}

export const actionKey = (container: Container, block_id: string, action_id: string, value = ""): string =>
  `${surfaceKey(container)}|${block_id}|${action_id}|${value}`;

const TOO_LATE = "Too late: this has changed in the meantime, and nothing was done. What you see now is how it stands.";

export async function act(container: Container, block_id: string, element: Element, chosen: Json): Promise<void> {
  const surface = surfaceKey(container);
  const action = { type: element.type, action_id: element.action_id, block_id, ...chosen };
  const key = actionKey(container, block_id, element.action_id, element.value);
  const answer = await once(key, "/ui/action", { container, action, state: stateOf(surface) });
  if (!answer || answer.ok) return;
  // The element went while its question stood open, or a moment before the click.
  const late = answer.error === "not_found";
  const words = late ? TOO_LATE : said(answer, "This app did not respond. Try again.");
  if (container.type === "view" && session.peek()?.views.some((one) => one.id === container.view_id)) {
    setErrors(container.view_id, { ...fieldErrors.peek()[container.view_id], "": words });
  } else toast(words);
}

export function setErrors(view: string, errors: Record<string, string>): void {
  fieldErrors.value = { ...fieldErrors.peek(), [view]: errors };
}

export function clearError(view: string, block_id: string): void {
  const { [block_id]: mine, ...others } = fieldErrors.peek()[view] ?? {};
  if (mine !== undefined) setErrors(view, others);
}

const REMEMBER_MS = 600;
const remembering = new Map<string, number>();

/** Tells the stand-in what is typed so far, so that a reload of the page brings it back. */
export function rememberTyped(view_id: string): void {
  window.clearTimeout(remembering.get(view_id));
  const later = (): void => {
    remembering.delete(view_id);
    const open = session.peek()?.views.some((one) => one.id === view_id);
    if (open) void post("/ui/typed", { user: whoAmI(), view_id, state: stateOf(view_id) });
  };
  remembering.set(view_id, window.setTimeout(later, REMEMBER_MS));
}

export const submitKey = (view: View): string => `${view.id}|submit`;

export async function submit(view: View): Promise<void> {
  const wrong = complaints(view.blocks, valuesOf(view.id));
  setErrors(view.id, wrong);
  if (Object.keys(wrong).length > 0) return;
  const answer = await once(submitKey(view), "/ui/submit", { view_id: view.id, state: stateOf(view.id) });
  if (!answer) return;
  if (answer.errors && Object.keys(answer.errors).length > 0) setErrors(view.id, placed(view, answer.errors));
  else if (!answer.ok) setErrors(view.id, { "": said(answer, "We had some trouble connecting. Try again?") });
}

/** An error for a block that is not there is told at the top instead of being lost. */
function placed(view: View, errors: Record<string, string>): Record<string, string> {
  const known = new Set(view.blocks.map((block) => block.block_id));
  const stray = Object.entries(errors).filter(([block]) => !known.has(block));
  const shown = Object.fromEntries(Object.entries(errors).filter(([block]) => known.has(block)));
  return stray.length > 0 ? { ...shown, "": stray.map(([, words]) => words).join(" ") } : shown;
}

/** `state.values` as Slack sends it: an empty text is null, never "". */
function stateOf(surface: string): { values: Values } {
  const blank = (value: Value): Value => (value.value === "" ? { ...value, value: null } : value);
  const values = Object.entries(forms.peek()[surface] ?? {}).map(([block, held]) => [
    block,
    Object.fromEntries(Object.entries(held).map(([action, value]) => [action, blank(value)])),
  ]);
  return { values: Object.fromEntries(values) as Values };
}

export async function closeView(view: View, { all }: { all: boolean }): Promise<void> {
  const known = session.peek();
  // Gone from the screen at once; the feed's word about the stack follows.
  if (known) session.value = { ...known, views: all ? [] : known.views.filter((one) => one.id !== view.id) };
  const answer = await post("/ui/close", { user: whoAmI(), view_id: view.id, clear: all });
  if (!answer.ok) toast(said(answer, "The dialog was not closed."));
}

export interface Choices {
  groups: OptionGroup[];
  problem?: string;
}

export async function askOptions(container: Container, block_id: string, action_id: string, value: string): Promise<Choices> {
  const answer = await post("/ui/options", { user: whoAmI(), container, action_id, block_id, value });
  if (!answer.ok) return { groups: [], problem: said(answer, "The options could not be loaded.") };
  return { groups: answer.option_groups ?? [{ label: { type: "plain_text", text: "" }, options: answer.options ?? [] }] };
}

export async function runShortcut(callback_id: string, type: "global" | "message", on: { channel?: string; message_ts?: string } = {}): Promise<void> {
  const answer = await once(`shortcut|${callback_id}`, "/ui/shortcut", { callback_id, type, ...on });
  if (answer && !answer.ok) toast(said(answer, "The shortcut did not answer. Try again."));
}

export function openThread(ts: string | null): void {
  threadTs.value = ts;
}
