// "Are you sure?", as the bot words it. The question belongs to the page, not to its button: it stays when the card changes.
import { useId } from "preact/hooks";
import type { Confirm } from "../api/types";
import { Dialog } from "../parts/Dialog";
import { question, type Question } from "../state/store";
import { Words } from "../text/Mrkdwn";

const close = (): void => {
  question.value = null;
};

function ConfirmDialog({ confirm, go }: Question) {
  const id = useId();
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
export function ask(confirm: Confirm | undefined, go: () => void): void {
  if (confirm) question.value = { confirm, go };
  else go();
}

export function OpenQuestion() {
  const open = question.value;
  return open && <ConfirmDialog {...open} />;
}
