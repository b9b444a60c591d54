// One combobox for every select: type to narrow, arrows to move, Enter to choose; with several, chips.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon, Spinner } from "../parts/Icons";
import { Popup } from "../parts/Popup";

export interface Choice {
  key: string;
  name: string;
  shown?: ComponentChildren;
  detail?: ComponentChildren;
}

export interface ChoiceGroup {
  label: string;
  choices: Choice[];
}

export interface ComboProps {
  id?: string;
  label?: string;
  labelledBy?: string;
  describedBy?: string;
  invalid?: boolean;
  placeholder: string;
  picked: Choice[];
  many: boolean;
  most?: number;
  clearable: boolean;
  busy?: boolean;
  groups: ChoiceGroup[];
  loading?: boolean;
  note?: string;
  onOpen?(): void;
  onQuery?(query: string): void;
  onChange(keys: string[]): void;
}

interface ListProps {
  id: string;
  label: string;
  groups: ChoiceGroup[];
  picked: Set<string>;
  active: string | undefined;
  many: boolean;
  note: string;
  pick(choice: Choice): void;
}

const optionId = (list: string, key: string): string => `${list}-${key.replace(/[^\w-]/g, (character) => `.${character.charCodeAt(0)}`)}`;

function List({ id, label, groups, picked, active, many, note, pick }: ListProps) {
  useEffect(() => {
    if (active !== undefined) document.getElementById(optionId(id, active))?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <>
      <div id={id} role="listbox" aria-label={label} aria-multiselectable={many}>
        {groups.map((group, at) => (
          <div key={at} role="group" aria-label={group.label || undefined}>
            {group.label && group.choices.length > 0 && <div class="option-group" aria-hidden="true">{group.label}</div>}
            {group.choices.map((choice) => (
              <div
                key={choice.key}
                id={optionId(id, choice.key)}
                role="option"
                class={`option${choice.key === active ? " is-active" : ""}`}
                aria-selected={picked.has(choice.key)}
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => pick(choice)}
              >
                <span class="option-name" dir="auto">{choice.shown ?? choice.name}</span>
                {choice.detail && <span class="option-detail">{choice.detail}</span>}
                {picked.has(choice.key) && <Icon name="check" size={14} />}
              </div>
            ))}
          </div>
        ))}
      </div>
      {note && <div class="option-note">{note}</div>}
    </>
  );
}

function Chips({ picked, remove }: { picked: Choice[]; remove(choice: Choice): void }) {
  return (
    <>
      {picked.map((choice) => (
        <span key={choice.key} class="chip" dir="auto">
          <span class="chip-name">{choice.shown ?? choice.name}</span>
          <button type="button" aria-label={`Remove ${choice.name}`} onClick={() => remove(choice)}><Icon name="close" size={12} /></button>
        </span>
      ))}
    </>
  );
}

export function Combo(props: ComboProps) {
  const { picked, many, groups, most = Infinity } = props;
  const own = useId();
  const list = `${own}-list`;
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState<string>();
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  /** Enter came before the options did: the first of them is meant. */
  const hasty = useRef(false);
  const keys = new Set(picked.map((one) => one.key));
  const flat = groups.flatMap((group) => group.choices);
  const current = flat.find((one) => one.key === active) ?? (query ? flat[0] : undefined);

  useEffect(() => {
    if (props.loading || !hasty.current) return;
    hasty.current = false;
    if (open && flat[0]) pick(flat[0]);
  }, [props.loading]);

  const show = (): void => {
    if (open) return;
    setOpen(true);
    setActive(many ? undefined : picked[0]?.key);
    props.onOpen?.();
  };
  const hide = (): void => {
    setOpen(false);
    type("");
  };
  const type = (text: string): void => {
    hasty.current = false;
    setQuery(text);
    props.onQuery?.(text);
  };
  const pick = (choice: Choice): void => {
    const rest = picked.map((one) => one.key).filter((key) => key !== choice.key);
    if (!many) props.onChange([choice.key]);
    else if (keys.has(choice.key)) props.onChange(rest);
    else if (picked.length < most) props.onChange([...rest, choice.key]);
    if (many) type("");
    else hide();
    input.current?.focus();
  };
  const move = (by: number): void => {
    const at = flat.findIndex((one) => one.key === current?.key);
    const next = at < 0 ? (by > 0 ? 0 : flat.length - 1) : (at + by + flat.length) % flat.length;
    setActive(flat[next]?.key);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (open) move(key === "ArrowDown" ? 1 : -1);
      else show();
    } else if (key === "Enter") {
      event.preventDefault();
      if (open && current) pick(current);
      else if (open && query && props.loading) hasty.current = true;
      else show();
    } else if (key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      hide();
    } else if (key === "Backspace" && !query && many && picked.length > 0) {
      props.onChange(picked.slice(0, -1).map((one) => one.key));
    } else if (key === "Tab") hide();
  };

  const single = many ? undefined : picked[0];
  const full = many && picked.length >= most;
  const note = props.note ?? (flat.length === 0 ? (props.loading ? "Loading…" : query ? "No results" : "Nothing to choose from") : full ? `At most ${most}` : "");
  return (
    <div ref={box} class={`combo${many ? " combo-many" : ""}${open ? " is-open" : ""}`} aria-busy={props.busy} onPointerDown={(event) => {
      if (event.target === box.current) {
        event.preventDefault();
        input.current?.focus();
        show();
      }
    }}>
      {many && <Chips picked={picked} remove={(choice) => props.onChange(picked.filter((one) => one.key !== choice.key).map((one) => one.key))} />}
      <input
        ref={input}
        id={props.id}
        role="combobox"
        type="text"
        dir="auto"
        autoComplete="off"
        spellcheck={false}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && current ? optionId(list, current.key) : undefined}
        aria-label={props.labelledBy ? undefined : props.label}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid || undefined}
        placeholder={single ? single.name : many && picked.length > 0 ? "" : props.placeholder}
        value={open || many ? query : (single?.name ?? "")}
        onClick={show}
        onBlur={hide}
        onInput={(event) => {
          show();
          setActive(undefined);
          type(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      {props.busy || (open && props.loading) ? <Spinner /> : single && props.clearable ? (
        <button type="button" class="combo-clear" aria-label={`Clear ${single.name}`} onClick={() => props.onChange([])}><Icon name="close" size={12} /></button>
      ) : <Icon name="down" size={14} />}
      {open && (
        <Popup anchor={box} align="fill" class="options" onClose={hide}>
          <List id={list} label={props.label ?? props.placeholder} groups={groups} picked={keys} active={current?.key} many={many} note={note} pick={pick} />
        </Popup>
      )}
    </div>
  );
}
