from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import (
    AccountKind,
    AliasCondition,
    CandidateRole,
    CandidateStatus,
    Office,
    Regime,
    StageKind,
    WordKind,
)
from monitor.errors import RosterError
from monitor.roster.contests import read_contest
from monitor.roster.importer import check_contest

CONTEST = """\
contest: Bupati Contoh 2024
region: 99.01
office: bupati
regime: pilkada
law: skb-2-2022
stages:
  - {kind: pra_penetapan, from: "2024-08-27T00:00:00+07:00"}
  - {kind: penetapan,     from: "2024-09-22T00:00:00+07:00"}
  - {kind: kampanye,      from: 2024-09-25 00:00:00 +07:00}
pairs:
  - number: 1
    status: [{from: "2024-08-27T00:00:00+07:00", is: bakal_calon}, {from: "2024-09-22T00:00:00+07:00", is: calon}]
    people:
      - {role: wakil, official_name: "SITI TELADAN", short_names: [Siti]}
      - {role: utama, official_name: "H. BUDI CONTOH, S.E.", short_names: [Budi, 07]}
    aliases: [BUSI]
    slogans: [Contoh Bangkit]
    hashtags: ["#BusiMenang", BusiMenang]
    parties: [Partai A]
    accounts:
      - {platform: bluesky, account: "did:plc:abcdefghijklmnopqrstuvwx", kind: registered}
      - {platform: bluesky, account: relawan.contoh.test, kind: volunteer, ground: "Laporan pengawas"}
  - number: 2
    status: [{from: "2024-09-22T00:00:00+07:00", is: calon}]
    people:
      - {role: utama, official_name: "AGUS MISAL"}
neutral_accounts:
  - {platform: bluesky, account: kpu.example, kind: election_body}
"""


def problems(path: Path, **options: bool):
    with pytest.raises(RosterError) as caught:
        read_contest(path, **options)
    return caught.value.problems


def test_the_fixed_shape_becomes_a_contest(text_file):
    contest = read_contest(text_file("kontes.yml", CONTEST))
    first, second = contest.candidates
    assert (contest.name, contest.region, contest.office) == ("Bupati Contoh 2024", "99.01", Office.BUPATI)
    assert (contest.regime, contest.law) == (Regime.PILKADA, "skb-2-2022")
    assert [stage.kind for stage in contest.stages] == [
        StageKind.PRA_PENETAPAN,
        StageKind.PENETAPAN,
        StageKind.KAMPANYE,
    ]
    assert contest.stages[2].starts == datetime(2024, 9, 24, 17, tzinfo=UTC)
    assert [person.role for person in first.people] == [CandidateRole.UTAMA, CandidateRole.WAKIL]
    assert first.people[0].short_names == ("Budi", "07")
    assert [step.status for step in first.status] == [CandidateStatus.BAKAL_CALON, CandidateStatus.CALON]
    assert first.hashtags == ("BusiMenang",)
    assert first.accounts[1].kind is AccountKind.VOLUNTEER
    assert (second.number, second.accounts) == (2, ())
    assert contest.neutral_accounts[0].account.user_id == "@kpu.example"


def test_accounts_that_a_scan_leaves_out_are_warned_of(text_file):
    warnings = check_contest(text_file("kontes.yml", CONTEST)).warnings
    assert [(warning.row, warning.column) for warning in warnings] == [
        (20, "pairs[1].accounts"),
        (23, "pairs[2].accounts"),
    ]
    assert "relawan.contoh.test" in warnings[0].problem


def test_a_region_keeps_its_zeros_without_quotes(text_file):
    assert read_contest(text_file("k.yml", CONTEST.replace("99.01", "99.10"))).region == "99.10"


@pytest.mark.parametrize(
    ("old", "new", "line", "path"),
    [
        ("law: skb", "lawe: skb", 5, "lawe"),
        ("office: bupati", "office: bupatih", 3, "office"),
        ("regime: pilkada", "regime: pemilu", 4, "regime"),
        ("region: 99.01", "region: kota", 2, "region"),
        ("contest: Bupati Contoh 2024", "contest:", 1, "contest"),
        ("2024-09-25 00:00:00 +07:00", "2024-09-25T00:00:00", 9, "stages[3].from"),
        ("2024-09-25 00:00:00 +07:00", "2024-09-21T00:00:00+07:00", 9, "stages[3].from"),
        ("kind: kampanye,     ", "kind: pra_penetapan, ", 9, "stages[3].kind"),
        ("number: 2", "number: 0", 23, "pairs[2].number"),
        ("{role: wakil", "{role: utama", 15, "pairs[1].people[2].role"),
        ('{role: utama, official_name: "AGUS', '{role: wakil, official_name: "AGUS', 25, "pairs[2].people"),
        (', ground: "Laporan pengawas"', "", 22, "pairs[1].accounts[2].ground"),
        ("kind: volunteer", "kind: news", 22, "pairs[1].accounts[2].kind"),
        ("kind: election_body", "kind: party", 28, "neutral_accounts[1].kind"),
        ("relawan.contoh.test", "relawan", 22, "pairs[1].accounts[2].account"),
        ("aliases: [BUSI]", "aliases: [BUSI, [x]]", 16, "pairs[1].aliases"),
        ("is: bakal_calon", "is: kalon", 12, "pairs[1].status[1].is"),
    ],
)
def test_a_mistake_is_named_with_line_and_path(text_file, old, new, line, path):
    changed = CONTEST.replace(old, new, 1)
    assert changed != CONTEST
    assert (line, path) in [(problem.row, problem.column) for problem in problems(text_file("kontes.yml", changed))]


