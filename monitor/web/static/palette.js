// The palette (Ctrl-K): rooms of the menu, what the page offers by key, and cases by their number.

const setting = document.querySelector('meta[name="pintasan"]');
const off = setting === null || setting.hasAttribute("data-mati");

const words = (element) =>
  [...element.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join(" ").replace(/\s+/g, " ").trim();

function entries() {
  const rooms = [...document.querySelectorAll(".side-bar .rooms a")].map((link) => ({ text: words(link), kind: "halaman", go: () => link.click() }));
  const doings = [...document.querySelectorAll("main [data-key], main .choice > summary, .side-bar [data-key]")]
    .filter((element) => !element.disabled && element.matches("button, summary, a"))
    .map((element) => ({ text: words(element), kind: "tindakan", go: () => (element.focus(), element.click()) }));
  const seen = new Set();
  return [...rooms, ...doings].filter((entry) => entry.text && !seen.has(entry.text) && seen.add(entry.text));
}

function matching(asked, all) {
  const wanted = asked.trim().toLowerCase();
  const found = all.filter((entry) => wanted.split(/\s+/).every((word) => entry.text.toLowerCase().includes(word)));
  if (/^\d{1,9}$/.test(wanted)) {
    found.unshift({ text: `Informasi awal ${wanted}`, kind: "buka", go: () => window.location.assign(`/informasi-awal/${wanted}`) });
  }
  return found.slice(0, 12);
}

function build() {
  const box = document.createElement("dialog");
  box.className = "palette";
  box.setAttribute("aria-label", "Palet: halaman, tindakan, nomor informasi awal");
  box.innerHTML =
    '<label class="hidden-label" for="palet">Cari halaman, tindakan, atau nomor</label>' +
    '<input id="palet" type="text" role="combobox" aria-expanded="true" aria-controls="palet-isi" autocomplete="off" placeholder="Halaman, tindakan, atau nomor informasi awal">' +
    '<ul id="palet-isi" role="listbox" aria-label="Hasil"></ul>';
  document.body.append(box);
  return box;
}

function open() {
  const box = document.querySelector("dialog.palette") ?? build();
  const field = box.querySelector("input");
  const list = box.querySelector("ul");
  const all = entries();
  let found = [];
  let at = 0;
  const draw = () => {
    found = matching(field.value, all);
    at = Math.min(at, Math.max(found.length - 1, 0));
    list.replaceChildren(...found.map((entry, number) => option(entry, number, number === at, choose)));
    field.setAttribute("aria-activedescendant", found.length ? `palet-${at}` : "");
  };
  const choose = (number) => {
    const entry = found[number];
    box.close();
    entry?.go();
  };
  field.value = "";
  field.oninput = () => ((at = 0), draw());
  field.onkeydown = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(found.length, 1);
      draw();
    } else if (event.key === "Enter") choose(at);
    else return;
    event.preventDefault();
  };
  box.showModal();
  field.focus();
  draw();
}

function option(entry, number, active, choose) {
  const row = document.createElement("li");
  row.id = `palet-${number}`;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", String(active));
  row.append(entry.text);
  const kind = document.createElement("small");
  kind.textContent = ` ${entry.kind}`;
  row.append(kind);
  row.onclick = () => choose(number);
  return row;
}

document.addEventListener("keydown", (event) => {
  if (off || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  if (!document.querySelector("dialog[open]")) open();
});
