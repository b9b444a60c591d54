// Where one writes: Enter sends, Shift+Enter breaks the line, "/" offers commands.
import { useEffect, useRef, useState } from "preact/hooks";
import { upload } from "../api/client";
import type { Channel, SlackFile } from "../api/types";
import { runShortcut, send } from "../state/deeds";
import { drafts, session, setDraft, toast, toasts } from "../state/store";
import { Icon, Spinner } from "../parts/Icons";
import { Menu } from "../parts/Menu";
import { isComplete, suggestionsFor, usageFor } from "./commands";
import { Suggestions, suggestionId } from "./Suggestions";

interface ComposerProps {
  channel: Channel;
  label: string;
  thread?: string;
}

function useFiles() {
  const [files, setFiles] = useState<SlackFile[]>([]);
  const [coming, setComing] = useState(0);
  const take = async (chosen: File[]): Promise<void> => {
    setComing((before) => before + chosen.length);
    const sent = await Promise.all(chosen.map((file) => upload(session.peek()?.me.id ?? "", file)));
    setComing((before) => before - chosen.length);
    for (const one of sent) if (typeof one === "string") toast(one);
    setFiles((before) => [...before, ...sent.filter((one): one is SlackFile => typeof one !== "string")]);
  };
  return { files, setFiles, coming, take };
}

function Shortcuts({ channel }: { channel: Channel }) {
  const items = (session.value?.shortcuts ?? [])
    .filter((one) => one.type === "global")
    .map((one) => ({ key: one.callback_id, label: one.name, detail: one.description, onSelect: () => void runShortcut(one.callback_id, "global", { channel: channel.id }) }));
  if (items.length === 0) return null;
  return <Menu label="Shortcuts" button={<Icon name="bolt" />} items={items} side="above" />;
}

export function Composer({ channel, label, thread }: ComposerProps) {
  const key = thread ? `${channel.id}/${thread}` : channel.id;
  const text = drafts.value[key] ?? "";
  const [active, setActive] = useState(0);
  const [hidden, setHidden] = useState(false);
  const { files, setFiles, coming, take } = useFiles();
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const known = session.value;
  useEffect(() => {
    // On a touch screen this would raise the keyboard over what one came to read.
    const elsewhere = document.querySelector("dialog[open]") ?? document.activeElement?.closest(".troubles");
    if (!thread && matchMedia("(hover: hover)").matches && !elsewhere) box.current?.focus({ preventScroll: true });
  }, []);
  const offered = known && !hidden && !thread ? suggestionsFor(text, known) : [];
  const usage = known && offered.length === 0 && !thread ? usageFor(text, known) : null;
  const current = offered[Math.min(active, offered.length - 1)];

  const write = (next: string): void => {
    setDraft(key, next);
    setActive(0);
    setHidden(false);
  };
  const complete = (insert: string): void => {
    write(insert);
    box.current?.focus();
  };
  const submit = async (): Promise<void> => {
    if ((!text.trim() && files.length === 0) || coming > 0) return;
    write("");
    setFiles([]);
    const out = await send(channel.id, text, { thread, files: files.map((file) => file.id) });
    if (!out && !drafts.peek()[key]) setDraft(key, text);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (current && by) {
      event.preventDefault();
      setActive((Math.min(active, offered.length - 1) + by + offered.length) % offered.length);
    } else if (current && event.key === "Escape") {
      event.preventDefault();
      setHidden(true);
    } else if (current && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      complete(current.insert);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (current && !(known && isComplete(text, known) && active === 0)) complete(current.insert);
      else void submit();
    }
  };

  if (channel.is_archived) return <p class="composer-closed">This channel is archived.</p>;
  return (
    <div class="composer" onDragOver={(event) => event.preventDefault()} onDrop={(event) => {
      event.preventDefault();
      void take([...(event.dataTransfer?.files ?? [])]);
    }}>
      {offered.length > 0 && <Suggestions items={offered} active={current} pick={complete} />}
      {usage && <p class="usage"><code>{usage.usage}</code> <span class="quiet">{usage.summary}</span></p>}
      <div class="composer-box">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          aria-label={label}
          placeholder={label}
          aria-autocomplete="list"
          aria-controls={offered.length > 0 ? "suggestions" : undefined}
          aria-activedescendant={current ? suggestionId(current) : undefined}
          value={text}
          onInput={(event) => {
            toasts.value = [];
            write(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setHidden(true)}
          onFocus={() => setHidden(false)}
          onPaste={(event) => {
            const pasted = [...(event.clipboardData?.files ?? [])];
            if (pasted.length === 0) return;
            event.preventDefault();
            void take(pasted);
          }}
        />
        {(files.length > 0 || coming > 0) && (
          <ul class="composer-files">
            {files.map((file) => (
              <li key={file.id} class="chip">
                <span class="chip-name">{file.name}</span>
                <button type="button" aria-label={`Remove ${file.name}`} onClick={() => setFiles(files.filter((one) => one.id !== file.id))}><Icon name="close" size={12} /></button>
              </li>
            ))}
            {coming > 0 && <li class="chip"><Spinner /> Uploading…</li>}
          </ul>
        )}
        <div class="composer-row">
          <input ref={picker} class="sr-only" type="file" multiple tabIndex={-1} aria-label="Files to attach" onChange={(event) => {
            void take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }} />
          <button type="button" class="icon-button" aria-label="Attach a file" title="Attach a file" onClick={() => picker.current?.click()}><Icon name="plus" /></button>
          {!thread && <Shortcuts channel={channel} />}
          <span class="composer-hint"><b>Enter</b> to send, <b>Shift+Enter</b> for a new line</span>
          <button type="button" class="send" aria-label="Send" disabled={!text.trim() && files.length === 0} onClick={() => void submit()}><Icon name="send" /></button>
        </div>
      </div>
    </div>
  );
}