def test_the_line_is_the_line_of_the_mistake(text_file):
    changed = CONTEST.replace("kind: election_body", "kind: partai")
    (problem,) = problems(text_file("kontes.yml", changed))
    assert "kind: partai" in changed.splitlines()[problem.row - 1]


def test_an_unknown_key_gets_a_hint(text_file):
    (problem,) = problems(text_file("kontes.yml", CONTEST.replace("slogans:", "slogan:")))
    assert problem.mend == "mungkin maksudnya 'slogans'"


def test_two_pairs_of_one_number_are_refused(text_file):
    (problem,) = problems(text_file("kontes.yml", CONTEST.replace("number: 2", "number: 1")))
    assert "nomor urut 1" in problem.problem


def test_one_account_for_two_sides_is_refused(text_file):
    (problem,) = problems(text_file("kontes.yml", CONTEST.replace("kpu.example", "relawan.contoh.test")))
    assert "pasangan nomor 1 dan akun netral" in problem.problem


def test_an_undated_status_is_for_evaluation_only(text_file):
    undated = CONTEST.replace('status: [{from: "2024-09-22T00:00:00+07:00", is: calon}]', "status: calon")
    path = text_file("kontes.yml", undated)
    assert "tanpa tanggal" in problems(path)[0].problem
    assert read_contest(path, allow_undated=True).candidates[1].status[0].starts is None


def test_a_bare_register_in_json_is_enough_for_evaluation(text_file):
    bare = {
        "contest": "Gubernur Contoh", "region": "99", "office": "gubernur",
        "pairs": [{
            "number": 1, "status": "calon", "aliases": [], "slogans": [], "hashtags": [], "parties": [],
            "people": [{"role": "utama", "official_name": "BUDI CONTOH", "short_names": []}],
        }],
    }  # fmt: skip
    contest = read_contest(text_file("kontes.json", json.dumps(bare)), allow_undated=True)
    assert (contest.regime, contest.stages) == (Regime.PILKADA, ())
    assert contest.candidates[0].number == 1


def test_a_contest_to_scan_needs_stages_and_regime(text_file):
    bare = {"contest": "Contoh", "region": "99", "office": "gubernur", "pairs": []}
    assert {problem.column for problem in problems(text_file("kontes.json", json.dumps(bare)))} == {
        "regime",
        "stages",
        "pairs",
    }


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("contest: &a x\nregion: *a\n", 1, "jangkar"),
        ("contest: x\nregion: *a\n", 2, "jangkar"),
        ("contest: x\noffice: !!python/object/apply:os.system [ls]\n", 2, "tanda tipe"),
        ("contest: x\ncontest: y\n", 2, "dua kali"),
        ("contest: x\n  region: [\n", 2, "YAML rusak"),
        ("contest: x\n\x07\n", 2, "YAML rusak"),
        ("a: " + "[" * 5_000, 1, "terlalu dalam"),
        ("contest: x\n---\ncontest: y\n", None, "lebih dari satu"),
        ("- satu\n", None, "tidak berisi kontes"),
        ("# kosong\n", None, "tidak berisi kontes"),
        ("{a: {[1]: 2}}", 1, "kunci harus berupa kata"),
    ],
)
def test_a_hostile_yaml_is_refused_with_its_line(text_file, text, line, words):
    problem = problems(text_file("kontes.yml", text))[0]
    assert words in problem.problem
    assert line is None or problem.row == line


@pytest.mark.parametrize("text", ['{"a": 1,}', '{"a": 1, "a": 2}', '{"a": ' + "[" * 100_000, '{"contest": "\\ud800"}'])
def test_a_hostile_json_is_refused(text_file, text):
    assert problems(text_file("kontes.json", text))


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "kontes.yml"
    path.write_bytes(b"contest: x\nregion: \xff\n")
    assert problems(path)[0].row == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(at=st.integers(0, len(CONTEST)), length=st.integers(0, 40), put=st.text(max_size=5))
def test_any_damage_is_a_contest_or_a_roster_error(tmp_path, at, length, put):
    path = tmp_path / "kontes.yml"
    path.write_bytes((CONTEST[:at] + put + CONTEST[at + length :]).encode("utf-8", "surrogatepass"))
    with contextlib.suppress(RosterError):
        assert read_contest(path).candidates


