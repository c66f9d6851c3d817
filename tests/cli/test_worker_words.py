"""What a person reads who asks the workers for a night."""

from __future__ import annotations

import pytest

from monitor.cli.worker import print_asked
from monitor.jobs.workers import Asked

AT_ONCE = "Pekerja yang hidup segera mengerjakannya; bila ditolak, sebabnya tampak pada `pantau schedule list`."
NOBODY = "Belum ada pekerja yang hidup; jalankan `pantau worker`."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(True, None, 2), ["Satu malam masuk antrean.", AT_ONCE]),
        (Asked(False, None, 0), ["Satu malam sudah menunggu dalam antrean.", NOBODY]),
        (Asked(True, 7, 1), ["Kelanjutan malam 7, yang belum selesai, masuk antrean.", AT_ONCE]),
        (Asked(False, 7, 0), ["Kelanjutan malam 7, yang belum selesai, sudah menunggu dalam antrean.", NOBODY]),
    ],
)
def test_an_open_night_is_gone_on_with_and_no_new_one_promised(
    asked: Asked, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    print_asked(asked, as_json=False)
    assert capsys.readouterr().out.splitlines() == said
