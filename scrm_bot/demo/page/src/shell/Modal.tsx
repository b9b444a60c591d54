// The top of the stack of views. Those below keep what was typed and come back when the top one closes.
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { View } from "../api/types";
import { Blocks } from "../blocks/Blocks";
import { SurfaceContext } from "../blocks/surface";
import { closeView, setErrors, submit, submitKey } from "../state/deeds";
import { fieldErrors, pending } from "../state/store";
import { AppMark, Icon, Spinner } from "../parts/Icons";
import { Dialog } from "../parts/Dialog";
import { Words } from "../text/Mrkdwn";
import { Toasts } from "./Toasts";

const FOCUSABLE = "input:not([type=hidden]), textarea, select, .modal-body button, .modal-body a[href]";

function Problem({ view }: { view: View }) {
  const words = fieldErrors.value[view.id]?.[""];
  if (!words) return null;
  return (
    <div class="modal-problem" role="alert">
      <Icon name="warn" size={16} /> <span dir="auto">{words}</span>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => setErrors(view.id, { ...fieldErrors.peek()[view.id], "": "" })}><Icon name="close" size={14} /></button>
    </div>
  );
}

const nameOf = (one: HTMLElement): string => one.getAttribute("aria-label") ?? ((one as HTMLInputElement).labels?.[0] ?? one).textContent ?? "";

interface Held {
  node: HTMLElement;
  name: string;
  action: string | undefined;
}

/** What stands where the focus was: of the same name, else of the same action, else the first field, else whatever can be reached. */
function successor(body: HTMLElement, held: Held | null): HTMLElement {
  const all = [...body.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const named = held && all.find((one) => nameOf(one) === held.name);
  const same = held?.action && all.find((one) => one.dataset.actionId === held.action);
  return named || same || all.find((one) => one.matches("input, textarea, select")) || all[0] || body;
}

/** The first field when a view opens; the first refused one when it is refused; the same one again when it was replaced. */
function useFocus(view: View) {
  const body = useRef<HTMLDivElement>(null);
  const held = useRef<Held | null>(null);
  const errors = fieldErrors.value[view.id];
  const onFocusIn = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement) || target === body.current) return;
    held.current = { node: target, name: nameOf(target), action: target.dataset.actionId };
  };
  useLayoutEffect(() => {
    if (body.current?.contains(document.activeElement)) return;
    body.current?.scrollTo(0, 0);
    const first = body.current?.querySelector<HTMLElement>(FOCUSABLE);
    (first ?? body.current)?.focus({ preventScroll: true });
  }, [view.id]);
  useLayoutEffect(() => {
    const here = document.activeElement;
    const adrift = held.current?.node.isConnected === false && (here === document.body || here === body.current);
    if (body.current && adrift) successor(body.current, held.current).focus({ preventScroll: true });
  }, [view.blocks]);
  useEffect(() => {
    if (!errors || Object.values(errors).every((words) => !words)) return;
    const wrong = body.current?.querySelector<HTMLElement>(".is-wrong input, .is-wrong textarea");
    wrong?.focus({ preventScroll: true });
    wrong?.closest(".block-input")?.scrollIntoView({ block: "nearest" });
  }, [errors]);
  return { body, onFocusIn };
}

export function Modal({ view, depth }: { view: View; depth: number }) {
  const title = useId();
  const { body, onFocusIn } = useFocus(view);
  const busy = pending.value.has(submitKey(view));
  const surface = useMemo(() => ({ container: { type: "view" as const, view_id: view.id }, kind: "modal" as const }), [view.id]);
  const back = (): void => void closeView(view, { all: false });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (view.submit) void submit(view);
  };
  return (
    <Dialog class="modal" labelledBy={title} onCancel={back}>
      <form
        class="modal-form"
        noValidate
        onKeyDown={onKeyDown}
        onFocusIn={onFocusIn}
        onSubmit={(event) => {
          event.preventDefault();
          if (view.submit) void submit(view);
        }}
      >
        <header class="modal-header">
          {depth > 1 ? <button type="button" class="icon-button" aria-label="Back" onClick={back}><Icon name="back" /></button> : <AppMark size={28} />}
          <h2 id={title} dir="auto"><Words of={view.title} /></h2>
          <button type="button" class="icon-button" aria-label="Close dialog" onClick={() => void closeView(view, { all: true })}><Icon name="close" /></button>
        </header>
        <Problem view={view} />
        <div class="modal-body" ref={body} tabIndex={-1} key={view.id}>
          <SurfaceContext.Provider value={surface}><Blocks blocks={view.blocks} /></SurfaceContext.Provider>
        </div>
        <footer class="modal-footer">
          <button type="button" class="button button-plain" onClick={back}>{view.close ? <Words of={view.close} /> : view.submit ? "Cancel" : "Close"}</button>
          {view.submit && (
            <button type="submit" class={`button button-primary${busy ? " is-busy" : ""}`} aria-busy={busy} disabled={view.submit_disabled}>
              <span class="button-words"><Words of={view.submit} /></span>
              {busy && <Spinner />}
            </button>
          )}
        </footer>
      </form>
      <Toasts />
    </Dialog>
  );
}
