from pathlib import Path

import pytest

from monitor.domain import Act, Coverage, Direction, SourceMode
from monitor.errors import ConfigError, UsageError
from scrapers import registry
from scrapers.manifest import load_manifest
from scrapers.policy import LIVE_MODES

PLATFORMS = Path(registry.__file__).parent / "platforms"


def test_every_platform_folder_is_listed() -> None:
    folders = {p.name for p in PLATFORMS.iterdir() if (p / "__init__.py").is_file() and not p.name.startswith("_")}
    assert set(registry.manifests()) == folders


@pytest.mark.parametrize("name", sorted(registry.manifests()))
def test_a_manifest_bears_its_folders_name_and_documents(name: str) -> None:
    manifest = registry.manifests()[name]
    assert manifest.name == name
    assert all(doc.startswith("https://") for doc in manifest.docs)
    assert manifest.docs


@pytest.mark.parametrize("name", sorted(registry.adapters()))
def test_a_live_platform_speaks_of_every_act_of_people_in_both_directions(name: str) -> None:
    manifest = registry.manifests()[name]
    assert set(manifest.modes) & LIVE_MODES
    assert manifest.version == registry.adapter(name).version
    for direction in (Direction.CANDIDATE, Direction.SUBJECT):
        for verb in (Act.POST, Act.LIKE, Act.SHARE, Act.COMMENT):
            capability = manifest.capability_of(direction, verb)
            assert capability is not None
            assert (capability.level == "none") == (not capability.endpoints)


def test_what_mastodon_hides_is_said_to_be_hidden() -> None:
    capability = registry.manifests()["mastodon"].capability_of(Direction.SUBJECT, Act.LIKE)
    assert capability is not None
    assert (capability.level, capability.coverage) == ("none", Coverage.NOT_PUBLIC)


def test_a_platform_for_captures_has_no_adapter() -> None:
    assert registry.manifests()["tiktok"].modes == (SourceMode.IMPORT,)
    with pytest.raises(UsageError, match="bluesky"):
        registry.adapter("tiktok")


def test_a_capture_is_recognised_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text('{"source_platform":"twitter.com","data":{}}\n')
    (tmp_path / "b.ndjson").write_text("nama,nip\n")
    reader = registry.sniff(tmp_path / "a.txt")
    assert reader is not None
    assert registry.readers()[reader.name] is reader
    assert registry.sniff(tmp_path / "b.ndjson") is None


@pytest.mark.parametrize("text", ["", "name = 1", "x = [", 'nama = "x"'])
def test_a_broken_manifest_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    folder = tmp_path / "platform_rusak"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "manifest.toml").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match="platform_rusak"):
        load_manifest("platform_rusak")


@pytest.mark.parametrize(
    "address", ["http://[::1", "https://a]b/status/1", "https://bsky.app\uff0f/x", "at://\u2100.test/a"]
)
def test_what_cannot_be_read_as_an_address_is_nobodys(address: str) -> None:
    assert registry.place(address, lambda _platform, _handle: None) is None
