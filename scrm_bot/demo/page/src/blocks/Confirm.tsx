// "Are you sure?", as the bot words it.
import { useId, useState } from "preact/hooks";
import type { Confirm } from "../api/types";
import { Dialog } from "../parts/Dialog";
import { Words } from "../text/Mrkdwn";

interface Asked {
  confirm: Confirm;
  go(): void;
}

function ConfirmDialog({ asked, close }: { asked: Asked; close(): void }) {
  const id = useId();
  const { confirm, go } = asked;
  return (
    <Dialog role="alertdialog" class="confirm" labelledBy={`${id}-title`} describedBy={`${id}-text`} onCancel={close}>
      <h2 id={`${id}-title`} dir="auto"><Words of={confirm.title} /></h2>
      <div id={`${id}-text`} class="confirm-text" dir="auto"><Words of={confirm.text} /></div>
      <div class="confirm-row">
        <button type="button" class="button button-plain" onClick={close}><Words of={confirm.deny} /></button>
        <button
          type="button"
          class={`button button-${confirm.style ?? "primary"}`}
          onClick={() => {
            close();
            go();
          }}
        >
          <Words of={confirm.confirm} />
        </button>
      </div>
    </Dialog>
  );
}

/** Runs a deed at once, or after the person has confirmed it. */
export function useConfirm() {
  const [asked, setAsked] = useState<Asked | null>(null);
  const ask = (confirm: Confirm | undefined, go: () => void): void => (confirm ? setAsked({ confirm, go }) : go());
  return { ask, dialog: asked && <ConfirmDialog asked={asked} close={() => setAsked(null)} /> };
}
