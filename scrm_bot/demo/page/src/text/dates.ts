// Times as the person's own time zone shows them.
import { demoNow } from "../state/clock";

const LOCALE = "en-US";
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    try {
      found = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone });
    } catch {
      found = new Intl.DateTimeFormat(LOCALE, options);
    }
    formats.set(key, found);
  }
  return found;
}

const show = (at: Date, zone: string, options: Intl.DateTimeFormatOptions): string => format(zone, options).format(at);

export const dateOfTs = (ts: string): Date => new Date(Number.parseFloat(ts) * 1000);

export const clock = (at: Date, zone: string): string => show(at, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** YYYY-MM-DD in the zone: equal for two moments of one day. */
export function dayKey(at: Date, zone: string): string {
  const parts = Object.fromEntries(
    format(zone, { year: "numeric", month: "2-digit", day: "2-digit" })
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}`;
}

const DAY_MS = 86_400_000;

function relativeDay(at: Date, zone: string): string | null {
  const key = dayKey(at, zone);
  const now = demoNow();
  if (key === dayKey(new Date(now), zone)) return "today";
  if (key === dayKey(new Date(now - DAY_MS), zone)) return "yesterday";
  if (key === dayKey(new Date(now + DAY_MS), zone)) return "tomorrow";
  return null;
}

export function ordinal(day: number): string {
  const tail = day % 100 > 10 && day % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${tail}`;
}

export function dayTitle(at: Date, zone: string): string {
  const near = relativeDay(at, zone);
  if (near) return near.charAt(0).toUpperCase() + near.slice(1);
  const day = Number(show(at, zone, { day: "numeric" }));
  return `${show(at, zone, { weekday: "long" })}, ${show(at, zone, { month: "long" })} ${ordinal(day)}`;
}

/** Such as "Tue 11:02": what a wall clock with a calendar shows. */
export const wallClock = (at: Date, zone: string): string => `${show(at, zone, { weekday: "short" })} ${clock(at, zone)}`;

export const fullMoment = (at: Date, zone: string): string =>
  `${show(at, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" })} at ${show(at, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short" })}`;

function ago(at: Date): string {
  const seconds = (at.getTime() - Date.now()) / 1000;
  const steps: [number, Intl.RelativeTimeFormatUnit][] = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
  const [size, unit] = steps.find(([length]) => Math.abs(seconds) >= length) ?? [1, "second"];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const LONG: Intl.DateTimeFormatOptions = { weekday: "long", month: "long", day: "numeric", year: "numeric" };
const MIDDLE: Intl.DateTimeFormatOptions = { month: "long", day: "numeric", year: "numeric" };
const SHORT: Intl.DateTimeFormatOptions = { month: "short", day: "numeric", year: "numeric" };

type Shower = (at: Date, zone: string) => string;
const dated = (options: Intl.DateTimeFormatOptions): Shower => (at, zone) => show(at, zone, options);
const pretty = (options: Intl.DateTimeFormatOptions): Shower => (at, zone) => relativeDay(at, zone) ?? show(at, zone, options);

const TOKENS: Record<string, Shower> = {
  date_num: (at, zone) => dayKey(at, zone),
  date: dated(MIDDLE),
  date_slash: dated({ month: "numeric", day: "numeric", year: "numeric" }),
  date_short: dated(SHORT),
  date_long: dated(LONG),
  date_long_full: dated(LONG),
  date_pretty: pretty(MIDDLE),
  date_short_pretty: pretty(SHORT),
  date_long_pretty: pretty(LONG),
  time: clock,
  time_secs: dated({ hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (at) => ago(at),
  day_divider_pretty: (at, zone) => dayTitle(at, zone),
};

/** `{date_short} {time}` filled in; null when the moment or a token is not one Slack knows, so the fallback shows. */
export function fillTokens(seconds: string, pattern: string, zone: string): string | null {
  const at = new Date(Number(seconds) * 1000);
  if (!/^\d+$/.test(seconds) || Number.isNaN(at.getTime())) return null;
  let known = true;
  const filled = pattern.replace(/\{(\w+)\}/g, (_whole, token: string) => {
    const shower = TOKENS[token];
    known &&= shower !== undefined;
    return shower ? shower(at, zone) : "";
  });
  return known ? filled : null;
}
