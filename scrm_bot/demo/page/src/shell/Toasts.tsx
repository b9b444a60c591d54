// Short notices. They lie in the browser's top layer; over a dialog they are drawn by the dialog itself.
import { dismissToast, toasts } from "../state/store";
import { Icon } from "../parts/Icons";

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite" aria-label="Notices">
      {toasts.value.map((one) => (
        <div key={one.id} class={`toast toast-${one.kind}`}>
          <Icon name={one.kind === "error" ? "warn" : "check"} size={16} />
          <span dir="auto">{one.text}</span>
          <button type="button" class="icon-button" aria-label="Dismiss notice" onClick={() => dismissToast(one.id)}><Icon name="close" size={14} /></button>
        </div>
      ))}
    </div>
  );
}
