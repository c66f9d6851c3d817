import threading
import time

from monitor.doctor.checks import Check, Look, ago, look_all, size
from monitor.errors import ConfigError


def well(name: str) -> Look:
    return Look(name, lambda: [Check(name, well=True, detail="")])


def test_everything_is_looked_at_at_once_and_told_in_order():
    together = threading.Barrier(3, timeout=10)

    def meet(name: str) -> list[Check]:
        together.wait()
        return [Check(name, well=True, detail="")]

    names = ["a", "b", "c"]
    looks = [Look(name, lambda name=name: meet(name)) for name in names]
    assert [check.name for check in look_all(looks)] == names


def test_look_that_hangs_is_named_and_holds_up_nobody():
    free = threading.Event()
    began = time.monotonic()
    told = look_all([Look("bukti", lambda: [str(free.wait(30))]), well("lain")], seconds=0.2)  # type: ignore[list-item] # never told
    free.set()
    assert time.monotonic() - began < 20
    assert [(check.name, check.well) for check in told] == [("bukti", False), ("lain", True)]
    assert "tidak selesai dalam 0.2 detik" in told[0].detail


def test_error_of_the_tree_says_how_it_is_mended():
    def fail() -> list[Check]:
        raise ConfigError("Kunci rusak", "pulihkan kunci")

    assert look_all([Look("kunci", fail)]) == [Check("kunci", well=False, detail="Kunci rusak", mend="pulihkan kunci")]


def test_look_that_breaks_names_itself_and_leaves_the_others():
    def break_down() -> list[Check]:
        return [Check("x", well=bool(1 / 0), detail="")]

    told = look_all([Look("jam", break_down), well("lain")])
    assert (told[0].name, told[0].well, told[1].well) == ("jam", False, True)
    assert "ZeroDivisionError" in told[0].detail


def test_error_of_the_system_names_its_file():
    def fail() -> list[Check]:
        raise PermissionError(13, "Permission denied", "/srv/pantau/data")

    assert "tidak ada izin (/srv/pantau/data)" in look_all([Look("izin", fail)])[0].detail


def test_sizes_and_times_read_like_words():
    assert (size(999), size(1_500_000), size(2.5e12)) == ("999 B", "1.5 MB", "2.5 TB")
    assert (ago(30), ago(600), ago(7200), ago(400_000)) == ("30 detik", "10 menit", "2 jam", "5 hari")
