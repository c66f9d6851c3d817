"""Invented sentences with the stance a reader gives them, pair by pair; 1 is Budi and Siti, 2 is Agung and Rina.

`FIRST` was at hand while the hint was written; `SECOND` was written afterwards and nothing was changed for it.
A sentence below a pair's post, naming nobody, is written `(text, "1:d", 1)`: the last number is the pair it answers.
d, c, n: dukungan, celaan, netral.
"""

from __future__ import annotations

Sentence = tuple[str, str, int | None]


def _rows(text: str, about: int | None = None) -> list[Sentence]:
    rows = []
    for line in text.strip().splitlines():
        said, _, expected = line.rpartition("|")
        rows.append((said.strip().replace("\\n", "\n"), expected.strip(), about))
    return rows


FIRST: list[Sentence] = [
    *_rows("""
Budi Contoh mantap, maju terus! | 1:d
Ayo pilih Budi Contoh | 1:d
Jangan pilih Budi Contoh | 1:c
Saya tidak mendukung Budi Contoh | 1:c
Budi Contoh bukan pilihan saya | 1:c
Budi Contoh pembohong | 1:c
Budi Contoh tidak korupsi | 1:d
Siapa lagi kalau bukan Budi Contoh | 1:d
Asal bukan Budi Contoh | 1:c
Apakah Budi Contoh jujur? | 1:n
Budi Contoh jujur nggak sih? | 1:n
Kapan Budi Contoh menepati janji? | 1:n
Menurut survei Budi Contoh unggul | 1:n
"Budi Contoh pemimpin amanah," ujar ketua partai | 1:n
Menurut saya Budi Contoh amanah | 1:d
Budi Contoh lebih jujur daripada Agung Permisal | 1:d 2:c
Agung Permisal lebih buruk dan pembohong daripada Budi Contoh | 1:d 2:c
Mending Agung Permisal daripada Budi Contoh | 1:c 2:d
Daripada Budi Contoh, mending Agung Permisal | 1:c 2:d
Budi Contoh ramah tapi korup | 1:c
Walaupun sombong, Budi Contoh kerja nyata | 1:d
Budi Contoh cerdas, Agung Permisal payah | 1:d 2:c
Budi Contoh hadir di pasar pagi ini | 1:n
Budi Contoh 👍👍👍 | 1:d
Budi Contoh 🤮 | 1:c
Budi Contoh ❤️🔥 | 1:d
Budi Contoh 👎 | 1:c
Budi Contoh hebat wkwkwk | 1:n
Katanya Budi Contoh jujur 🤣 | 1:n
Budi Contoh amanah? iya deh percaya deh | 1:n
Ora milih Budi Contoh, wegah | 1:c
Budi Contoh apik tenan, coblosen nomer siji | 1:d
Pak Budi Contoh mah sae, satuju pisan | 1:d
Teu satuju ka Budi Contoh | 1:c
Rancak bana Budi Contoh, dukuang taruih | 1:d
Indak ka mamiliah Budi Contoh, pandusto | 1:c
Budi Contoh harat banar, menangkan! | 1:d
Kada handak mamilih Budi Contoh, pambungulan | 1:c
Emoh karo Budi Contoh, tukang ngapusi | 1:c
Ogah pilih Budi Contoh | 1:c
Semoga Budi Contoh menang | 1:d
Semoga Budi Contoh kalah telak | 1:c
Budi Contoh menang hitung cepat | 1:n
Insyaallah Budi Contoh jadi bupati, aamiin | 1:d
#PilihBudiContoh sampai menang | 1:d
#TolakBudiContoh | 1:c
Jangan ragu pilih Budi Contoh | 1:d
Budi Contoh bukan hanya pintar, juga amanah | 1:d
Tidak diragukan lagi, Budi Contoh paling pantas | 1:d
Budi Contoh dituduh korupsi | 1:n
Budi Contoh membantah tuduhan suap dan bohong | 1:n
Jangan percaya Budi Contoh | 1:c
Budi Contoh tak pernah bohong | 1:d
Budi Contoh belum pantas jadi bupati | 1:c
Gak bakal gue dukung Budi Contoh | 1:c
Gue dukung Agung Permisal, bukan Budi Contoh | 1:c 2:d
Budi Contoh dan Agung Permisal berdebat malam ini | 1:n 2:n
Budi Contoh baik, tetapi Agung Permisal lebih tegas | 1:d 2:d
Muak sama Budi Contoh | 1:c
Kecewa berat dengan Budi Contoh | 1:c
Budi Contoh janji doang, nol kerja | 1:c
Bangga punya calon seperti Budi Contoh | 1:d
Maling kok nyalon, Budi Contoh namanya | 1:c
Sehat selalu Pak Budi Contoh | 1:d
Terima kasih Pak Budi Contoh sudah datang ke kampung kami | 1:d
Jadwal kampanye Budi Contoh di lapangan pukul 9 | 1:n
Budi Contoh nomor urut 1 | 1:n
Debat tadi malam: Budi Contoh menjawab soal jalan | 1:n
Fix Budi Contoh, gaspol! | 1:d
Hidup Pak Budi Contoh! | 1:d
BUDI CONTOH MANTAAAAP | 1:d
b0hong terus Budi Contoh | 1:c
Budi Contoh goblok, Agung Permisal juara | 1:c 2:d
Yang waras pilih Agung Permisal, tinggalkan Budi Contoh | 1:c 2:d
"""),
    *_rows("""
Mantap pak | 1:d
Semangat terus | 1:d
Pembohong | 1:c
Janji palsu semua | 1:c
Siap menangkan! | 1:d
🔥🔥🔥 | 1:d
🤮🤮 | 1:c
👍 | 1:d
Hadir | 1:n
Kapan ke desa kami? | 1:n
Omong kosong, jalan masih rusak | 1:c
Aamiin, semoga terpilih | 1:d
Saya tidak percaya | 1:c
Gak bakal milih | 1:c
Wkwkwk mantap | 1:n
Maju terus pak, jangan ragu | 1:d
Emoh aku | 1:c
Sae pisan bapak | 1:d
Lucu juga | 1:n
Malas lihatnya | 1:c
""", 1),
    *_rows("""
Agung Permisal aja yang cerdas | 1:n 2:d
Mending Agung Permisal | 1:n 2:d
Pilih Agung Permisal, yang ini bohong | 1:n 2:n
""", 1),
]  # fmt: skip

