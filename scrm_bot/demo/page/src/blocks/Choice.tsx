// Radio buttons and checkboxes.
import { useId } from "preact/hooks";
import type { Option } from "../api/types";
import { Words } from "../text/Mrkdwn";
import { ask } from "./Confirm";
import { useField, type ElementProps } from "./surface";

interface LineProps {
  type: "radio" | "checkbox";
  name: string;
  option: Option;
  checked: boolean;
  onChange(): void;
}

function Line({ type, name, option, checked, onChange }: LineProps) {
  const id = useId();
  return (
    <div class="choice">
      <input id={id} type={type} name={name} checked={checked} onChange={onChange} aria-describedby={option.description ? `${id}-more` : undefined} />
      <label for={id} dir="auto">
        <Words of={option.text} />
      </label>
      {option.description && <div id={`${id}-more`} class="choice-more" dir="auto"><Words of={option.description} /></div>}
    </div>
  );
}

export function Radios(props: ElementProps) {
  const { element, labelledBy, describedBy, invalid } = props;
  const field = useField(props);
  const name = useId();
  return (
    <div role="radiogroup" class="choices" aria-labelledby={labelledBy} aria-describedby={describedBy} aria-invalid={invalid}>
      {(element.options ?? []).map((option) => (
        <Line
          key={option.value}
          type="radio"
          name={name}
          option={option}
          checked={field.value.selected_option?.value === option.value}
          onChange={() => ask(element.confirm, () => field.set({ selected_option: option }))}
        />
      ))}
    </div>
  );
}

export function Checkboxes(props: ElementProps) {
  const { element, labelledBy, describedBy } = props;
  const field = useField(props);
  const name = useId();
  const picked = field.value.selected_options ?? [];
  const toggle = (option: Option): void => {
    const off = picked.some((one) => one.value === option.value);
    // In the order the bot lists them, as Slack sends them.
    const next = (element.options ?? []).filter((one) =>
      one.value === option.value ? !off : picked.some((held) => held.value === one.value),
    );
    ask(element.confirm, () => field.set({ selected_options: next }));
  };
  return (
    <div role="group" class="choices" aria-labelledby={labelledBy} aria-describedby={describedBy}>
      {(element.options ?? []).map((option) => (
        <Line key={option.value} type="checkbox" name={name} option={option} checked={picked.some((one) => one.value === option.value)} onChange={() => toggle(option)} />
      ))}
    </div>
  );
}
