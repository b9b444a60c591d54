// Shows text from outside. Every character becomes a text node; only http(s), mail and phone addresses become links.
import { Fragment, type ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { TextObject } from "../api/types";
import { channelTitle, displayName, me, session, users, zone } from "../state/store";
import { openChannel } from "../state/person";
import { fillTokens } from "./dates";
import { emojiOf } from "./emoji";
import { decode, parse, type Chunk, type Inline } from "./grammar";

export function Link({ url, children }: { url: string; children: ComponentChildren }) {
  if (!/^(https?|mailto|tel):/i.test(url)) return <span>{children}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

export function Emoji({ name }: { name: string }) {
  const character = emojiOf(name);
  if (!character) return <span>{`:${name}:`}</span>;
  return (
    <span class="emoji" title={`:${name}:`}>
      {character}
    </span>
  );
}

export function UserMention({ id, label = "" }: { id: string; label?: string }) {
  const user = users.value.get(id);
  const own = id === me.value?.id ? " mention-me" : "";
  return <span class={`mention${own}`} dir="auto">{`@${user ? displayName(user) : label || id}`}</span>;
}

export function ChannelMention({ id, label = "" }: { id: string; label?: string }) {
  const found = session.value?.channels.find((one) => one.id === id);
  if (!found) return <span class="mention">{`#${label || "private channel"}`}</span>;
  return (
    <button type="button" class="mention" onClick={() => openChannel(id)}>{`#${channelTitle(found)}`}</button>
  );
}

function GroupMention({ id, label }: { id: string; label: string }) {
  const group = session.value?.usergroups?.find((one) => one.id === id);
  const name = group ? `@${group.handle}` : label || "@group";
  return <span class="mention">{name.startsWith("@") ? name : `@${name}`}</span>;
}

export function DateText({ seconds, pattern, url, fallback }: { seconds: string; pattern: string; url?: string; fallback: string }) {
  const shown = fillTokens(seconds, pattern, zone.value) ?? fallback;
  const time = <time dateTime={/^\d{1,12}$/.test(seconds) ? new Date(Number(seconds) * 1000).toISOString() : undefined}>{shown}</time>;
  return url ? <Link url={url}>{time}</Link> : time;
}

function Node({ node }: { node: Inline }) {
  switch (node.kind) {
    case "text":
      return <Fragment>{node.text}</Fragment>;
    case "code":
      return <code>{node.text}</code>;
    case "bold":
      return <strong><Nodes nodes={node.inner} /></strong>;
    case "italic":
      return <em><Nodes nodes={node.inner} /></em>;
    case "strike":
      return <s><Nodes nodes={node.inner} /></s>;
    case "link":
      return <Link url={node.url}>{node.label}</Link>;
    case "user":
      return <UserMention id={node.id} label={node.label} />;
    case "channel":
      return <ChannelMention id={node.id} label={node.label} />;
    case "group":
      return <GroupMention id={node.id} label={node.label} />;
    case "broadcast":
      return <span class="mention mention-me">{`@${node.range}`}</span>;
    case "date":
      return <DateText {...node} />;
    case "emoji":
      return <Emoji name={node.name} />;
  }
}

const Nodes = ({ nodes }: { nodes: Inline[] }) => (
  <Fragment>
    {nodes.map((node, index) => (
      <Node key={index} node={node} />
    ))}
  </Fragment>
);

function ChunkView({ chunk }: { chunk: Chunk }) {
  if (chunk.kind === "pre") return <pre dir="auto">{chunk.text}</pre>;
  if (chunk.kind === "quote") return <blockquote><Chunks chunks={chunk.inner} /></blockquote>;
  if (chunk.kind === "item") {
    return (
      <div class="text-item" dir="auto">
        <span class="text-mark">{chunk.mark}</span> <span><Nodes nodes={chunk.inner} /></span>
      </div>
    );
  }
  return (
    <Fragment>
      {chunk.lines.map((line, index) => (
        <div key={index} class={line.length > 0 ? "text-line" : "text-line text-gap"} dir="auto"><Nodes nodes={line} /></div>
      ))}
    </Fragment>
  );
}

const Chunks = ({ chunks }: { chunks: Chunk[] }) => (
  <Fragment>
    {chunks.map((chunk, index) => (
      <ChunkView key={index} chunk={chunk} />
    ))}
  </Fragment>
);

export function Mrkdwn({ text }: { text: string }) {
  const chunks = useMemo(() => parse(text), [text]);
  return <div class="mrkdwn"><Chunks chunks={chunks} /></div>;
}

/** plain_text: emoji, and nothing else. */
export function Plain({ text, emoji = true }: { text: string; emoji?: boolean }) {
  const parts = useMemo(() => decode(text).split(/(:[a-z0-9_+'-]+:)/), [text]);
  if (!emoji) return <Fragment>{decode(text)}</Fragment>;
  return (
    <Fragment>
      {parts.map((part, index) => (index % 2 === 1 ? <Emoji key={index} name={part.slice(1, -1)} /> : part))}
    </Fragment>
  );
}

/** A text object shown in one line: a label, an option, a button. */
export function Words({ of: text }: { of: TextObject | undefined }) {
  if (!text) return null;
  if (text.type === "plain_text") return <Plain text={text.text} emoji={text.emoji !== false} />;
  return <Mrkdwn text={text.text} />;
}

/** The same as bare characters, for names that only assistive technology reads and for searching. */
export function plainWords(text: TextObject | undefined): string {
  return decode(text?.text ?? "").replace(/:([a-z0-9_+'-]+):/g, (whole, name: string) => emojiOf(name) ?? whole);
}
