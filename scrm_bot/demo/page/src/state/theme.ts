// Light or dark: as the system says, until the person chooses.
import { signal } from "@preact/signals";

const KEY = "scrm-demo-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export const dark = signal(system.matches);

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage may be switched off: the choice then lasts as long as the page.
  }
}

function show(): void {
  document.documentElement.dataset.theme = dark.value ? "dark" : "light";
}

export function startTheme(): void {
  const chosen = remembered(KEY);
  if (chosen) dark.value = chosen === "dark";
  else {
    system.addEventListener("change", () => {
      if (remembered(KEY)) return;
      dark.value = system.matches;
      show();
    });
  }
  show();
}

export function toggleTheme(): void {
  dark.value = !dark.value;
  remember(KEY, dark.value ? "dark" : "light");
  show();
}
