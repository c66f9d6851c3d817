// Keeps what an officer writes until the console took it: a session that ended or a console that is away costs no words.
// Kept are large text fields alone (never passwords, codes or numbers), in this tab alone, for whoever wrote them alone.

const PREFIX = "konsep:";
const OLDEST = 12 * 3600_000;
const FIELDS = 'form[method="post"] textarea:not([readonly], [hidden])';
const OPENED = "asal-konsep";
const frame = document.querySelector('meta[name="petugas"]');
const me = frame?.content;
const answer = frame && "jawaban" in frame.dataset; // to a form that was sent: nobody can come back to its address

// A field is known by where its form is sent and what it is about, so that it is the same on every page that shows it.
function keyOf(field) {
  const about = ["orang", "dari"].map((name) => field.form.querySelector(`input[type=hidden][name=${name}]`)?.value ?? "");
  return [PREFIX + new URL(field.form.getAttribute("action"), location).pathname, ...about, field.name].join("#");
}

// The news of what was done before does not belong to coming back.
function opened() {
  const page = new URL(location);
  for (const name of ["kabar", "batal"]) page.searchParams.delete(name);
  return page.pathname + page.search;
}

function* drafts() {
  const keys = Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  for (const key of keys) yield [key, JSON.parse(sessionStorage.getItem(key))];
}

function store(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // The room of the tab is full: the words still stand in their field.
  }
}

function keep(field, sent = "") {
  if (!me) return;
  if (field.value === field.defaultValue && !field.value.trim()) return sessionStorage.removeItem(keyOf(field));
  const before = answer ? JSON.parse(sessionStorage.getItem(keyOf(field))) : null;
  const page = answer ? (before?.page ?? sessionStorage.getItem(OPENED) ?? "/") : opened();
  const base = answer ? (before?.base ?? "") : field.defaultValue;
  const draft = { owner: me, text: field.value, base, page, at: Date.now(), sent };
  store(keyOf(field), JSON.stringify(draft));
}

// What the console took, it says in a cookie; what is old or somebody else's is of no use here.
function forget() {
  const [, taken] = document.cookie.match(/(?:^|; )pantau_diterima=([0-9a-f]+)/) ?? [];
  if (taken) document.cookie = "pantau_diterima=; Path=/; Max-Age=0; SameSite=Lax";
  for (const [key, draft] of drafts()) {
    const foreign = me && draft.owner !== me;
    if (foreign || Date.now() - draft.at > OLDEST || (taken && draft.sent === taken)) sessionStorage.removeItem(key);
  }
}

function offer(fields) {
  document.querySelector("#konsep")?.remove();
  const notice = document.createElement("div");
  notice.id = "konsep";
  notice.className = "notice warn row";
  notice.setAttribute("role", "status");
  const said = document.createElement("p");
  said.textContent = "Tulisan Anda yang belum tersimpan sudah dikembalikan ke isiannya.";
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "slim";
  drop.textContent = "Buang tulisan itu";
  drop.addEventListener("click", () => {
    for (const field of fields) {
      field.value = field.defaultValue;
      sessionStorage.removeItem(keyOf(field));
    }
    notice.remove();
  });
  notice.append(said, drop);
  document.querySelector("#isi").prepend(notice);
}

function restore() {
  const restored = [];
  for (const field of document.querySelectorAll(FIELDS)) {
    const draft = JSON.parse(sessionStorage.getItem(keyOf(field)));
    if (!me || draft?.owner !== me || field.value !== field.defaultValue) continue;
    if (draft.base !== field.defaultValue || draft.text === field.value) continue;
    field.value = draft.text;
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    restored.push(field);
  }
  if (restored.length) offer(restored);
}

// From the page that says that a session ended, the way leads back to the form that was sent.
function leadBack() {
  const link = document.querySelector("a[data-back]");
  const shown = [...document.querySelectorAll("textarea[readonly]")].map((area) => area.value.trim());
  const kept = [...drafts()].map(([, draft]) => draft);
  const sent = kept.filter((draft) => draft.sent && shown.includes(draft.text.trim()));
  if (!link || !sent.length) return;
  const [last] = sent.sort((one, other) => other.at - one.at);
  link.href = `/masuk?lanjut=${encodeURIComponent(last.page)}`;
  link.removeAttribute("target");
  document.querySelector("[data-kept]").hidden = false;
}

document.addEventListener("input", (event) => event.target.matches(FIELDS) && keep(event.target));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.getAttribute("action") === "/keluar") {
    return [OPENED, ...[...drafts()].map(([key]) => key)].forEach((key) => sessionStorage.removeItem(key));
  }
  if (!answer) store(OPENED, opened());
  const fields = [...form.querySelectorAll("textarea")].filter((field) => field.matches(FIELDS) && field.value.trim());
  if (!fields.length) return;
  const sent = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  fields.forEach((field) => keep(field, sent));
  const [sender, name] = event.submitter?.hasAttribute("formaction") ? [event.submitter, "formaction"] : [form, "action"];
  const target = new URL(sender.getAttribute(name), location);
  target.searchParams.set("konsep", sent);
  sender.setAttribute(name, target.pathname + target.search);
});

document.addEventListener("htmx:afterSettle", restore);
forget();
restore();
leadBack();
