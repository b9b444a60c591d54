// Block Kit: one component per block.
import { useId, useState } from "preact/hooks";
import type { FunctionComponent } from "preact";
import type { Block, Element, RichNode, TextObject } from "../api/types";
import { blockKey, keyOf } from "../state/forms";
import { fieldErrors } from "../state/store";
import { Markdown } from "../text/Markdown";
import { Mrkdwn, Plain, Words } from "../text/Mrkdwn";
import { Cell, RichText } from "../text/RichText";
import { Icon } from "../parts/Icons";
import { Interactive } from "./Interactive";
import { useSurface } from "./surface";

interface BlockProps {
  block: Block;
  id: string;
}

const GROUPS = ["radio_buttons", "checkboxes"];

function Picture({ image, class: name }: { image: Element | Block; class: string }) {
  const [broken, setBroken] = useState(false);
  const url = image.image_url ?? image.slack_file?.url ?? "";
  if (broken || !url) return <span class="image-missing">{image.alt_text || "Image"}</span>;
  return <img class={name} src={url} alt={image.alt_text ?? ""} referrerpolicy="no-referrer" onError={() => setBroken(true)} />;
}

const TextOf = ({ text }: { text: TextObject | string | undefined }) =>
  typeof text === "string" ? <Mrkdwn text={text} /> : text?.type === "plain_text" ? <div class="text-line" dir="auto"><Words of={text} /></div> : <Words of={text} />;

function Header({ block }: BlockProps) {
  const Level = useSurface().kind === "home" ? "h2" : "h3";
  return <Level class="block-header" dir="auto"><Words of={block.text as TextObject} /></Level>;
}

function Section({ block, id }: BlockProps) {
  const { accessory } = block;
  return (
    <div class="block-section">
      <div class="section-main">
        {block.text && <TextOf text={block.text} />}
        {block.fields && (
          <div class="section-fields">
            {block.fields.map((field, index) => <div key={index}><TextOf text={field} /></div>)}
          </div>
        )}
      </div>
      {accessory && (
        <div class="section-accessory">
          {accessory.type === "image" ? <Picture image={accessory} class="thumb" /> : <Interactive element={accessory} block_id={id} />}
        </div>
      )}
    </div>
  );
}

const Divider = () => <hr class="block-divider" />;

const Context = ({ block }: BlockProps) => (
  <div class="block-context">
    {(block.elements ?? []).map((element, index) =>
      element.type === "image" ? <Picture key={index} image={element} class="context-image" /> : <div key={index} class="context-text"><TextOf text={element as unknown as TextObject} /></div>,
    )}
  </div>
);

const Actions = ({ block, id }: BlockProps) => (
  <div class="block-actions">
    {(block.elements ?? []).map((element, index) => (
      <Interactive key={keyOf(element, index)} element={element} block_id={id} index={index} />
    ))}
  </div>
);

const Image = ({ block }: BlockProps) => (
  <figure class="block-image">
    {block.title && <figcaption dir="auto"><Plain text={block.title.text} /></figcaption>}
    <Picture image={block} class="picture" />
  </figure>
);

function Input({ block, id }: BlockProps) {
  const own = useId();
  const { container } = useSurface();
  const { element, label, hint, optional = false } = block;
  if (!element) return null;
  const wrong = container.type === "view" ? fieldErrors.value[container.view_id]?.[id] : undefined;
  const describedBy = [wrong && `${own}-wrong`, hint && `${own}-hint`].filter(Boolean).join(" ") || undefined;
  const words = [<Words of={label} />, optional && <span class="optional"> (optional)</span>];
  const labelled = GROUPS.includes(element.type)
    ? <div id={`${own}-label`} class="field-label" dir="auto">{words}</div>
    : <label id={`${own}-label`} class="field-label" for={own} dir="auto">{words}</label>;
  return (
    <div class={wrong ? "block-input is-wrong" : "block-input"} data-block-id={id}>
      {labelled}
      <Interactive element={element} block_id={id} quiet={!block.dispatch_action} dispatch={block.dispatch_action} id={own} labelledBy={`${own}-label`} describedBy={describedBy} invalid={Boolean(wrong)} optional={optional} />
      {wrong && <p id={`${own}-wrong`} class="field-error" role="alert"><Icon name="warn" size={14} /> {wrong}</p>}
      {hint && <p id={`${own}-hint`} class="field-hint" dir="auto"><Words of={hint} /></p>}
    </div>
  );
}

const Rich = ({ block }: BlockProps) => <RichText nodes={(block.elements ?? []) as unknown as RichNode[]} />;

const MarkdownBlock = ({ block }: BlockProps) => <Markdown text={typeof block.text === "string" ? block.text : (block.text?.text ?? "")} />;

function Table({ block }: BlockProps) {
  const [head = [], ...rows] = block.rows ?? [];
  const align = (column: number) => ({ textAlign: block.column_settings?.[column]?.align ?? ("start" as const) });
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead><tr>{head.map((cell, at) => <th key={at} scope="col" style={align(at)}><Cell node={cell} /></th>)}</tr></thead>
        <tbody>
          {rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at} style={align(at)}><Cell node={cell} /></td>)}</tr>)}
        </tbody>
      </table>
    </div>
  );
}

const Alert = ({ block }: BlockProps) => (
  <div class={`block-alert alert-${block.level ?? "default"}`} role="note">
    <Icon name={block.level === "success" ? "check" : "warn"} size={16} /> <TextOf text={block.text} />
  </div>
);

const BLOCKS: Record<string, FunctionComponent<BlockProps>> = {
  header: Header,
  section: Section,
  divider: Divider,
  context: Context,
  actions: Actions,
  context_actions: Actions,
  image: Image,
  input: Input,
  rich_text: Rich,
  markdown: MarkdownBlock,
  table: Table,
  alert: Alert,
};

export function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => {
        const id = blockKey(block, index);
        const Found = BLOCKS[block.type];
        // The type is part of the key: an element that changes kind under one id starts afresh.
        const key = `${id}|${block.type}|${block.element?.type ?? ""}`;
        return Found ? <Found key={key} block={block} id={id} /> : <p key={key} class="unsupported">{`This page cannot show a “${block.type}” block.`}</p>;
      })}
    </div>
  );
}
