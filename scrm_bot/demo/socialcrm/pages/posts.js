"use strict";
const list = document.getElementById("posts");
const note = document.getElementById("note");
const CLOSED = new Set(["published", "publishing"]);
const FRESH_MS = 3000;
let shown = "";

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function when(post) {
  const moment = post.published_at ?? post.scheduled_at;
  return moment ? new Date(moment).toLocaleString() : "";
}

/** What an input of the kind datetime-local holds: the wall clock of this browser. */
function local(moment) {
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

async function change(post, method, body, told) {
  const answer = await fetch(`/settings/posts/${encodeURIComponent(post.id)}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  }).catch(() => null);
  let words = told;
  if (!answer) words = "The sandbox does not answer.";
  else if (!answer.ok) words = (await answer.json()).error.message;
  await fill({ always: true });
  note.textContent = words;
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
    form.append(labelled("Goes out", time, `time-${post.id}`));
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
  meta.append(element("span", when(post), "soft"), element("span", post.account_ids.join(", "), "soft"));
  made.append(meta);
  made.append(CLOSED.has(post.status) ? element("p", post.body) : editor(post));
  if (post.error) made.append(element("p", post.error, "bad"));
  return made;
}

/** Show the posts as they are, unless somebody is writing. */
async function fill({ always = false } = {}) {
  const answer = await fetch("/settings/posts", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const text = await answer.text();
  const busy = list.contains(document.activeElement) || list.querySelector("[data-asked]");
  if (text === shown || (busy && !always)) return;
  shown = text;
  list.replaceChildren(...JSON.parse(text).data.map(card));
}

void fill();
setInterval(fill, FRESH_MS);
