// The first screen explains itself: who you are, three things to try, what runs where.
import { signal } from "@preact/signals";
import type { Channel, Intro as IntroText } from "../api/types";
import { send } from "../state/deeds";
import { openChannel } from "../state/person";
import { channel as openOne, me, session, setDraft, spoken, threadTs, troublesOpen } from "../state/store";
import { remember, remembered } from "../state/theme";
import { Icon } from "../parts/Icons";
import { Mrkdwn } from "../text/Mrkdwn";
import { ROLES, STAND_IN } from "./TopBar";
import { TITLE } from "./Troubles";

const KEY = "scrm-demo-intro";
export const introOpen = signal(remembered(KEY) !== "closed");

export function showIntro(): void {
  introOpen.value = true;
  spoken.value = false;
  remember(KEY, "open");
}

function hideIntro(): void {
  introOpen.value = false;
  remember(KEY, "closed");
}

export const isFirstChannel = (channel: Channel): boolean =>
  session.value?.channels.find((one) => !one.is_im && !one.is_archived)?.id === channel.id;

function fill(channel: Channel, target: string | undefined, text: string): void {
  openChannel(target);
  setDraft(openOne.peek()?.id ?? channel.id, text);
  // The composer of another channel stands only after the next frame.
  requestAnimationFrame(() => {
    const box = document.querySelector<HTMLTextAreaElement>(".composer textarea");
    box?.focus();
    box?.setSelectionRange(text.length, text.length);
  });
}

function run(channel: Channel, target: string | undefined, text: string): void {
  openChannel(target);
  void send(openOne.peek()?.id ?? channel.id, text);
}

function Try({ intro, channel }: { intro: IntroText; channel: Channel }) {
  return (
    <ol class="intro-try">
      {(intro.try ?? []).map(({ label, channel: target, text }) => (
        <li key={label}>
          <button type="button" class="try-text" title="Put it into the message box" onClick={() => fill(channel, target, text)}>
            <span>{label}</span>
            <code>{text}</code>
          </button>
          <button type="button" class="button button-plain button-small" aria-label={`Run: ${label}`} onClick={() => run(channel, target, text)}>Run</button>
        </li>
      ))}
    </ol>
  );
}

const Running = ({ intro }: { intro: IntroText }) => (
  <ul class="intro-running">
    {(intro.running ?? []).map(({ name, url, what }) => (
      <li key={name}>
        <strong>{name}</strong> {url && (/^https?:/.test(url) ? <a href={url} target="_blank" rel="noopener">{url.replace(/^https?:\/\//, "")}</a> : <code>{url}</code>)}
        <span class="quiet">{what}</span>
      </li>
    ))}
  </ul>
);

function WhatCanGoWrong({ small = false }: { small?: boolean }) {
  if (!session.value?.troubles?.length) return null;
  const open = (): void => {
    threadTs.value = null;
    troublesOpen.value = true;
  };
  return (
    <button type="button" class={small ? "button button-plain button-small" : "wrong-button"} aria-expanded={troublesOpen.value} onClick={open}>
      <Icon name="warn" size={16} /> {TITLE}
    </button>
  );
}

/** What is left of the introduction once there is something to read below it. */
const Strip = ({ intro, channel }: { intro: IntroText; channel: Channel }) => (
  <aside class="intro-strip" aria-label="About this demo">
    <ul>
      {(intro.try ?? []).map(({ label, channel: target, text }) => (
        <li key={label}><button type="button" class="button button-plain button-small" title={text} aria-label={`Run: ${label}`} onClick={() => run(channel, target, text)}>{label}</button></li>
      ))}
      <li><WhatCanGoWrong small /></li>
    </ul>
    <button type="button" class="icon-button" aria-label="About this demo" title="About this demo" onClick={showIntro}><Icon name="help" size={16} /></button>
    <button type="button" class="icon-button" aria-label="Hide this introduction" onClick={hideIntro}><Icon name="close" size={16} /></button>
  </aside>
);

export function Intro({ intro, channel }: { intro: IntroText; channel: Channel }) {
  if (spoken.value) return <Strip intro={intro} channel={channel} />;
  return (
    <aside class="intro" aria-label="About this demo">
      <button type="button" class="icon-button intro-close" aria-label="Hide this introduction" onClick={hideIntro}><Icon name="close" size={16} /></button>
      <section class="intro-who">
        <h2>{intro.title ?? "Welcome"}</h2>
        <p class="intro-me">You are <strong>{me.value?.real_name}</strong>, {me.value && ROLES[me.value.role].toLowerCase()}.</p>
        {(intro.lines ?? []).map((line) => <Mrkdwn key={line} text={line} />)}
      </section>
      <section>
        <h2>Things to try</h2>
        <Try intro={intro} channel={channel} />
        <WhatCanGoWrong />
      </section>
      <section class="intro-where">
        <h2>What runs where</h2>
        <Running intro={intro} />
        <p class="intro-stand-in quiet">{STAND_IN}</p>
      </section>
    </aside>
  );
}
