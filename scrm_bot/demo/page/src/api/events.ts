// The live feed of one person: hands over each event, and says when the connection is lost and when it is back.
import type { LiveEvent } from "./types";

export interface Feed {
  close(): void;
}

interface Listeners {
  onOpen(): void;
  onEvent(event: LiveEvent): void;
  onLost(): void;
}

const RETRY_MS = 1500;

export function listen(user: string, { onOpen, onEvent, onLost }: Listeners): Feed {
  let source: EventSource;
  let retry = 0;
  const open = (): void => {
    source = new EventSource(`/ui/events?user=${encodeURIComponent(user)}`);
    source.onopen = onOpen;
    source.onmessage = (message: MessageEvent<string>) => onEvent(JSON.parse(message.data) as LiveEvent);
    source.onerror = () => {
      onLost();
      // A browser gives up for good when the server refuses; a restarted demo should be found again all the same.
      if (source.readyState === EventSource.CLOSED) retry = window.setTimeout(open, RETRY_MS);
    };
  };
  open();
  return {
    close() {
      window.clearTimeout(retry);
      source.close();
    },
  };
}
