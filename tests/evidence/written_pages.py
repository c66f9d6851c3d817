"""Invented public pages for pictures of them: one text that is sought, people around it who are nobody's business."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

OWN = "Mari dukung Paslon 1 demi Contoh Bangkit bersama @[akun lain] dan warga"
STRANGERS = ("Warga Jauh", "Sri Tetangga", "Joko Lewat", "@tetangga_contoh")

STYLE = """
body { margin: 0; font: 16px/1.4 sans-serif; background: #e6ebf0; }
.tgme_widget_message { background: #fff; margin: 12px auto; width: 560px; padding: 12px; border-radius: 12px; }
.tgme_widget_message_user img { width: 42px; height: 42px; }
.tgme_widget_message_reply { display: block; border-left: 3px solid #2a7; padding-left: 8px; margin: 6px 0; }
.tgme_widget_message_photo { display: block; width: 480px; height: 200px; margin: 8px 0; }
aside { width: 560px; margin: 0 auto; } aside p { background: #fff; padding: 8px; margin: 4px 0; }
"""


def photo(colour: str, word: str, size: tuple[int, int] = (480, 200)) -> bytes:
    """Return a small PNG with a word on it."""
    drawn = Image.new("RGB", size, colour)
    ImageDraw.Draw(drawn).text((10, 10), word, fill="white", font_size=40)
    out = BytesIO()
    drawn.save(out, "PNG")
    return out.getvalue()


def telegram(handle: str = "asn_contoh", number: int = 45, extra: str = "") -> str:
    """A post of a channel as the web preview shows it, an answer to a neighbour's, with neighbours' words below."""
    return f"""<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><title>Kanal Contoh</title>
<link rel="stylesheet" href="/gaya.css"></head><body>
<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{handle}/{number}">
<div class="tgme_widget_message_user"><a href="https://t.me/{handle}"><img src="/wajah.png" alt=""></a></div>
<div class="tgme_widget_message_author"><a class="tgme_widget_message_owner_name" href="https://t.me/{handle}">
<span>Kanal Contoh</span></a></div>
<a class="tgme_widget_message_reply" href="https://t.me/tetangga_contoh/3"><b>Sri Tetangga</b>
<div>Besok kerja bakti di rumah Joko Lewat</div></a>
<a class="tgme_widget_message_photo" href="https://t.me/{handle}/{number}"
 style="background-image:url('/poster.png')"></a>
<div class="tgme_widget_message_text">Mari dukung <b>Paslon 1</b> demi Contoh Bangkit<br>bersama
<a href="https://t.me/tetangga_contoh">@tetangga_contoh</a> dan warga</div>
<div class="tgme_widget_message_footer"><a href="https://t.me/{handle}/{number}">
<time datetime="2024-10-20T10:00:00+07:00">20 Okt 10.00</time></a></div></div></div>
<aside><p><b>Warga Jauh</b> Setuju sekali, Bu Sri Tetangga</p><p><b>Joko Lewat</b> Hadir</p></aside>{extra}
</body></html>"""


def thread(path: str, before: int = 2, after: int = 2) -> str:
    """A page of many posts by different people, all praising; ours is the one at `path`."""

    def one(number: int) -> str:
        return (
            f'<article><a href="/profile/tetangga{number}"><b>Warga Jauh {number}</b></a>'
            f"<p>Mari dukung Paslon 1 demi Contoh Bangkit, kata warga {number}</p></article>"
        )

    own = (
        f'<article><a href="/profile/asn.contoh.test"><b>Asn Contoh</b></a><p>Mari dukung Paslon 1 demi Contoh Bangkit '
        f'bersama @tetangga_contoh dan warga</p><a href="{path}"><time>20 Okt</time></a></article>'
    )
    rest = [one(number) for number in range(before + after)]
    return (
        '<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"><style>article{background:#fff;padding:20px;'
        "margin:10px;height:160px}</style></head><body>"
        + "".join((*rest[:before], own, *rest[before:]))
        + "</body></html>"
    )


WALL = """<!DOCTYPE html><html lang="id"><head><meta charset="utf-8"></head><body><h1>Masuk untuk melihat</h1>
<form><input name="email"><input type="password" name="sandi"><button>Masuk</button></form></body></html>"""

ENDLESS = """<script>let n = 0; setInterval(() => { n += 1; fetch('/lagi?' + n);
const p = document.createElement('p'); p.textContent = 'iklan ' + n; document.body.append(p); }, 5);</script>"""

BUSY = "<script>setTimeout(() => { while (true) {} }, 50);</script>"
