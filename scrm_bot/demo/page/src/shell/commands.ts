// What the composer offers while a command is typed.
import type { Session, Verb } from "../api/types";

export interface Suggestion {
  key: string;
  title: string;
  usage: string;
  summary: string;
  insert: string;
}

const verbsOf = (known: Session): Verb[] => known.intro?.verbs ?? [];

/** The usage as one types it, whether or not the bot's list repeats the command and the verb. */
function usageOf(command: string, { verb, usage }: Verb): string {
  const bare = usage.replace(new RegExp(`^${command}\\s+`), "");
  const rest = bare === verb || bare.startsWith(`${verb} `) ? bare.slice(verb.length).trim() : bare;
  return `${command} ${verb} ${rest}`.trim();
}

function ofCommand(known: Session, typed: string): Suggestion[] {
  return known.commands
    .filter((one) => one.command.startsWith(typed))
    .map((one) => ({
      key: one.command,
      title: one.command,
      usage: one.usage_hint ?? "",
      summary: one.description ?? "",
      insert: `${one.command} `,
    }));
}

export function suggestionsFor(text: string, known: Session): Suggestion[] {
  if (/^\/\S*$/.test(text)) return ofCommand(known, text.toLowerCase());
  const match = /^(\/\S+) +(\S*)$/.exec(text);
  const command = known.commands.find((one) => one.command === match?.[1]?.toLowerCase())?.command;
  if (!command || !match) return [];
  const typed = (match[2] ?? "").toLowerCase();
  return verbsOf(known)
    .filter((one) => one.verb.startsWith(typed))
    .map((one) => ({
      key: one.verb,
      title: `${command} ${one.verb}`,
      usage: usageOf(command, one).slice(command.length + one.verb.length + 1).trim(),
      summary: one.summary,
      insert: `${command} ${one.verb} `,
    }));
}

/** True when Enter should send what stands there instead of completing it. */
export function isComplete(text: string, known: Session): boolean {
  const [command = "", verb = "", ...rest] = text.trim().toLowerCase().split(/\s+/);
  if (!known.commands.some((one) => one.command === command)) return false;
  return rest.length > 0 || verb === "" || verbsOf(known).some((one) => one.verb === verb);
}

/** The usage of the verb whose arguments are being typed. */
export function usageFor(text: string, known: Session): { usage: string; summary: string } | null {
  const match = /^(\/\S+)\s+(\S+)\s/.exec(text);
  const command = known.commands.find((one) => one.command === match?.[1]?.toLowerCase())?.command;
  const verb = verbsOf(known).find((one) => one.verb === match?.[2]?.toLowerCase());
  return command && verb ? { usage: usageOf(command, verb), summary: verb.summary } : null;
}
