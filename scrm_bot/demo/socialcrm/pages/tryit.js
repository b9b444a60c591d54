"use strict";
const at = (id) => document.getElementById(id);
const PAGED = new Set(["/v1/posts", "/v1/accounts", "/v1/trending"]);

function option(path, summary) {
  const element = document.createElement("option");
  element.value = path;
  element.textContent = `GET ${path}   ${summary}`;
  return element;
}

async function fillEndpoints() {
  const answer = await fetch("/openapi.json");
  const { paths } = await answer.json();
  for (const [path, methods] of Object.entries(paths)) {
    if (methods.get) at("endpoint").append(option(`/v1${path}`, methods.get.summary));
  }
  showFields();
}

function showFields() {
  at("id-field").hidden = !at("endpoint").value.includes("{id}");
  at("page-fields").hidden = !PAGED.has(at("endpoint").value);
}

function address() {
  const path = at("endpoint").value.replace("{id}", encodeURIComponent(at("id").value.trim()));
  const query = new URLSearchParams();
  if (!at("page-fields").hidden) {
    for (const name of ["limit", "offset"]) if (at(name).value.trim()) query.set(name, at(name).value.trim());
  }
  return query.size ? `${path}?${query}` : path;
}

function show(status, bad, called, text) {
  at("result").hidden = false;
  at("status").textContent = status;
  at("status").classList.toggle("bad", bad);
  at("called").textContent = called;
  at("answer").textContent = text;
}

async function run(event) {
  event.preventDefault();
  const url = address();
  at("run").disabled = true;
  try {
    const answer = await fetch(url, {
      headers: { Authorization: `Bearer ${at("key").value.trim()}` },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
    });
    const text = await answer.text();
    show(`${answer.status}`, !answer.ok, `GET ${url}`, pretty(text));
  } catch {
    show("no answer", true, `GET ${url}`, "The sandbox did not answer, or the key holds a character no header may hold.");
  } finally {
    at("run").disabled = false;
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function createKey() {
  const answer = await fetch("/settings/api-keys", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "Try it" }),
  });
  const made = await answer.json();
  at("key").value = made.key ?? "";
  at("note").textContent = made.key ? `New key, ending in ${made.last4}. All scopes, paid plan.` : made.error.message;
}

at("form").addEventListener("submit", run);
at("endpoint").addEventListener("change", showFields);
at("create").addEventListener("click", createKey);
fillEndpoints();
