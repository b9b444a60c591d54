// The app's own place: Home, Messages and About.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Blocks } from "../blocks/Blocks";
import { SurfaceContext } from "../blocks/surface";
import { go } from "../state/person";
import { botChannel, session, type HomeTab } from "../state/store";
import { AppMark, Spinner } from "../parts/Icons";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";

const TABS: [HomeTab, string][] = [["home", "Home"], ["messages", "Messages"], ["about", "About"]];
const PATIENCE_MS = 4000;

function Tabs({ tab }: { tab: HomeTab }) {
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const at = TABS.findIndex(([key]) => key === tab);
    const next = TABS[(at + by + TABS.length) % TABS.length];
    if (next) go({ at: "home", tab: next[0] });
    requestAnimationFrame(() => row.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus());
  };
  return (
    <div class="tabs" role="tablist" aria-label="App" ref={row} onKeyDown={onKeyDown}>
      {TABS.map(([key, title]) => {
        const unread = key === "messages" ? (botChannel.value?.unread ?? 0) : 0;
        return (
          <button key={key} id={`tab-${key}`} type="button" role="tab" aria-selected={key === tab} aria-controls="app-panel" tabIndex={key === tab ? 0 : -1} onClick={() => go({ at: "home", tab: key })}>
            {title}{unread > 0 && <span class="badge">{unread}</span>}
          </button>
        );
      })}
    </div>
  );
}

function Home() {
  const view = session.value?.home;
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, []);
  const id = view?.id ?? "";
  const surface = useMemo(() => ({ container: { type: "view" as const, view_id: id }, kind: "home" as const }), [id]);
  if (!view) {
    return <div class="home-empty">{late ? <p>The bot has not published a Home yet. Its messages and /scrm work all the same.</p> : <p><Spinner /> Opening Home…</p>}</div>;
  }
  return <div class="home-scroll"><SurfaceContext.Provider value={surface}><Blocks blocks={view.blocks} /></SurfaceContext.Provider></div>;
}

function About() {
  const known = session.value;
  return (
    <div class="home-scroll about">
      <h2>{known?.bot.name}</h2>
      <p>Draft, approve, schedule and measure social posts without leaving Slack. Here it runs on your own machine.</p>
      <h3>Commands</h3>
      <dl>
        {(known?.commands ?? []).map((one) => (
          <div key={one.command}><dt><code>{one.command} {one.usage_hint}</code></dt><dd>{one.description}</dd></div>
        ))}
      </dl>
      <h3>Shortcuts</h3>
      <dl>
        {(known?.shortcuts ?? []).map((one) => (
          <div key={one.callback_id}><dt>{one.name}</dt><dd>{one.description} <span class="quiet">{one.type === "global" ? "From the lightning button." : "From a message's menu."}</span></dd></div>
        ))}
      </dl>
    </div>
  );
}

function Messages() {
  const channel = botChannel.value;
  if (!channel) return <div class="home-empty"><p>No messages from the app yet.</p></div>;
  return (
    <>
      <MessageList channel={channel} />
      <Composer channel={channel} label={`Message ${session.value?.bot.name ?? "the app"}`} />
    </>
  );
}

export function AppHome({ tab }: { tab: HomeTab }) {
  const name = session.value?.bot.name ?? "App";
  return (
    <main class="place" id="place" tabIndex={-1} aria-label={name}>
      <header class="channel-header app-header">
        <h1><AppMark size={26} /> {name}</h1>
        <span class="app-badge">APP</span>
      </header>
      <Tabs tab={tab} />
      <div class="app-panel" id="app-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} key={`${session.value?.me.id}/${tab}`}>
        {tab === "home" ? <Home /> : tab === "messages" ? <Messages /> : <About />}
      </div>
    </main>
  );
}
