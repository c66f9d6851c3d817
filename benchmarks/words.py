"""Ordinary Indonesian words as people write them in comments, and the parts out of which names are invented."""

from __future__ import annotations

PLAIN = """
yang dan di ke dari ini itu untuk dengan pada juga sudah akan bisa ada tidak saya kamu kita kami mereka dia nya lagi
saja kalau karena jadi buat sama lebih banyak orang hari tahun masih mau harus baru semua punya tapi atau seperti
dalam oleh jalan rumah sekolah anak ibu bapak desa kota pasar air listrik hujan banjir macet harga beras minyak gula
telur pupuk sawah petani nelayan guru murid dokter bidan puskesmas obat jembatan sungai laut pantai gunung hutan
kebun kopi teh makan minum tidur kerja libur gaji bantuan program janji bukti hasil warga rakyat pemerintah dinas
kantor surat izin pajak dana anggaran lapor tanya jawab dengar lihat baca tulis kirim ambil bawa pakai beli jual
bayar pinjam simpan buang pilih cari dapat hilang bagus jelek baik buruk benar salah cepat lambat mahal murah besar
kecil tinggi rendah panjang pendek panas dingin baru lama senang sedih marah takut malu bangga lucu aneh biasa hebat
mantap keren parah payah capek pusing bosan semoga amin terima kasih maaf tolong selamat pagi siang sore malam besok
kemarin lusa minggu senin selasa rabu kamis jumat sabtu bulan jam menit teman saudara keluarga tetangga kakak adik
paman bibi nenek kakek suami istri pacar mantan bos pegawai karyawan buruh sopir ojek motor mobil bus kereta pesawat
kapal tiket parkir bensin bengkel ban rem lampu helm jaket sepatu baju celana tas nasi goreng bakso soto sate
rendang mie ayam ikan tempe tahu sambal kerupuk gorengan pisang mangga jeruk durian kelapa main bola menang kalah
gol pemain pelatih wasit stadion lagu film sinetron artis konser panggung penonton video foto berita koran televisi
radio internet sinyal pulsa kuota ponsel aplikasi akun komen unggah bagikan ikuti suka tonton siaran
""".split()  # noqa: SIM905 - a list of words reads better as text

SLANG = """
gue gw lu elu lo aku ane ente gak ga nggak ngga kagak ora mboten tak yg dgn utk krn tp jgn sdh udh udah blm belom
bgt banget wkwk wkwkwk haha hehe hihi anjir astaga buset waduh duh nah nih tuh sih dong deh kok lah kan ya yaa iya
iyaa oke ok sip siap mantul gaskeun gas kuy woles santuy gabut mager baper bucin receh halu kepo julid nyinyir
gercep ambyar pokoke piye opo sampeyan rek cak mas mbak kang teh aa akang ceu neng euy atuh mah teu henteu pisan
kumaha naha saha sakedik abdi urang
""".split()  # noqa: SIM905 - a list of words reads better as text

PREFIXES = ("me", "mem", "men", "ber", "di", "ter", "pe", "ke", "se", "nge", "", "", "", "", "")
SUFFIXES = ("nya", "kan", "an", "i", "lah", "in", "ku", "mu", "", "", "", "", "", "")

CAMPAIGN = ("pilih", "coblos", "dukung", "menangkan", "pilkada", "paslon", "calon", "debat", "kampanye", "relawan")

# Given names that thousands of people bear; no rare word stands here.
GIVEN = """
Ahmad Muhammad Siti Sri Agus Budi Dewi Eko Dwi Tri Nur Abdul Andi Hendra Rudi Yanti Wati Rina Lina Iwan Dedi Asep
Ujang Made Wayan Ketut Nyoman Yusuf Ibrahim Ismail Maria Yohanes Joko Bambang Slamet Sugeng Hadi Rahmat Arif Fitri
Ratna Indah
""".split()  # noqa: SIM905 - a list of words reads better as text

TITLES_BEFORE = ("", "", "", "H. ", "Hj. ", "Dr. ", "Drs. ", "Ir. ", "Dr. H. ", "Drs. H. ")
TITLES_AFTER = ("", "", ", S.E.", ", S.H.", ", M.Si.", ", S.Sos., M.Si.", ", S.H., M.H.", ", S.Pd., M.Pd.", ", S.T.")

_SINGLE = ("", "b", "c", "d", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "w", "y")
ONSETS = (*_SINGLE, *_SINGLE, "ng", "ny", "kr", "pr", "tr", "sy")
NUCLEI = ("a", "a", "a", "i", "i", "u", "u", "e", "o")
CODAS = ("", "", "", "", "n", "n", "r", "s", "m", "ng", "h", "t", "k", "l")
ENDINGS = (
    "to",
    "no",
    "wan",
    "di",
    "man",
    "ti",
    "ni",
    "sih",
    "ri",
    "yah",
    "din",
    "la",
    "na",
    "ka",
    "ta",
    "dra",
    "gung",
    "lis",
)

SLOGAN_WORDS = (
    "Maju", "Bersama", "Hebat", "Berkah", "Bangkit", "Sejahtera", "Mandiri", "Unggul", "Baru", "Cerdas", "Peduli",
    "Damai",
    "Bersatu", "Makmur", "Tangguh", "Lestari", "Berani", "Jujur", "Amanah", "Melayani",
)  # fmt: skip

PLAIN_SHAPES = (
    "{w4}", "{w6}", "{w6} {w6}", "{w8}, {w5}", "{w5}... {w4}", "{w7}? {w6}", "{w9}. {w9}", "{w4} {number} {w3}",
    "{w5} @{handle} {w4}",
    "{w10} {w10} {w6}", "{w6} https://contoh.test/{slug}", "{w3}!!! {w2} 😂😂", "#{tag} {w6}", "{w12}. {w14}. {w9}",
    "{w5} {stranger} {w5}", "Pak {stranger} {w6}", "harga {w1} Rp{number}.000 {w4}", "jam {number} {w5}",
    "Jl. {w1} no. {number} {w3}",
)  # fmt: skip

MENTION_SHAPES = (
    "{m}", "{m} {w3}", "{w4} {m}", "{w5} {m} {w4}", "pilih {m} {w3}", "{w3} dukung {m}!", "saya coblos {m} {w4}",
    "{w8}. {m} {w6}", "{m}, {w7}", "{w2} sama {m} {w9}", "debat pilkada {w3} {m} {w3}", "{w6} relawan {m}",
    "{m} {w5} @{handle}",
    "{w10} {w6} {m} {w8}", "{m} mantap 👍 {w2}",
)  # fmt: skip
