// Try what can go wrong: each button plays one thing for real, and says what happened.
import { useEffect, useRef } from "preact/hooks";
import type { Trouble } from "../api/types";
import { ahead, demoNow } from "../state/clock";
import { isHere, show } from "../state/sight";
import { session, troublesOpen, users, zone } from "../state/store";
import { play } from "../state/troubles";
import { wallClock } from "../text/dates";
import { Mrkdwn } from "../text/Mrkdwn";
import { Icon, Spinner } from "../parts/Icons";
import { firstName } from "./TopBar";

export const TITLE = "Try what can go wrong";

function Mark({ state }: { state: Trouble["state"] }) {
  if (state === "playing") return <Spinner />;
  if (state === "played") return <Icon name="check" size={16} />;
  return state === "failed" ? <Icon name="warn" size={16} /> : null;
}

const MARKS: Record<Trouble["state"], string> = { ready: "", playing: "Playing", played: "Played", failed: "Could not be played" };

function Look({ trouble }: { trouble: Trouble }) {
  const { sight } = trouble;
  if (!sight) return null;
  const reader = users.value.get(sight.user);
  const words = reader && !isHere(sight) ? `Show me, as ${firstName(reader)}` : "Show me";
  return <button type="button" class="link-button" aria-label={`${words}: ${trouble.label}`} onClick={() => show(sight)}>{words}</button>;
}

function One({ trouble, busy }: { trouble: Trouble; busy: boolean }) {
  const { id, label, says, missing, state, steps } = trouble;
  // Not `disabled`: the focus would be lost from the button that was just pressed.
  const stuck = busy || missing !== "";
  const verb = state === "played" || state === "failed" ? "Play again" : "Play";
  return (
    <li class={`trouble is-${state}`}>
      <div class="trouble-head">
        <h3>{label}</h3>
        <span class="trouble-mark"><Mark state={state} /><span class="sr-only">{MARKS[state]}</span></span>
        <button type="button" class="button button-plain button-small" aria-label={`${verb}: ${label}`} aria-describedby={`says-${id}`} aria-disabled={stuck} onClick={() => !stuck && void play(id)}>
          {verb}
        </button>
      </div>
      <p id={`says-${id}`} class="quiet">{missing || says}</p>
      <div role="log" aria-label={`What happened: ${label}`}>
        {steps.length > 0 && <ol class="trouble-steps">{steps.map((step) => <li key={step} dir="auto">{step}</li>)}</ol>}
      </div>
      <Look trouble={trouble} />
    </li>
  );
}

function Clock() {
  if (!ahead.value) return null;
  const hours = Math.round(ahead.value / 3_600_000);
  const words = hours < 48 ? `${hours} ${hours === 1 ? "hour" : "hours"}` : `${Math.round(hours / 24)} days`;
  return <p class="trouble-clock"><Icon name="calendar" size={16} /> The clock here is {words} ahead: {wallClock(new Date(demoNow()), zone.value)}.</p>;
}

export function Troubles() {
  const pane = useRef<HTMLElement>(null);
  const troubles = session.value?.troubles ?? [];
  const busy = troubles.some((one) => one.state === "playing");
  const close = (): void => {
    troublesOpen.value = false;
  };
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    pane.current?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    return () => before?.isConnected && before.focus?.({ preventScroll: true });
  }, []);
  return (
    <aside ref={pane} class="thread troubles" aria-label={TITLE} onKeyDown={(event) => {
      if (event.key === "Escape" && !event.defaultPrevented) close();
    }}>
      <header class="channel-header">
        <h2 tabIndex={-1}>{TITLE}</h2>
        <button type="button" class="icon-button" aria-label={`Close: ${TITLE}`} onClick={close}><Icon name="close" /></button>
      </header>
      <div class="troubles-body">
        <p>Each is played for real, by people at this page and in SocialCRM, against the bot as it ships.</p>
        <Clock />
        <ul>{troubles.map((one) => <One key={one.id} trouble={one} busy={busy} />)}</ul>
        {session.value?.intro?.by_hand && <div class="quiet trouble-hand"><Mrkdwn text={session.value.intro.by_hand} /></div>}
      </div>
    </aside>
  );
}
