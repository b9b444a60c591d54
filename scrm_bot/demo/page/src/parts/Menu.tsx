// A button that opens a menu: arrows move, Enter chooses, Escape closes and gives the focus back.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Popup } from "./Popup";

export interface MenuItem {
  key: string;
  label: ComponentChildren;
  detail?: ComponentChildren;
  href?: string;
  checked?: boolean;
  onSelect?(): void;
}

interface MenuProps {
  label: string;
  button: ComponentChildren;
  items: MenuItem[];
  buttonClass?: string;
  align?: "start" | "end";
  side?: "below" | "above";
  title?: string;
  busy?: boolean;
  onToggle?(open: boolean): void;
}

function step(box: HTMLElement, key: string): void {
  const items = [...box.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const here = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[key] ?? here;
  items[(next + items.length) % items.length]?.focus();
}

function List({ items, close, label }: { items: MenuItem[]; close(): void; label: string }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>("[aria-checked=true], [role^=menuitem]")?.focus(), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key) || !list.current) return;
    event.preventDefault();
    step(list.current, event.key);
  };
  return (
    <div role="menu" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {items.map((item) => {
        const common = {
          class: "menu-item",
          tabIndex: -1,
          role: item.checked === undefined ? ("menuitem" as const) : ("menuitemradio" as const),
          "aria-checked": item.checked,
          onClick: () => {
            close();
            item.onSelect?.();
          },
        };
        const inner = [<span class="menu-label" dir="auto">{item.label}</span>, item.detail && <span class="menu-detail">{item.detail}</span>];
        if (!item.href) return <button key={item.key} type="button" {...common}>{inner}</button>;
        return <a key={item.key} href={item.href} target="_blank" rel="noopener noreferrer" {...common}>{inner}</a>;
      })}
    </div>
  );
}

export function Menu({ label, button, items, buttonClass = "icon-button", align, side, title, busy, onToggle }: MenuProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const toggle = (next: boolean): void => {
    setOpen(next);
    onToggle?.(next);
    if (!next) anchor.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (open && (event.key === "Escape" || event.key === "Tab")) {
      event.preventDefault();
      event.stopPropagation();
      toggle(false);
    } else if (!open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      toggle(true);
    }
  };
  return (
    <span class="menu-root" onKeyDown={onKeyDown}>
      <button ref={anchor} type="button" class={buttonClass} aria-haspopup="menu" aria-expanded={open} aria-label={label} aria-busy={busy} title={title ?? label} onClick={() => toggle(!open)}>
        {button}
      </button>
      {open && (
        <Popup anchor={anchor} align={align} side={side} class="menu" onClose={() => toggle(false)}>
          <List items={items} label={label} close={() => toggle(false)} />
        </Popup>
      )}
    </span>
  );
}
