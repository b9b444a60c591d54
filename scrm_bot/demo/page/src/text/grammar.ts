// Reads Slack's mrkdwn into a small tree. Nothing here makes markup: text/Mrkdwn.tsx shows the tree as text nodes.

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "bold" | "italic" | "strike"; inner: Inline[] }
  | { kind: "link"; url: string; label: string }
  | { kind: "user" | "channel" | "group"; id: string; label: string }
  | { kind: "broadcast"; range: string }
  | { kind: "date"; seconds: string; pattern: string; url: string; fallback: string }
  | { kind: "emoji"; name: string };

export type Chunk =
  | { kind: "lines"; lines: Inline[][] }
  | { kind: "item"; mark: string; inner: Inline[] }
  | { kind: "quote"; inner: Chunk[] }
  | { kind: "pre"; text: string };

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

export const decode = (text: string): string => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);


const MARKS: Record<string, "bold" | "italic" | "strike"> = { "*": "bold", _: "italic", "~": "strike" };
const BEFORE = /[\s\p{P}\p{S}]/u;
const AFTER = /[\s\p{P}\p{S}]/u;
const BARE_URL = /^https?:\/\/[^\s<>|]+[^\s<>|.,:;!?)\]'"*_~]/;
const EMOJI = /^:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/;

function linkOf(target: string, label: string | undefined): Inline {
  return { kind: "link", url: decode(target), label: decode(label ?? target.replace(/^mailto:/, "")) };
}

/** `<…>`: a mention, a date or a link; null leaves the characters as they are. */
function special(inner: string): Inline | null {
  const cut = inner.indexOf("|");
  const head = cut < 0 ? inner : inner.slice(0, cut);
  const label = cut < 0 ? undefined : inner.slice(cut + 1);
  const shown = decode(label ?? "");
  if (/^@[UW][A-Z0-9_]+$/i.test(head)) return { kind: "user", id: head.slice(1), label: shown };
  if (/^#[CGD][A-Z0-9_]+$/i.test(head)) return { kind: "channel", id: head.slice(1), label: shown };
  if (/^!(channel|here|everyone)$/.test(head)) return { kind: "broadcast", range: head.slice(1) };
  if (head.startsWith("!subteam^")) return { kind: "group", id: head.slice(9), label: shown };
  if (head.startsWith("!date^")) {
    const [, seconds = "", pattern = "", url = ""] = head.split("^");
    return { kind: "date", seconds, pattern: decode(pattern), url: decode(url), fallback: shown };
  }
  if (/^(https?:\/\/|mailto:|tel:)/i.test(head)) return linkOf(head, label);
  return null;
}

/** Inside code a link shows as its label, and what is no link stays as it is. */
const bracketed = (text: string): string =>
  text.replace(/<([^<>\n]+)>/g, (whole, inner: string) => (special(inner)?.kind === "link" ? (inner.split("|").at(-1) ?? inner) : whole));

/** Where the formatting that opens at `at` closes, or -1. */
function closing(text: string, at: number): number {
  const mark = text.charAt(at);
  const before = text.charAt(at - 1);
  if (before && !BEFORE.test(before)) return -1;
  if (!text.charAt(at + 1) || /\s/.test(text.charAt(at + 1)) || text.charAt(at + 1) === mark) return -1;
  for (let end = text.indexOf(mark, at + 1); end > 0; end = text.indexOf(mark, end + 1)) {
    const after = text.charAt(end + 1);
    if (!/\s/.test(text.charAt(end - 1)) && (!after || AFTER.test(after))) return end;
  }
  return -1;
}

interface Found {
  node: Inline;
  length: number;
}

function codeAt(text: string, at: number): Found | null {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: { kind: "code", text: decode(bracketed(text.slice(at + 1, end))) }, length: end + 1 - at };
}

function tokenAt(text: string, at: number, depth: number): Found | null {
  const first = text.charAt(at);
  if (first === "<") {
    const end = text.indexOf(">", at);
    const node = end > at ? special(text.slice(at + 1, end)) : null;
    return node && { node, length: end + 1 - at };
  }
  if (first === "`") return codeAt(text, at);
  if (first === ":") {
    const name = EMOJI.exec(text.slice(at, at + 80))?.[1];
    return name ? { node: { kind: "emoji", name }, length: name.length + 2 } : null;
  }
  if (first === "h" && !/\w/.test(text.charAt(at - 1))) {
    const url = BARE_URL.exec(text.slice(at, at + 3000))?.[0];
    return url ? { node: linkOf(url, undefined), length: url.length } : null;
  }
  const kind = MARKS[first];
  const end = kind && depth < 8 ? closing(text, at) : -1;
  if (!kind || end < 0) return null;
  return { node: { kind, inner: inline(text.slice(at + 1, end), depth + 1) }, length: end + 1 - at };
}

export function inline(text: string, depth = 0): Inline[] {
  const nodes: Inline[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain) nodes.push({ kind: "text", text: decode(plain) });
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = "<`:h*_~".includes(text.charAt(at)) ? tokenAt(text, at, depth) : null;
    if (found) {
      flush();
      nodes.push(found.node);
    } else plain += text.charAt(at);
    at += found?.length ?? 1;
  }
  flush();
  return nodes;
}

const QUOTE = /^(?:&gt;|>)\s?/;
const ITEM = /^(\s*(?:[•◦▪*-]|\d+[.)]))\s+(.*)$/;

function lineChunks(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const last = chunks.at(-1);
    const item = ITEM.exec(line);
    if (QUOTE.test(line)) {
      const quoted: string[] = [];
      for (; at < lines.length && QUOTE.test(lines[at] ?? ""); at += 1) quoted.push((lines[at] ?? "").replace(QUOTE, ""));
      at -= 1;
      chunks.push({ kind: "quote", inner: lineChunks(quoted.join("\n")) });
    } else if (item) chunks.push({ kind: "item", mark: item[1] ?? "", inner: inline(item[2] ?? "") });
    else if (last?.kind === "lines") last.lines.push(inline(line));
    else chunks.push({ kind: "lines", lines: [inline(line)] });
  }
  return chunks;
}

/** The whole text: fenced code first, then quotes, list items and lines. */
export function parse(text: string): Chunk[] {
  const parts = text.split("```");
  if (parts.length % 2 === 0) {
    const open = parts.pop() ?? "";
    parts.push(`${parts.pop() ?? ""}\`\`\`${open}`);
  }
  return parts.flatMap((part, index): Chunk[] => {
    if (index % 2 === 1) return [{ kind: "pre", text: decode(bracketed(part.replace(/^\n|\n$/g, ""))) }];
    const trimmed = part.replace(index > 0 ? /^\n/ : /^$/, "").replace(index < parts.length - 1 ? /\n$/ : /^$/, "");
    return trimmed || parts.length === 1 ? lineChunks(trimmed) : [];
  });
}
