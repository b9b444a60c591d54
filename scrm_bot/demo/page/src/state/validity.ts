// What a modal refuses before it is sent, in Slack's manner: required fields, lengths, numbers, addresses.
import type { Block, Element, Value, Values } from "../api/types";
import { blockKey, isEmpty, keyOf } from "./forms";

const REQUIRED = "Please complete this required field.";

function lengthComplaint(element: Element, text: string): string | null {
  const { min_length = 0, max_length = 3000 } = element;
  if (text.length < min_length) return `This field needs at least ${min_length} characters.`;
  if (text.length > max_length) return `This is ${text.length - max_length} characters over the limit of ${max_length}.`;
  return null;
}

function numberComplaint(element: Element, text: string): string | null {
  const number = Number(text);
  if (!/^-?\d*\.?\d+$/.test(text) || Number.isNaN(number)) return "Enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `Enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `Enter ${element.max_value} or less.`;
  return null;
}

function urlComplaint(text: string): string | null {
  return URL.canParse(text) && /^[a-z][a-z0-9+.-]*:/i.test(text) ? null : "Enter a full URL, such as https://example.com.";
}

function complaint(element: Element, value: Value): string | null {
  const text = value.value ?? "";
  if (element.type === "plain_text_input") return lengthComplaint(element, text);
  if (element.type === "number_input") return numberComplaint(element, text.trim());
  if (element.type === "url_text_input") return urlComplaint(text.trim());
  if (element.type === "email_text_input") return /^\S+@\S+\.\S+$/.test(text.trim()) ? null : "Enter an email address.";
  return null;
}

export function complaints(blocks: Block[], values: Values): Record<string, string> {
  const found: Record<string, string> = {};
  blocks.forEach((block, index) => {
    if (block.type !== "input" || !block.element) return;
    const id = blockKey(block, index);
    const value = values[id]?.[keyOf(block.element)];
    const wrong = isEmpty(value) ? (block.optional ? null : REQUIRED) : complaint(block.element, value as Value);
    if (wrong) found[id] = wrong;
  });
  return found;
}
