// Text, e-mail, URL and number inputs.
import { useEffect, useRef } from "preact/hooks";
import { plainWords } from "../text/Mrkdwn";
import { useField, type ElementProps } from "./surface";

/** Which keyboard a phone shows; the page itself judges what was typed, in one manner for all kinds. */
const KEYBOARDS: Record<string, "email" | "url" | "decimal"> = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "decimal",
};

const TYPING_PAUSE_MS = 350;

/** How much is left, said only when it begins to matter. */
function Left({ used, most }: { used: number; most: number | undefined }) {
  if (most === undefined || most - used > Math.max(20, most / 10)) return null;
  return <span class={most < used ? "count count-over" : "count"}>{most - used}</span>;
}

export function TextInput(props: ElementProps & { dispatch?: boolean }) {
  const { element, id, dispatch, quiet } = props;
  const field = useField({ ...props, quiet: true });
  const input = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const pause = useRef(0);
  const text = field.value.value ?? "";
  const tells = dispatch || !quiet;
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];

  useEffect(() => {
    if (element.focus_on_load) input.current?.focus();
    return () => window.clearTimeout(pause.current);
  }, []);

  const onInput = (event: { currentTarget: { value: string } }): void => {
    const value = event.currentTarget.value;
    field.set({ value });
    if (!tells || !on.includes("on_character_entered")) return;
    window.clearTimeout(pause.current);
    pause.current = window.setTimeout(() => field.tell({ value }), TYPING_PAUSE_MS);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    if (!tells || !on.includes("on_enter_pressed") || element.multiline) return;
    event.preventDefault();
    field.tell({ value: input.current?.value ?? "" });
  };
  const common = {
    ref: input,
    id,
    class: "text-input",
    value: text,
    dir: "auto" as const,
    placeholder: plainWords(element.placeholder),
    "aria-label": props.labelledBy ? undefined : plainWords(element.placeholder) || "Text",
    "aria-describedby": props.describedBy,
    "aria-invalid": props.invalid || undefined,
    "aria-required": props.optional === false || undefined,
    autoComplete: "off",
    onInput,
    onKeyDown,
  };
  const most = element.type === "plain_text_input" ? element.max_length : undefined;
  return (
    <div class="text-box">
      {element.multiline ? <textarea {...common} rows={4} /> : <input {...common} type="text" inputMode={KEYBOARDS[element.type] ?? "text"} />}
      <Left used={text.length} most={most} />
    </div>
  );
}
