// rich_text blocks, and the cells of a table.
import { Fragment, type ComponentChildren } from "preact";
import type { RichNode } from "../api/types";
import { ChannelMention, DateText, Emoji, Link, Mrkdwn, UserMention } from "./Mrkdwn";

function styled(node: RichNode, inner: ComponentChildren): ComponentChildren {
  const style = typeof node.style === "object" ? node.style : {};
  let shown = inner;
  if (style.code) shown = <code>{shown}</code>;
  if (style.strike) shown = <s>{shown}</s>;
  if (style.italic) shown = <em>{shown}</em>;
  if (style.bold) shown = <strong>{shown}</strong>;
  return shown;
}

function Leaf({ node }: { node: RichNode }) {
  switch (node.type) {
    case "text":
      return <Fragment>{styled(node, node.text)}</Fragment>;
    case "link":
      return <Link url={node.url ?? ""}>{styled(node, node.text || node.url)}</Link>;
    case "emoji":
      return <Emoji name={node.name ?? ""} />;
    case "user":
      return <UserMention id={node.user_id ?? ""} />;
    case "channel":
      return <ChannelMention id={node.channel_id ?? ""} />;
    case "broadcast":
      return <span class="mention mention-me">{`@${node.range ?? "channel"}`}</span>;
    case "usergroup":
      return <Mrkdwn text={`<!subteam^${node.usergroup_id ?? ""}>`} />;
    case "date":
      return <DateText seconds={String(node.timestamp ?? "")} pattern={node.format ?? ""} url={node.url} fallback={node.fallback ?? ""} />;
    default:
      return <Fragment>{node.text ?? ""}</Fragment>;
  }
}

const Leaves = ({ nodes = [] }: { nodes?: RichNode[] }) => (
  <Fragment>
    {nodes.map((node, index) => (
      <Leaf key={index} node={node} />
    ))}
  </Fragment>
);

function List({ node }: { node: RichNode }) {
  const items = (node.elements ?? []).map((item, index) => (
    <li key={index}><Leaves nodes={item.elements} /></li>
  ));
  const style = { marginInlineStart: `${(node.indent ?? 0) * 24}px` };
  return node.style === "ordered" ? <ol style={style}>{items}</ol> : <ul style={style}>{items}</ul>;
}

function Part({ node }: { node: RichNode }) {
  switch (node.type) {
    case "rich_text_list":
      return <List node={node} />;
    case "rich_text_quote":
      return <blockquote><Leaves nodes={node.elements} /></blockquote>;
    case "rich_text_preformatted":
      return <pre><Leaves nodes={node.elements} /></pre>;
    default:
      return <div class="text-line" dir="auto"><Leaves nodes={node.elements} /></div>;
  }
}

export function RichText({ nodes }: { nodes: RichNode[] }) {
  return (
    <div class="mrkdwn">
      {nodes.map((node, index) => (
        <Part key={index} node={node} />
      ))}
    </div>
  );
}

/** A cell of a table: rich text, or raw text. */
export function Cell({ node }: { node: RichNode }) {
  return node.type === "rich_text" ? <RichText nodes={node.elements ?? []} /> : <Fragment>{node.text ?? ""}</Fragment>;
}
