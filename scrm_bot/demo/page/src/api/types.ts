// What the stand-in's person-side HTTP API sends: only what the page reads is named.

export type Json = Record<string, unknown>;

export interface TextObject {
  type: "plain_text" | "mrkdwn";
  text: string;
  emoji?: boolean;
  verbatim?: boolean;
}

export interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
  url?: string;
}

export interface OptionGroup {
  label: TextObject;
  options: Option[];
}

export interface Confirm {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: "primary" | "danger";
}

export interface DispatchConfig {
  trigger_actions_on?: ("on_enter_pressed" | "on_character_entered")[];
}

/** Any interactive element; which fields are set depends on `type`. */
export interface Element {
  type: string;
  action_id: string;
  text?: TextObject;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  confirm?: Confirm;
  accessibility_label?: string;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_channels?: string[];
  initial_conversation?: string;
  initial_conversations?: string[];
  default_to_current_conversation?: boolean;
  filter?: { include?: string[]; exclude_bot_users?: boolean };
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  min_query_length?: number;
  max_selected_items?: number;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  focus_on_load?: boolean;
  dispatch_action_config?: DispatchConfig;
  filetypes?: string[];
  max_files?: number;
  image_url?: string;
  slack_file?: { url?: string; id?: string };
  alt_text?: string;
  elements?: Element[];
  positive_button?: { text: TextObject; value: string; accessibility_label?: string };
  negative_button?: { text: TextObject; value: string; accessibility_label?: string };
  icon?: string;
}

export interface Block {
  type: string;
  block_id?: string;
  text?: TextObject | string;
  fields?: TextObject[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
  image_url?: string;
  slack_file?: { url?: string };
  alt_text?: string;
  title?: TextObject;
  rows?: RichNode[][];
  column_settings?: ({ align?: "left" | "center" | "right" } | null)[];
  level?: string;
  expand?: boolean;
}

export interface RichNode {
  type: string;
  text?: string;
  url?: string;
  name?: string;
  unicode?: string;
  user_id?: string;
  channel_id?: string;
  usergroup_id?: string;
  range?: string;
  timestamp?: number;
  format?: string;
  fallback?: string;
  indent?: number;
  style?: "ordered" | "bullet" | { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean };
  elements?: RichNode[];
}

export interface User {
  id: string;
  name: string;
  real_name: string;
  role: "editor" | "approver" | "admin" | "guest" | "bot";
  tz?: string;
  is_bot?: boolean;
  avatar_color?: string;
}

export interface SlackFile {
  id: string;
  name: string;
  title?: string;
  mimetype: string;
  size: number;
  url_private: string;
  alt_txt?: string;
}

export interface Attachment {
  color?: string;
  pretext?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fallback?: string;
  footer?: string;
  image_url?: string;
  fields?: { title?: string; value?: string; short?: boolean }[];
  blocks?: Block[];
}

export interface Message {
  ts: string;
  user?: string;
  bot_id?: string;
  username?: string;
  text: string;
  blocks?: Block[];
  attachments?: Attachment[];
  files?: SlackFile[];
  thread_ts?: string;
  subtype?: string;
  reply_count?: number;
  edited?: { ts?: string } | null;
  ephemeral?: boolean;
  reactions?: { name: string; count: number; users?: string[] }[];
}

export interface Channel {
  id: string;
  name: string;
  is_private?: boolean;
  is_im?: boolean;
  user?: string;
  members?: string[];
  topic?: string;
  is_archived?: boolean;
  unread?: number;
  messages: Message[];
}

export interface View {
  id: string;
  type: "modal" | "home";
  title?: TextObject;
  submit?: TextObject | null;
  close?: TextObject | null;
  blocks: Block[];
  hash?: string;
  state?: { values?: Values };
  submit_disabled?: boolean;
}

export interface Shortcut {
  type: "global" | "message";
  name: string;
  callback_id: string;
  description?: string;
}

export interface Verb {
  verb: string;
  usage: string;
  summary: string;
}

/** A message to look at, and who sees it: "" for everybody who is in its channel. */
export interface Sight {
  channel: string;
  ts: string;
  user: string;
}

/** Something that can go wrong, on request. */
export interface Trouble {
  id: string;
  label: string;
  says: string;
  missing: string;
  state: "ready" | "playing" | "played" | "failed";
  steps: string[];
  sight: Sight | null;
}

export interface Intro {
  title?: string;
  lines?: string[];
  try?: { label: string; channel?: string; text: string }[];
  running?: { name: string; url?: string; what: string }[];
  verbs?: Verb[];
  by_hand?: string;
}

export interface Session {
  team: { id: string; name: string; domain?: string };
  me: User;
  users: User[];
  channels: Channel[];
  usergroups?: { id: string; name: string; handle: string }[];
  home: View | null;
  views: View[];
  commands: { command: string; description?: string; usage_hint?: string }[];
  shortcuts: Shortcut[];
  bot: { user_id: string; name: string };
  intro?: Intro;
  troubles?: Trouble[];
  /** The stand-in's clock, in seconds: it may be ahead of this machine's. */
  now?: number;
  seq: number;
}

/** One element's entry in `state.values`, in Slack's shape. */
export interface Value {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_user?: string | null;
  selected_users?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  timezone?: string;
  files?: SlackFile[];
  rich_text_value?: unknown;
}

export type Values = Record<string, Record<string, Value>>;

export type Container =
  | { type: "message"; channel_id: string; message_ts: string; is_ephemeral: boolean }
  | { type: "view"; view_id: string };

export interface LiveEvent {
  seq: number;
  type: string;
  channel?: string | Channel;
  message?: Message;
  ts?: string;
  view?: View;
  view_id?: string;
  views?: View[];
  stack?: View[];
  home?: View;
  troubles?: Trouble[];
  now?: number;
  text?: string;
  kind?: string;
}

export interface Answer {
  ok: boolean;
  error?: string;
  message?: string;
  errors?: Record<string, string>;
  options?: Option[];
  option_groups?: OptionGroup[];
  file?: SlackFile;
}
