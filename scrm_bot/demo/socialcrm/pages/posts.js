"use strict";
const list = document.getElementById("posts");
const note = document.getElementById("note");
const CLOSED = new Set(["published", "publishing"]);

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

function editor(post) {
  const form = element("form");
  const field = element("div", "", "field");
  const text = element("textarea");
  text.value = post.body;
  text.setAttribute("aria-label", `Text of ${post.id}`);
  field.append(text);
  form.append(field, element("button", "Save", "main"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(`/settings/posts/${post.id}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ body: text.value }),
    });
    const told = answer.ok ? `${post.id} is saved.` : (await answer.json()).error.message;
    await fill();
    note.textContent = told;
  });
  return form;
}

function card(post) {
  const made = element("article", "", "card");
  const meta = element("div", "", "meta");
  meta.append(element("code", post.id), element("span", post.status, "chip"));
  meta.append(element("span", when(post), "soft"), element("span", post.account_ids.join(", "), "soft"));
  made.append(meta);
  made.append(CLOSED.has(post.status) ? element("p", post.body) : editor(post));
  if (post.error) made.append(element("p", post.error, "bad"));
  return made;
}

async function fill() {
  const { data } = await (await fetch("/settings/posts", { cache: "no-store" })).json();
  list.replaceChildren(...data.map(card));
}

fill();
