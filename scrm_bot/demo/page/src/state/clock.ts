// The demo's clock, which may have been moved ahead of this machine's.
import { signal } from "@preact/signals";

const NOTICEABLE_MS = 60_000;

/** By how many milliseconds it is ahead. */
export const ahead = signal(0);

export function setClock(seconds: number | undefined): void {
  const by = seconds === undefined ? 0 : seconds * 1000 - Date.now();
  ahead.value = by > NOTICEABLE_MS ? by : 0;
}

export const demoNow = (): number => Date.now() + ahead.value;
