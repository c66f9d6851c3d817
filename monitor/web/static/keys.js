// Keyboard shortcuts. Buttons and fields say their key themselves (data-key, and data-digit inside a form with
// data-digits); this file only finds and presses them, so that whatever a key does can also be done by hand.

const setting = document.querySelector('meta[name="pintasan"]');
const known = new Map(JSON.parse(setting?.content || "[]").map((key) => [key.press, key.does]));
const off = setting === null || setting.hasAttribute("data-mati");

const typing = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable ||
    element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])"));

const shown = (element) => element.getClientRects().length > 0 && !element.disabled;

const first = (selector, root = document) => [...root.querySelectorAll(selector)].find(shown);

// What is open takes digits: the panel of a decision, else the verdict on a hit, else the bar itself.
function digit(name) {
  const verdict = document.querySelector("details.verdict[open]:focus-within");
  const panel = document.querySelector("details.choice[open] > .panel");
  const roots = [verdict, panel, document.querySelector(".bar [data-digits]")].filter(Boolean);
  for (const root of roots) {
    const inside = [...root.querySelectorAll(`[data-digit="${name}"]`)].filter(shown);
    const found = root.matches(".bar [data-digits]") ? inside.find((one) => !one.closest(".panel")) : inside[0];
    if (found) return found;
    if (root === panel) return null;
  }
  return null;
}

function press(element) {
  if (element.matches("[data-needs-note]")) {
    const note = element.form.querySelector("textarea");
    if (note && !note.value.trim()) {
      note.focus();
      note.placeholder = "Tulis penjelasannya, lalu pilih alasannya lagi";
      return;
    }
  }
  if (element.matches("summary")) {
    element.click();
    const panel = element.parentElement;
    if (panel.open) (first("input:checked, input, button", panel) ?? element).focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  } else if (element.matches("textarea, input:not([type=radio], [type=checkbox])")) {
    element.focus();
  } else {
    element.focus({ preventScroll: true });
    element.click();
  }
}

// Rows of a list, else the reasons why a case is there.
const rows = () => [...document.querySelectorAll(".queue a.name, [data-row], .why-band article.hit")].filter(shown);

function step(by) {
  const list = rows();
  const at = list.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = list[Math.min(Math.max(at + by, 0), list.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return Boolean(next);
}

function search() {
  const field = first("main input[type=search]");
  if (field) field.focus();
  else window.location.assign("/antrean#cari");
  return true;
}

function verdict() {
  const here = document.activeElement?.closest("article.hit");
  return (here && first("[data-key=x]", here)) ?? first("[data-key=x]");
}

const special = { next: () => step(1), previous: () => step(-1), search };

function answer(event) {
  const name = known.get(event.key);
  if (name in special) return special[name]();
  if (/^\d$/.test(event.key)) {
    const found = digit(event.key);
    if (found) press(found);
    return Boolean(found);
  }
  if (name === undefined || event.key === "Enter") return false;
  const found = name === "verdict" ? verdict() : first(`main [data-key="${CSS.escape(event.key)}"]`) ?? first(`[data-key="${CSS.escape(event.key)}"]`);
  if (found) press(found);
  return Boolean(found);
}

function close() {
  const open = document.querySelector("details.choice[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (typing(event.target)) event.target.blur();
    else close();
    return;
  }
  if (off || event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (answer(event)) event.preventDefault();
});

// One press, one decision: a second one while the first is on its way would only come back as a conflict.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else if (event.target.matches(".bar form, form.undo")) event.target.dataset.sent = "ya";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

if (window.location.hash === "#cari") first("main input[type=search]")?.focus();
