// Buttons, and the overflow menu.
import type { Json, Option } from "../api/types";
import { Menu } from "../parts/Menu";
import { Icon, Spinner, type IconName } from "../parts/Icons";
import { Words, plainWords } from "../text/Mrkdwn";
import { ask } from "./Confirm";
import { useField, type ElementProps } from "./surface";

const chosen = (value: string | undefined, text: unknown): Json => ({ ...(value === undefined ? {} : { value }), text });

export function Button(props: ElementProps) {
  const { element } = props;
  const { busy, tell } = useField(props);
  const look = `button button-${element.style ?? "plain"}${busy ? " is-busy" : ""}`;
  const label = element.accessibility_label;
  if (element.url) {
    return (
      <a class={look} href={/^https?:/i.test(element.url) ? element.url : undefined} target="_blank" rel="noopener noreferrer" aria-label={label} onClick={() => tell(chosen(element.value, element.text))}>
        <Words of={element.text} />
      </a>
    );
  }
  return (
    <button
      type="button"
      class={look}
      dir="auto"
      aria-label={label}
      aria-busy={busy}
      data-action-id={element.action_id}
      onClick={() => ask(element.confirm, () => tell(chosen(element.value, element.text)))}
    >
      <span class="button-words"><Words of={element.text} /></span>
      {busy && <Spinner />}
    </button>
  );
}

export function Overflow(props: ElementProps) {
  const { element } = props;
  const { busy, tell } = useField(props);
  const pick = (option: Option): void => ask(element.confirm, () => tell({ selected_option: option }));
  const items = (element.options ?? []).map((option) => ({
    key: option.value,
    label: <Words of={option.text} />,
    detail: option.description && <Words of={option.description} />,
    href: option.url,
    onSelect: () => pick(option),
  }));
  return (
    <Menu label="More actions" button={busy ? <Spinner /> : <Icon name="more" />} items={items} buttonClass="button button-plain button-square" align="end" busy={busy} />
  );
}

const ICONS: Record<string, IconName> = { trash: "close" };

export function IconButton(props: ElementProps) {
  const { element } = props;
  const { busy, tell } = useField(props);
  const label = element.accessibility_label ?? plainWords(element.text);
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} aria-busy={busy} onClick={() => ask(element.confirm, () => tell(chosen(element.value, element.text)))}>
      <Icon name={ICONS[element.icon ?? ""] ?? "more"} />
    </button>
  );
}

export function Feedback(props: ElementProps) {
  const { element } = props;
  const { tell } = useField(props);
  const both = [element.positive_button, element.negative_button].filter((one) => one !== undefined);
  return (
    <span class="feedback">
      {both.map((one) => (
        <button key={one.value} type="button" class="button button-plain" aria-label={one.accessibility_label} onClick={() => tell({ value: one.value })}>
          <Words of={one.text} />
        </button>
      ))}
    </span>
  );
}
