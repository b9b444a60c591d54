// Every kind of select, mapped onto the one combobox.
import { useRef, useState } from "preact/hooks";
import type { Element, Option, OptionGroup, Value } from "../api/types";
import { askOptions } from "../state/deeds";
import { keyOf } from "../state/forms";
import { channelTitle, displayName, people, session, users } from "../state/store";
import { Words, plainWords } from "../text/Mrkdwn";
import { Combo, type Choice, type ChoiceGroup } from "./Combo";
import { ask } from "./Confirm";
import { useField, type ElementProps } from "./surface";

const ofOption = (option: Option): Choice => ({
  key: option.value,
  name: plainWords(option.text),
  shown: <Words of={option.text} />,
  detail: option.description && <Words of={option.description} />,
});

const narrowed = (groups: ChoiceGroup[], query: string): ChoiceGroup[] => {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return groups;
  return groups.map((group) => ({ ...group, choices: group.choices.filter((one) => one.name.toLowerCase().includes(wanted)) }));
};

function useShared(props: ElementProps, many: boolean) {
  const { element } = props;
  const field = useField(props);
  const change = (value: Omit<Value, "type">): void => ask(element.confirm, () => field.set(value));
  const placeholder = plainWords(element.placeholder) || (many ? "Select options" : "Select an option");
  const shared = {
    id: props.id,
    label: placeholder,
    labelledBy: props.labelledBy,
    describedBy: props.describedBy,
    invalid: props.invalid,
    placeholder,
    many,
    most: element.max_selected_items,
    clearable: props.optional === true,
    busy: field.busy,
  };
  return { field, change, shared };
}

const isMany = (element: Element): boolean => element.type.startsWith("multi_");

interface OptionSelectProps extends ElementProps {
  groups: OptionGroup[];
  shownGroups: ChoiceGroup[];
  loading?: boolean;
  note?: string;
  onOpen?(): void;
  onQuery(query: string): void;
}

/** Options are kept whole, as Slack sends them back, so one that is picked outlives the list it came from. */
function OptionSelect(props: OptionSelectProps) {
  const many = isMany(props.element);
  const { field, change, shared } = useShared(props, many);
  const picked = many ? (field.value.selected_options ?? []) : field.value.selected_option ? [field.value.selected_option] : [];
  const known = new Map([...picked, ...props.groups.flatMap((group) => group.options)].map((option) => [option.value, option]));
  const onChange = (keys: string[]): void => {
    const options = keys.map((key) => known.get(key)).filter((one) => one !== undefined);
    change(many ? { selected_options: options } : { selected_option: options[0] ?? null });
  };
  return (
    <Combo {...shared} picked={picked.map(ofOption)} groups={props.shownGroups} loading={props.loading} note={props.note} onOpen={props.onOpen} onQuery={props.onQuery} onChange={onChange} />
  );
}

const choicesOf = (groups: OptionGroup[]): ChoiceGroup[] =>
  groups.map((group) => ({ label: plainWords(group.label), choices: group.options.map(ofOption) }));

export function StaticSelect(props: ElementProps) {
  const [query, setQuery] = useState("");
  const { option_groups, options = [] } = props.element;
  const groups = option_groups ?? [{ label: { type: "plain_text" as const, text: "" }, options }];
  return <OptionSelect {...props} groups={groups} shownGroups={narrowed(choicesOf(groups), query)} onQuery={setQuery} />;
}

const TYPING_PAUSE_MS = 180;

export function ExternalSelect(props: ElementProps) {
  const { element, block_id, index } = props;
  const { container } = useField(props);
  const [found, setFound] = useState<OptionGroup[]>([]);
  const [status, setStatus] = useState<{ loading: boolean; note?: string }>({ loading: false });
  const [awaited, setAwaited] = useState("");
  const turn = useRef(0);
  const timer = useRef(0);
  const least = element.min_query_length ?? 3;

  const load = async (query: string): Promise<void> => {
    turn.current += 1;
    const mine = turn.current;
    if (query.length < least) {
      setAwaited("");
      setFound([]);
      setStatus({ loading: false, note: `Type ${least === 1 ? "a character" : `${least} or more characters`} to search.` });
      return;
    }
    setStatus({ loading: true });
    const { groups, problem } = await askOptions(container, block_id, keyOf(element, index), query);
    if (mine !== turn.current) return;
    setAwaited("");
    setFound(groups);
    setStatus({ loading: false, note: problem });
  };
  const onQuery = (query: string): void => {
    window.clearTimeout(timer.current);
    turn.current += 1; // an answer still under way is to an older question
    setAwaited(query);
    setStatus({ loading: true });
    timer.current = window.setTimeout(() => void load(query), TYPING_PAUSE_MS);
  };
  // Until the bot has answered, what it answered before is narrowed here, so that Enter never takes a stale option.
  return <OptionSelect {...props} groups={found} shownGroups={narrowed(choicesOf(found), awaited)} {...status} onOpen={() => void load("")} onQuery={onQuery} />;
}

interface Kind {
  one: "selected_user" | "selected_channel" | "selected_conversation";
  several: "selected_users" | "selected_channels" | "selected_conversations";
}

const KINDS: Record<string, Kind> = {
  users: { one: "selected_user", several: "selected_users" },
  channels: { one: "selected_channel", several: "selected_channels" },
  conversations: { one: "selected_conversation", several: "selected_conversations" },
};

function entities(element: Element): Choice[] {
  const person = (id: string, name: string): Choice => ({ key: id, name: name || id, shown: name || id });
  if (element.type.includes("users_select")) return people.value.map((user) => person(user.id, displayName(user)));
  const include = element.filter?.include ?? ["public", "private", "im"];
  const all = (session.value?.channels ?? []).filter((one) => {
    if (one.is_archived) return false;
    if (element.type.includes("channels_select")) return !one.is_im && !one.is_private;
    if (one.is_im) return include.includes("im") && !(element.filter?.exclude_bot_users && users.value.get(one.user ?? "")?.is_bot);
    return include.includes(one.is_private ? "private" : "public");
  });
  return all.map((one) => person(one.id, one.is_im ? channelTitle(one) : `#${one.name}`));
}

const unknown = (id: string): Choice => {
  const user = users.value.get(id);
  const one = session.value?.channels.find((candidate) => candidate.id === id);
  return { key: id, name: user ? displayName(user) : one ? `#${one.name}` : id };
};

/** Users, channels and conversations: what the value holds is ids. */
export function EntitySelect(props: ElementProps) {
  const { element } = props;
  const many = isMany(element);
  const { field, change, shared } = useShared(props, many);
  const [query, setQuery] = useState("");
  const kind = KINDS[element.type.replace("multi_", "").replace("_select", "")] ?? KINDS.users as Kind;
  const ids = many ? (field.value[kind.several] ?? []) : field.value[kind.one] ? [field.value[kind.one] as string] : [];
  const all = entities(element);
  const picked = ids.map((id) => all.find((one) => one.key === id) ?? unknown(id));
  const onChange = (keys: string[]): void => change(many ? { [kind.several]: keys } : { [kind.one]: keys[0] ?? null });
  return (
    <Combo {...shared} picked={picked} groups={narrowed([{ label: "", choices: all }], query)} onQuery={setQuery} onChange={onChange} />
  );
}
