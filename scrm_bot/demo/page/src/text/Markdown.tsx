// The markdown block: marked reads it, and every token becomes elements with text nodes. Raw HTML stays text.
import { marked, type Token, type Tokens } from "marked";
import { Fragment, type ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { Link, Plain } from "./Mrkdwn";

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const unescaped = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39);/g, (_whole, name: string) => ENTITIES[name] ?? "");

const inner = (token: Token): ComponentChildren =>
  "tokens" in token && token.tokens ? <Nodes tokens={token.tokens} /> : <Plain text={unescaped("text" in token ? String(token.text) : token.raw)} />;

function Table({ token }: { token: Tokens.Table }) {
  return (
    <div class="table-scroll">
      <table>
        <thead>
          <tr>{token.header.map((cell, index) => <th key={index} scope="col" style={{ textAlign: cell.align ?? "start" }}><Nodes tokens={cell.tokens} /></th>)}</tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            <tr key={at}>{row.map((cell, index) => <td key={index} style={{ textAlign: cell.align ?? "start" }}><Nodes tokens={cell.tokens} /></td>)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function List({ token }: { token: Tokens.List }) {
  const items = token.items.map((item, index) => <li key={index}><Nodes tokens={item.tokens} /></li>);
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function Node({ token }: { token: Token }) {
  switch (token.type) {
    case "space":
      return null;
    case "heading":
      return <p class={`md-heading md-heading-${Math.min((token as Tokens.Heading).depth, 3)}`} role="heading" aria-level={3}>{inner(token)}</p>;
    case "paragraph":
      return <p>{inner(token)}</p>;
    case "blockquote":
      return <blockquote>{inner(token)}</blockquote>;
    case "list":
      return <List token={token as Tokens.List} />;
    case "table":
      return <Table token={token as Tokens.Table} />;
    case "code":
      return <pre>{(token as Tokens.Code).text}</pre>;
    case "codespan":
      return <code>{(token as Tokens.Codespan).text}</code>;
    case "strong":
      return <strong>{inner(token)}</strong>;
    case "em":
      return <em>{inner(token)}</em>;
    case "del":
      return <s>{inner(token)}</s>;
    case "link":
      return <Link url={(token as Tokens.Link).href}>{inner(token)}</Link>;
    case "image":
      return <Link url={(token as Tokens.Image).href}>{(token as Tokens.Image).text || (token as Tokens.Image).href}</Link>;
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    default:
      return <Fragment>{inner(token)}</Fragment>;
  }
}

const Nodes = ({ tokens }: { tokens: Token[] }) => (
  <Fragment>
    {tokens.map((token, index) => (
      <Node key={index} token={token} />
    ))}
  </Fragment>
);

export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => marked.lexer(text, { gfm: true, breaks: true }), [text]);
  return <div class="mrkdwn markdown" dir="auto"><Nodes tokens={tokens} /></div>;
}
