// Date, time, and both: the browser's own pickers, read in the person's time zone.
import { dayKey } from "../text/dates";
import { plainWords } from "../text/Mrkdwn";
import { zone } from "../state/store";
import { ask } from "./Confirm";
import { useField, type ElementProps } from "./surface";

function wallTime(seconds: number, zoneName: string): string {
  const at = new Date(seconds * 1000);
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zoneName }).format(at);
  return `${dayKey(at, zoneName)}T${time}`;
}

/** The moment at which clocks of the zone show this; in a gap of the clock, the moment just after it. */
export function secondsOf(wall: string, zoneName: string): number | null {
  const wanted = Date.parse(`${wall}:00Z`) / 1000;
  if (Number.isNaN(wanted)) return null;
  let guess = wanted;
  for (let round = 0; round < 3; round += 1) {
    const shown = Date.parse(`${wallTime(guess, zoneName)}:00Z`) / 1000;
    guess += wanted - shown;
  }
  return guess;
}

export function Moment(props: ElementProps) {
  const { element, id } = props;
  const field = useField(props);
  const here = zone.value;
  const { value } = field;
  const kinds = {
    datepicker: { type: "date" as const, shown: value.selected_date ?? "", read: (text: string) => ({ selected_date: text || null }) },
    timepicker: { type: "time" as const, shown: value.selected_time ?? "", read: (text: string) => ({ selected_time: text || null, timezone: here }) },
    datetimepicker: {
      type: "datetime-local" as const,
      shown: value.selected_date_time ? wallTime(value.selected_date_time, here) : "",
      read: (text: string) => ({ selected_date_time: secondsOf(text, here) }),
    },
  };
  const kind = kinds[element.type as keyof typeof kinds];
  return (
    <input
      id={id}
      class="text-input moment"
      type={kind.type}
      value={kind.shown}
      aria-label={props.labelledBy ? undefined : plainWords(element.placeholder) || "Pick a time"}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid || undefined}
      onChange={(event) => {
        const text = event.currentTarget.value;
        ask(element.confirm, () => field.set(kind.read(text)));
      }}
    />
  );
}
