// The browser's own modal dialog: it traps the focus, hides the rest from assistive technology and gives the focus back.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  labelledBy: string;
  describedBy?: string;
  role?: "dialog" | "alertdialog";
  class?: string;
  onCancel(): void;
  children: ComponentChildren;
}

const STAYS = "article, .modal-body";

/** Where to go on once the opener is gone: what it stood in, the dialog below, or where one writes. */
function giveBack(before: HTMLElement | null, around: HTMLElement | null): void {
  const there = before?.isConnected && before !== document.body ? before : around?.isConnected ? around : null;
  const next = there ?? document.querySelector<HTMLElement>("dialog[open] .modal-body") ?? document.querySelector<HTMLElement>(".composer textarea, #place");
  next?.focus({ preventScroll: true });
}

export function Dialog({ labelledBy, describedBy, role = "dialog", class: name = "", onCancel, children }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const around = before?.closest<HTMLElement>(STAYS) ?? null;
    const dialog = box.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      giveBack(before, around);
    };
  }, []);
  return (
    <dialog
      ref={box}
      role={role}
      aria-modal="true"
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      class={name}
      onCancel={(event) => {
        event.preventDefault();
        if (event.target === event.currentTarget) onCancel();
      }}
      onKeyDown={(event) => {
        // A browser closes on the second Escape whatever `cancel` says; the page decides instead.
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        onCancel();
      }}
    >
      {children}
    </dialog>
  );
}
