"use strict";
const list = document.getElementById("posts");
const note = document.getElementById("note");
const CLOSED = new Set(["published", "publishing"]);
const FRESH_MS = 3000;
/** What a field for a time is read in; by its name, which holds in summer and in winter. */
const ZONE = new Intl.DateTimeFormat().resolvedOptions().timeZone;
/** What stands in the list: the card of each post, and the post it shows, as text. */
const cards = new Map();

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function when(post) {
  const moment = post.published_at ?? post.scheduled_at;
  return moment ? new Date(moment).toLocaleString([], { timeZoneName: "short" }) : "";
}

/** What an input of the kind datetime-local holds: the wall clock of this browser. */
function local(moment) {
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

async function change(post, method, body, told) {
  note.textContent = "";
  const answer = await fetch(`/settings/posts/${encodeURIComponent(post.id)}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  }).catch(() => null);
  let words = told;
  if (!answer) words = "The sandbox does not answer.";
  else if (!answer.ok) words = (await answer.json()).error.message;
  else await settle(post.id);
  note.textContent = words;
}

/** Show this post anew and go on at its Save, or at the next post where it has none any more. Nothing else is touched. */
async function settle(id) {
  const before = cards.get(id)?.made;
  const next = before?.nextElementSibling ?? before?.previousElementSibling;
  await fill({ anew: id });
  const after = cards.get(id)?.made ?? next;
  const save = after === next ? null : after?.querySelector("button.main");
  if (after && !save) after.tabIndex = -1;
  (save ?? after)?.focus();
}

function labelled(label, field, id) {
  const box = element("div", "", "field");
  const name = element("label", label);
  field.id = name.htmlFor = id;
  box.append(name, field);
  return box;
}

function editor(post) {
  const form = element("form");
  const text = element("textarea");
  text.value = post.body;
  form.append(labelled("Text", text, `text-${post.id}`));
  const time = element("input");
  if (post.status === "scheduled") {
    time.type = "datetime-local";
    time.value = local(post.scheduled_at);
    form.append(labelled(`Goes out (${ZONE})`, time, `time-${post.id}`));
  }
  const buttons = element("div", "", "row");
  const save = element("button", "Save", "main");
  save.setAttribute("aria-label", `Save ${post.id}`);
  buttons.append(save, remover(post));
  form.append(buttons);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = { body: text.value };
    if (time.value && time.value !== local(post.scheduled_at)) body.scheduled_at = new Date(time.value).toISOString();
    void change(post, "PATCH", body, `${post.id} is saved.`);
  });
  return form;
}

function remover(post) {
  const button = element("button", "Delete");
  button.type = "button";
  button.setAttribute("aria-label", `Delete ${post.id}`);
  button.addEventListener("click", () => {
    if (button.dataset.asked) {
      void change(post, "DELETE", undefined, `${post.id} is deleted.`);
      return;
    }
    button.dataset.asked = "yes";
    button.textContent = "Really delete it?";
    button.setAttribute("aria-label", `Really delete ${post.id}?`);
  });
  return button;
}

function card(post) {
  const made = element("article", "", "card");
  made.setAttribute("aria-label", post.id);
  const meta = element("div", "", "meta");
  meta.append(element("code", post.id), element("span", post.status, "chip"));
  for (const words of [when(post), post.account_ids.join(", ")]) if (words) meta.append(element("span", words, "soft"));
  made.append(meta);
  made.append(CLOSED.has(post.status) ? element("p", post.body) : editor(post));
  if (post.error) made.append(element("p", post.error, "bad"));
  return made;
}

/** Somebody writes here, has written something that is not saved, or is asked something. */
function isHeld(made) {
  return made.contains(document.activeElement) || made.dataset.typed || made.querySelector("[data-asked]");
}

/** Show the posts as they are; a card that is held stays as it is, unless it is the one that was just saved. */
async function fill({ anew } = {}) {
  const answer = await fetch("/settings/posts", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const posts = (await answer.json()).data;
  const known = new Set(posts.map((post) => post.id));
  for (const [id, { made }] of cards) {
    if (known.has(id) || (id !== anew && isHeld(made))) continue;
    made.remove();
    cards.delete(id);
  }
  let last = null;
  for (const post of posts) {
    last = place(post, last, post.id === anew);
  }
}

/** Put a post's card behind the last one; what is in its place already is not moved, so that it keeps the focus. */
function place(post, last, anew) {
  const shown = JSON.stringify(post);
  const before = cards.get(post.id);
  const fresh = !before || anew || (before.shown !== shown && !isHeld(before.made));
  const made = fresh ? card(post) : before.made;
  if (fresh) cards.set(post.id, { made, shown });
  if (fresh && before) before.made.replaceWith(made);
  const expected = last ? last.nextElementSibling : list.firstElementChild;
  if (expected !== made && !made.contains(document.activeElement)) list.insertBefore(made, expected);
  return made;
}

list.addEventListener("input", (event) => {
  note.textContent = "";
  event.target.closest("article").dataset.typed = "yes";
});
list.addEventListener("click", () => {
  note.textContent = "";
});
void fill();
setInterval(fill, FRESH_MS);
