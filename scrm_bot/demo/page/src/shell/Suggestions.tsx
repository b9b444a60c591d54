// The list over the composer.
import { useEffect } from "preact/hooks";
import type { Suggestion } from "./commands";

export const suggestionId = (item: Suggestion): string => `suggestion-${item.key.replace(/\W/g, "-")}`;

export function Suggestions({ items, active, pick }: { items: Suggestion[]; active: Suggestion | undefined; pick(insert: string): void }) {
  useEffect(() => {
    if (active) document.getElementById(suggestionId(active))?.scrollIntoView({ block: "nearest" });
  }, [active?.key]);
  return (
    <div class="suggestions">
      <p class="suggestions-head" aria-hidden="true">Commands <span class="quiet"><kbd>↑</kbd><kbd>↓</kbd> to move, <kbd>Tab</kbd> to choose</span></p>
      <div id="suggestions" role="listbox" aria-label="Commands">
        {items.map((item) => (
          <div
            key={item.key}
            id={suggestionId(item)}
            role="option"
            aria-selected={item.key === active?.key}
            class={item.key === active?.key ? "suggestion is-active" : "suggestion"}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(item.insert)}
          >
            <span class="suggestion-line"><strong>{item.title}</strong> <span class="suggestion-usage">{item.usage}</span></span>
            <span class="quiet">{item.summary}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
