// What is filled in, per surface and in the shape of Slack's `state.values`. A surface is a view or a message.
import { signal } from "@preact/signals";
import type { Block, Container, Element, Values, Value, View } from "../api/types";

export const forms = signal<Record<string, Values>>({});

export function surfaceKey(container: Container): string {
  return container.type === "view" ? container.view_id : `${container.channel_id}/${container.message_ts}`;
}

export const keyOf = (element: Element, index = 0): string => element.action_id || `action-${index}`;
export const blockKey = (block: Block, index: number): string => block.block_id || `block-${index}`;

type Reading = (element: Element) => Omit<Value, "type">;

const text: Reading = (element) => ({ value: element.initial_value ?? null });
const one: Reading = (element) => ({ selected_option: element.initial_option ?? null });
const many: Reading = (element) => ({ selected_options: element.initial_options ?? [] });

/** How each stateful element starts; an element that is not listed keeps no state. */
const STARTS: Record<string, Reading> = {
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  rich_text_input: (element) => ({ rich_text_value: element.initial_value ?? null }),
  static_select: one,
  external_select: one,
  radio_buttons: one,
  checkboxes: many,
  multi_static_select: many,
  multi_external_select: many,
  users_select: (element) => ({ selected_user: element.initial_user ?? null }),
  multi_users_select: (element) => ({ selected_users: element.initial_users ?? [] }),
  channels_select: (element) => ({ selected_channel: element.initial_channel ?? null }),
  multi_channels_select: (element) => ({ selected_channels: element.initial_channels ?? [] }),
  conversations_select: (element) => ({ selected_conversation: element.initial_conversation ?? null }),
  multi_conversations_select: (element) => ({ selected_conversations: element.initial_conversations ?? [] }),
  datepicker: (element) => ({ selected_date: element.initial_date ?? null }),
  timepicker: (element) => ({ selected_time: element.initial_time ?? null }),
  datetimepicker: (element) => ({ selected_date_time: element.initial_date_time ?? null }),
  file_input: () => ({ files: [] }),
};

export const isStateful = (element: Element): boolean => element.type in STARTS;

export function startOf(element: Element): Value {
  return { type: element.type, ...STARTS[element.type]?.(element) };
}

function elementsOf(block: Block): Element[] {
  if (block.type === "rich_text" || block.type === "context") return [];
  return [...(block.element ? [block.element] : []), ...(block.accessory ? [block.accessory] : []), ...(block.elements ?? [])];
}

/** Slack's rule: what keeps its block_id and action_id keeps what was typed; the rest starts afresh. */
export function merged(blocks: Block[], typed: Values | undefined): Values {
  const values: Values = {};
  blocks.forEach((block, at) => {
    elementsOf(block).forEach((element, index) => {
      if (!isStateful(element)) return;
      const block_id = blockKey(block, at);
      const action_id = keyOf(element, index);
      const kept = typed?.[block_id]?.[action_id];
      (values[block_id] ??= {})[action_id] = kept?.type === element.type ? kept : startOf(element);
    });
  });
  return values;
}

export function keepForm(surface: string, blocks: Block[], known?: Values): void {
  const all = forms.peek();
  forms.value = { ...all, [surface]: merged(blocks, all[surface] ?? known) };
}

export function keepViews(views: View[]): void {
  for (const view of views) keepForm(view.id, view.blocks, view.state?.values);
}

export function valuesOf(surface: string): Values {
  return forms.value[surface] ?? {};
}

export function setValue(surface: string, block_id: string, action_id: string, value: Value): void {
  const values = forms.peek()[surface] ?? {};
  const block = { ...values[block_id], [action_id]: value };
  forms.value = { ...forms.peek(), [surface]: { ...values, [block_id]: block } };
}

/** True when there is nothing in it, so that a required field can say so. */
export function isEmpty(value: Value | undefined): boolean {
  if (!value) return true;
  const { type: _type, timezone: _timezone, ...held } = value;
  return Object.values(held).every((item) => item === null || item === "" || (Array.isArray(item) && item.length === 0));
}
