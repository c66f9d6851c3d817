// Keeps the turn of whoever has a case open: asks for five more minutes once a minute while the page is being read.

const EVERY = 60_000;
const IDLE = 15 * 60_000;

const form = document.querySelector("form[data-lease]");
const notice = document.querySelector("#giliran-kabar");
let lastSign = Date.now();

for (const sign of ["keydown", "pointermove", "scroll", "focus"]) {
  window.addEventListener(sign, () => (lastSign = Date.now()), { passive: true });
}

function say(text) {
  notice.textContent = text;
  notice.hidden = false;
}

async function renew() {
  if (document.visibilityState === "hidden" || Date.now() - lastSign > IDLE) return;
  try {
    const answer = await fetch(form.dataset.lease, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (answer.status === 409) {
      clearInterval(clock);
      say((await answer.json()).pesan);
    } else if (!answer.ok) say("Giliran Anda tidak dapat diperpanjang. Muat ulang halaman; catatan Anda dapat disalin dahulu.");
    else notice.hidden = true;
  } catch {
    say("Konsol tidak menjawab. Giliran Anda berakhir lima menit sejak perpanjangan terakhir.");
  }
}

const clock = form ? setInterval(renew, EVERY) : 0;
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && form && renew());
