"""The console's keyboard shortcuts: the one list that the key handler, the buttons and the help page read."""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE, IN_LISTS, IN_CASES = "di semua halaman", "di antrean", "di halaman informasi awal"


@dataclass(frozen=True, slots=True)
class Key:
    """One shortcut: what it does by name (for scripts), what one presses, and where it holds.

    `press` is what KeyboardEvent.key says, `Ctrl+` before it where that is held too.
    """

    does: str
    press: str
    words: str
    where: str

    @property
    def shown(self) -> str:
        """The key as it stands on a button or in the help."""
        return self.press.replace("+k", "+K")


KEYS = (
    Key("next", "j", "ke baris atau informasi awal berikutnya", IN_LISTS),
    Key("previous", "k", "ke baris atau informasi awal sebelumnya", IN_LISTS),
    Key("open", "Enter", "membuka baris yang dipilih", IN_LISTS),
    Key("take", "g", "mengambil informasi awal berikutnya untuk ditinjau", EVERYWHERE),
    Key("decide-1", "1", "memilih keputusan pertama di panel keputusan", IN_CASES),
    Key("decide-2", "2", "memilih keputusan kedua", IN_CASES),
    Key("decide-3", "3", "memilih keputusan ketiga", IN_CASES),
    Key("decide-4", "4", "memilih keputusan keempat", IN_CASES),
    Key("decide-5", "5", "memilih keputusan kelima", IN_CASES),
    Key("verdict", "x", "menilai indikasi yang sedang disorot, benar atau keliru", IN_CASES),
    Key("note", "n", "menulis catatan", IN_CASES),
    Key("skip", "s", "melewati informasi awal ini untuk sekarang", IN_CASES),
    Key("undo", "u", "membatalkan keputusan terakhir Anda", IN_CASES),
    Key("search", "/", "mencari", EVERYWHERE),
    Key("help", "?", "membuka daftar pintasan", EVERYWHERE),
    Key(
        "palette",
        "Ctrl+k",
        "membuka palet: pindah halaman atau menjalankan tindakan lewat namanya",
        EVERYWHERE,
    ),
)


def as_data() -> list[dict[str, str]]:
    """Return the list for a page's key handler: what it does, what is pressed, the wording, where."""
    return [{"does": key.does, "press": key.press, "words": key.words, "where": key.where} for key in KEYS]
