// Emoji shortcodes, as Slack names them.
import table from "emoji-table";

const ALIASES: Record<string, string> = {
  thumbsup: "+1",
  thumbsdown: "-1",
  simple_smile: "slightly_smiling_face",
  large_green_circle: "large_green_circle",
};

/** The character of `:name:`, or null when there is none: then the text stays as it was typed. */
export function emojiOf(name: string): string | null {
  const [base = "", tone] = name.split("::");
  const bare = ALIASES[base] ?? base;
  if (!Object.hasOwn(table, bare)) return null;
  return (table[bare] ?? "") + toneOf(tone);
}

function toneOf(tone: string | undefined): string {
  const digit = tone?.match(/^skin-tone-([2-6])$/)?.[1];
  return digit ? String.fromCodePoint(0x1f3fb + Number(digit) - 2) : "";
}