SECOND: list[Sentence] = [
    *_rows("""
Budi Contoh memang the best, lanjutkan pak | 1:d
Keren banget program Budi Contoh | 1:d
Saya dan keluarga coblos Budi Contoh | 1:d
Pokoknya Budi Contoh harga mati | 1:d
Budi Contoh itu munafik dan licik | 1:c
Kapok milih Budi Contoh, cukup sekali | 1:c
Budi Contoh tidak pernah peduli rakyat | 1:c
Budi Contoh orangnya santun dan rendah hati | 1:d
Kenapa sih pada benci Budi Contoh? | 1:n
Dikutip dari koran, Budi Contoh disebut amanah | 1:n
Budi Contoh jauh lebih pintar ketimbang Agung Permisal | 1:d 2:c
Budi Contoh pencitraan, sedangkan Agung Permisal kerja nyata | 1:c 2:d
Biarpun miskin pengalaman, Budi Contoh tulus | 1:d
Budi Contoh cakep tapi omdo | 1:c
Agung Permisal 👎 Budi Contoh 👍 | 1:d 2:c
Budi Contoh mendatangi pasar dan menyapa pedagang | 1:n
Hebat ya Budi Contoh, jalan sepuluh tahun rusak | 1:n
Budi Contoh jujur? mimpi | 1:n
Pak Budi Contoh alus pisan budina | 1:d
Dudu Budi Contoh sing tak pilih, Agung Permisal | 1:c 2:d
Ampun milih Budi Contoh, cangkeman | 1:c
Elok bana Pak Budi Contoh | 1:d
Ndak ado nan cadiak salain Budi Contoh | 1:d
Kada percaya lagi lawan Budi Contoh | 1:c
Budi Contoh 💩 | 1:c
Budi Contoh 💪🙌 | 1:d
Moga Pak Budi Contoh terpilih | 1:d
#LanjutkanBudiContoh | 1:d
Tenggelamkan Budi Contoh | 1:c
Budi Contoh diperiksa dalam kasus korupsi | 1:n
KPU menetapkan Budi Contoh sebagai calon | 1:n
Budi Contoh tidak sombong | 1:d
Tidak ada alasan memilih Budi Contoh | 1:c
Budi Contoh panutan kami, salut! | 1:d
Serakah sekali keluarga Budi Contoh | 1:c
Foto Budi Contoh terpasang di perempatan | 1:n
Lihat baliho Budi Contoh jadi enek | 1:c
Budi Contoh idolaku 😍 | 1:d
Budi Contoh kampanye di balai desa, Agung Permisal di stadion | 1:n 2:n
Agung Permisal mah lewat, Budi Contoh paling mumpuni | 1:d 2:n
"""),
    *_rows("""
Luar biasa Bu | 1:d
Bohong lagi bohong lagi | 1:c
Tolak! | 1:c
Gaskeun bu | 1:d
Alamat posko di mana? | 1:n
Selamat pagi | 1:n
Tidak layak | 1:c
Pantas saja jalannya rusak, payah | 1:c
Setuju sekali | 1:d
Hahaha bisa aja | 1:n
""", 1),
]  # fmt: skip
