// Playing what can go wrong, and going along with what was started here.
import { effect } from "@preact/signals";
import { post } from "../api/client";
import { follow } from "./sight";
import { session, spoken, toast } from "./store";

let mine = "";
let followed = "";

export async function play(id: string): Promise<void> {
  spoken.value = true;
  mine = id;
  followed = "";
  const answer = await post("/ui/trouble", { user: session.peek()?.me.id, id });
  if (answer.ok) return;
  mine = "";
  toast(answer.message ?? "It could not be played.");
}

export function followTroubles(): void {
  effect(() => {
    const playing = session.value?.troubles?.find((one) => one.id === mine);
    const sight = playing?.sight;
    if (!sight || sight.ts === followed) return;
    followed = sight.ts;
    follow(sight);
  });
}
