// A box beside its anchor, in the browser's top layer, so that no scrolling parent or dialog clips it.
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface PopupProps {
  anchor: RefObject<HTMLElement | null>;
  onClose(): void;
  children: ComponentChildren;
  /** start | end: which edges are lined up; fill: as wide as the anchor. */
  align?: "start" | "end" | "fill";
  side?: "below" | "above";
  class?: string;
}

const MARGIN = 8;
const GAP = 4;

function placeBox(box: HTMLElement, anchor: HTMLElement, align: string, side: string): void {
  const at = anchor.getBoundingClientRect();
  if (align === "fill") box.style.width = `${Math.max(at.width, 200)}px`;
  const below = innerHeight - at.bottom - MARGIN - GAP;
  const above = at.top - MARGIN - GAP;
  const wanted = box.scrollHeight;
  const up = side === "above" ? above >= wanted || above > below : below < Math.min(wanted, 240) && above > below;
  box.style.maxHeight = `${Math.max(Math.min(up ? above : below, 420), 96)}px`;
  const { width, height } = box.getBoundingClientRect();
  const left = align === "end" ? at.right - width : at.left;
  box.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
  box.style.top = `${up ? Math.max(MARGIN, at.top - GAP - height) : at.bottom + GAP}px`;
}

export function Popup({ anchor, onClose, children, align = "start", side = "below", class: name = "" }: PopupProps) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    if (!box.current || !anchor.current) return;
    if (!box.current.matches(":popover-open")) box.current.showPopover();
    placeBox(box.current, anchor.current, align, side);
  });

  useEffect(() => {
    const again = (): void => {
      if (box.current && anchor.current) placeBox(box.current, anchor.current, align, side);
    };
    const outside = (event: Event): void => {
      const target = event.target as Node;
      if (!box.current?.contains(target) && !anchor.current?.contains(target)) close.current();
    };
    addEventListener("resize", again);
    addEventListener("scroll", again, true);
    addEventListener("pointerdown", outside, true);
    return () => {
      removeEventListener("resize", again);
      removeEventListener("scroll", again, true);
      removeEventListener("pointerdown", outside, true);
    };
  }, [align, side]);

  return (
    <div ref={box} popover="manual" class={`popup ${name}`}>
      {children}
    </div>
  );
}
