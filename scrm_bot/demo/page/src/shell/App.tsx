// The whole page: top bar, sidebar, the open place, the thread beside it, and what lies on top.
import { useEffect } from "preact/hooks";
import { channel, connection, failure, place, session, threadTs, topView, troublesOpen } from "../state/store";
import { OpenQuestion } from "../blocks/Confirm";
import { ChannelView } from "./ChannelView";
import { AppHome } from "./AppHome";
import { Modal } from "./Modal";
import { Sidebar } from "./Sidebar";
import { Thread } from "./Thread";
import { Toasts } from "./Toasts";
import { TopBar } from "./TopBar";
import { Troubles } from "./Troubles";

function Waiting() {
  const failed = connection.value === "failed";
  return (
    <main class="waiting" aria-busy={!failed}>
      {failed ? (
        <>
          <h1>The demo server does not answer</h1>
          <p>{failure.value}</p>
          <p class="quiet">Start it with <code>scrm-bot demo</code>. This page tries again by itself.</p>
        </>
      ) : <p class="boot">Opening Acme Social…</p>}
    </main>
  );
}

function Banner() {
  if (connection.value !== "lost") return null;
  return (
    <div class="banner" role="status">
      <span class="spinner" aria-hidden="true" /> Connection lost. Reconnecting…
    </div>
  );
}

export function App() {
  const known = session.value;
  const open = channel.value;
  const view = topView.value;
  const here = place.value;
  useEffect(() => {
    document.title = `${known?.team.name ?? "Acme Social"} · scrm-bot demo`;
  }, [known?.team.name]);
  if (!known) return <Waiting />;
  const thread = open !== null && threadTs.value !== null;
  const aside = thread || troublesOpen.value;
  return (
    <div class="page">
      <TopBar />
      <Banner />
      <div class={aside ? "columns has-thread" : "columns"}>
        <Sidebar />
        {here?.at === "home" ? <AppHome tab={here.tab} /> : open ? <ChannelView key={`${known.me.id}/${open.id}`} channel={open} /> : <main class="waiting"><p>This channel is not visible to {known.me.real_name}.</p></main>}
        {open && threadTs.value && <Thread channel={open} ts={threadTs.value} key={`${open.id}/${threadTs.value}`} />}
        {!thread && troublesOpen.value && <Troubles />}
      </div>
      {view && <Modal view={view} depth={known.views.length} />}
      {!view && <Toasts />}
      <OpenQuestion />
    </div>
  );
}