def test_an_empty_list_of_accounts_says_the_same_as_leaving_it_out(text_file):
    neutral = "neutral_accounts:\n  - {platform: bluesky, account: kpu.example, kind: election_body}\n"
    text = CONTEST.replace(neutral, "neutral_accounts: []\n")
    assert text != CONTEST
    assert read_contest(text_file("kontes.yml", text)).neutral_accounts == ()


def conditioned(*entries: str) -> str:
    return CONTEST.replace("aliases: [BUSI]", f"aliases: [{', '.join(entries)}]")


def test_an_entry_may_say_in_which_texts_it_counts(text_file):
    text = conditioned("BUSI", "{text: SANTUN, requires: [paslon, 01], excludes: [sopan]}")
    pair = read_contest(text_file("kontes.yml", text)).candidates[0]
    assert pair.aliases == ("BUSI", "SANTUN")
    assert pair.conditions == (AliasCondition(WordKind.ALIAS, "SANTUN", ("paslon", "01"), ("sopan",)),)


def test_short_names_slogans_and_hashtags_may_have_conditions_too(text_file):
    text = (
        CONTEST.replace("short_names: [Siti]", "short_names: [{text: Siti, requires: [calon]}]")
        .replace("[Contoh Bangkit]", "[{text: Contoh Bangkit, excludes: olahraga}]")
        .replace('"#BusiMenang", BusiMenang', '{text: "#Bangkit", requires: [pilkada]}')
    )
    pair = read_contest(text_file("kontes.yml", text)).candidates[0]
    assert pair.conditions == (
        AliasCondition(WordKind.SHORT_NAME, "Siti", ("calon",)),
        AliasCondition(WordKind.SLOGAN, "Contoh Bangkit", (), ("olahraga",)),
        AliasCondition(WordKind.HASHTAG, "Bangkit", ("pilkada",)),
    )


@pytest.mark.parametrize(
    ("entries", "path", "words"),
    [
        (("{text: SANTUN, requiers: [calon]}",), "pairs[1].aliases[1].requiers", "tidak dikenal"),
        (("BUSI", "{requires: [calon]}"), "pairs[1].aliases[2].text", "belum diisi"),
        (("{text: SANTUN, requires: {a: b}}",), "pairs[1].aliases[1].requires", "daftar"),
        (("{text: SANTUN, requires: [[calon]]}",), "pairs[1].aliases[1].requires", "bersusun"),
        (("{text: SANTUN, requires: ['!']}",), "pairs[1].aliases[1].requires", "huruf atau angka"),
        (("{text: SANTUN, excludes: [santun]}",), "pairs[1].aliases[1].excludes", "itu sendiri"),
        (("{text: SANTUN, requires: [Calon], excludes: [calon]}",), "pairs[1].aliases[1].excludes", "di requires dan"),
        (("SANTUN", "{text: SANTUN, requires: [calon]}"), "pairs[1].aliases[2]", "dua kali"),
    ],
)
def test_a_mistaken_condition_is_named_with_line_and_path(text_file, entries, path, words):
    problem = problems(text_file("kontes.yml", conditioned(*entries)))[0]
    assert (problem.row, problem.column) == (16, path)
    assert words in problem.problem


def test_two_people_of_a_pair_share_a_short_name_under_one_condition_only(text_file):
    text = CONTEST.replace("short_names: [Siti]", "short_names: [{text: Adi, requires: [calon]}]").replace(
        "short_names: [Budi, 07]", "short_names: [{text: Adi, requires: [bupati]}]"
    )
    (problem,) = problems(text_file("kontes.yml", text))
    assert (problem.column, "'Adi'" in problem.problem) == ("pairs[1].people", True)


def test_an_entry_without_any_condition_is_a_plain_word_and_warned_of(text_file):
    parsed = check_contest(text_file("kontes.yml", conditioned("{text: SANTUN}")))
    assert (parsed.values[0].candidates[0].aliases, parsed.values[0].candidates[0].conditions) == (("SANTUN",), ())
    assert (16, "pairs[1].aliases[1]") in [(w.row, w.column) for w in parsed.warnings]


def test_conditions_may_stand_in_json(text_file):
    bare = {
        "contest": "Gubernur Contoh", "region": "99", "office": "gubernur",
        "pairs": [{
            "number": 1, "status": "calon", "aliases": [{"text": "SANTUN", "requires": ["paslon", "01", 1]}, "BUSI"],
            "people": [{"role": "utama", "official_name": "BUDI CONTOH"}],
        }],
    }  # fmt: skip
    pair = read_contest(text_file("kontes.json", json.dumps(bare)), allow_undated=True).candidates[0]
    assert (pair.aliases, pair.conditions[0].requires) == (("SANTUN", "BUSI"), ("paslon", "01", "1"))
