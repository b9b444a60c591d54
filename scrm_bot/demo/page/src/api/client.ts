// The page's calls to the stand-in. A call always answers: a broken connection is an answer that says so.
import type { Answer, Session, SlackFile } from "./types";

const UNREACHABLE: Answer = {
  ok: false,
  error: "unreachable",
  message: "The demo server did not answer. Is scrm-bot demo still running?",
};

export async function post(path: string, body: object): Promise<Answer> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return await answerOf(response);
  } catch {
    return UNREACHABLE;
  }
}

export async function upload(user: string, file: File): Promise<SlackFile | string> {
  const form = new FormData();
  form.set("user", user);
  form.set("file", file, file.name);
  try {
    const answer = await answerOf(await fetch("/ui/upload", { method: "POST", body: form }));
    return answer.file ?? answer.message ?? answer.error ?? "The file could not be uploaded.";
  } catch {
    return UNREACHABLE.message ?? "";
  }
}

/** Nobody of that id is in the workspace. */
export class UnknownPersonError extends Error {}

export async function fetchSession(user: string): Promise<Session> {
  const response = await fetch(`/ui/state?user=${encodeURIComponent(user)}`).catch(() => null);
  if (!response) throw new Error(UNREACHABLE.message);
  if (response.status === 400) throw new UnknownPersonError(`There is no person ${user} here.`);
  if (!response.ok) throw new Error(`The demo server answered ${response.status}.`);
  return (await response.json()) as Session;
}

async function answerOf(response: Response): Promise<Answer> {
  const body: unknown = await response.json().catch(() => null);
  if (body === null || typeof body !== "object") {
    return { ok: false, error: `http_${response.status}`, message: `The demo server answered ${response.status}.` };
  }
  return { ok: response.ok, ...body };
}
