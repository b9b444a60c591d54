// Files: each is sent at once, and can be taken out again before the dialog is submitted.
import { useRef, useState } from "preact/hooks";
import { upload } from "../api/client";
import type { SlackFile } from "../api/types";
import { session } from "../state/store";
import { Icon, Spinner } from "../parts/Icons";
import { useField, type ElementProps } from "./surface";

const MOST_BYTES = 10 * 1024 * 1024;

export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function refusal(file: File, types: string[] | undefined): string | null {
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  if (types?.length && !types.includes(ending)) return `${file.name} is not one of: ${types.join(", ")}.`;
  if (file.size > MOST_BYTES) return `${file.name} is larger than 10 MB.`;
  return null;
}

/** Those that may come, as many as there is room for, and a sentence about each of the others. */
function sorted(chosen: File[], types: string[] | undefined, room: number, most: number): { fine: File[]; refused: string[] } {
  const fine: File[] = [];
  const refused: string[] = [];
  for (const file of chosen) {
    const wrong = refusal(file, types) ?? (fine.length < room ? null : `${file.name} is one too many: at most ${most} file${most === 1 ? "" : "s"}.`);
    if (wrong) refused.push(wrong);
    else fine.push(file);
  }
  return { fine, refused };
}

export function FileInput(props: ElementProps) {
  const { element, id } = props;
  const field = useField(props);
  const [coming, setComing] = useState<File[]>([]);
  const [problems, setProblems] = useState<string[]>([]);
  const underway = useRef(0); // counted at once: the next files may be chosen before this is drawn anew
  const files = field.value.files ?? [];
  const most = element.max_files ?? 10;

  const complain = (words: string[]): void => setProblems((before) => [...before, ...words]);
  const take = async (chosen: File[]): Promise<void> => {
    if (underway.current === 0) setProblems([]);
    const { fine, refused } = sorted(chosen, element.filetypes, most - files.length - underway.current, most);
    complain(refused);
    underway.current += fine.length;
    setComing((before) => [...before, ...fine]);
    const sent = await Promise.all(fine.map((file) => upload(session.peek()?.me.id ?? "", file)));
    underway.current -= fine.length;
    setComing((before) => before.filter((one) => !fine.includes(one)));
    complain(sent.flatMap((one, at) => (typeof one === "string" ? [`${fine[at]?.name}: ${one}`] : [])));
    const here = sent.filter((one): one is SlackFile => typeof one !== "string");
    // Others may have come meanwhile, or been taken out.
    if (here.length > 0) field.set((now) => ({ files: [...(now.files ?? []), ...here] }));
  };

  return (
    <div
      class="file-box"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <div class="file-pick">
        <input
          id={id}
          class="file-native"
          type="file"
          multiple={most > 1}
          accept={element.filetypes?.map((ending) => `.${ending}`).join(",")}
          aria-describedby={props.describedBy}
          aria-invalid={props.invalid || undefined}
          onChange={(event) => {
            void take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <span class="button button-plain" aria-hidden="true"><Icon name="clip" size={16} /> Upload files</span>
        <span class="file-or" aria-hidden="true">or drop them here</span>
      </div>
      <ul class="file-list">
        {files.map((file) => (
          <li key={file.id}>
            <Icon name="file" /> <span class="file-name" dir="auto">{file.name}</span> <span class="quiet">{sizeOf(file.size)}</span>
            <button type="button" class="icon-button" aria-label={`Remove ${file.name}`} onClick={() => field.set((now) => ({ files: (now.files ?? []).filter((one) => one.id !== file.id) }))}>
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
        {coming.map((file, at) => <li key={`coming-${at}`}><Spinner /> <span class="file-name" dir="auto">{file.name}</span> <span class="quiet">Uploading…</span></li>)}
      </ul>
      {problems.length > 0 && <div role="alert">{problems.map((words, at) => <p key={at} class="field-error">{words}</p>)}</div>}
    </div>
  );
}
