from __future__ import annotations

from datetime import date

import pytest

from monitor.domain import AccountKind, AttributionStatus, IdentifierKind
from monitor.roster.accounts import KnownRegister
from monitor.roster.importer import check_accounts

HEADER = ["nip", "platform", "akun", "status", "cara", "bukti", "berlaku_mulai", "berlaku_sampai"]
NIP = "198001012005011001"
OTHER = "198001012005011002"
DID = "did:plc:abcdefghijklmnopqrstuvwx"


def row(**changes: object) -> list[object]:
    cells = {
        "nip": NIP, "platform": "bluesky", "akun": "agus.contoh.test", "status": "terverifikasi", "cara": "pernyataan",
        "bukti": "BA-1", "mulai": "", "sampai": "",
    }  # fmt: skip
    return list({**cells, **changes}.values())


def known(people=(NIP, OTHER), owners=None) -> KnownRegister:
    ids = {(IdentifierKind.NIP, number): at for at, number in enumerate(people, start=1)}
    return KnownRegister(
        person_ids=lambda keys: {key: ids[key] for key in keys if key in ids},
        account_owners=lambda refs: {
            key: value for key, value in (owners or {}).items() if key in {(ref.platform, ref.user_id) for ref in refs}
        },
    )


def said(parsed):
    return [(problem.row, problem.column) for problem in parsed.problems]


def test_a_good_row_becomes_an_attribution(csv_file):
    path = csv_file([HEADER, row(mulai="25/09/2024", sampai="27 November 2024")])
    (account,) = check_accounts(path).values
    assert (account.identifier, account.account.user_id) == (NIP, "@agus.contoh.test")
    assert account.status is AttributionStatus.VERIFIED
    assert (account.valid_from, account.valid_to) == (date(2024, 9, 25), date(2024, 11, 27))


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"nip": "123"}, "nip"),
        ({"platform": "friendster"}, "platform"),
        ({"akun": "bukan akun"}, "akun"),
        ({"status": "mungkin"}, "status"),
        ({"status": ""}, "status"),
        ({"mulai": "kemarin"}, "berlaku_mulai"),
        ({"mulai": "31/02/2024"}, "berlaku_mulai"),
        ({"mulai": "2024-09-25", "sampai": "2024-09-24"}, "berlaku_sampai"),
    ],
)
def test_a_wrong_cell_is_named_with_row_and_column(csv_file, changes, column):
    parsed = check_accounts(csv_file([HEADER, row(akun=DID), row(**changes)]))
    assert said(parsed) == [(3, column)]


def test_a_date_cell_of_a_spreadsheet_is_read(xlsx_file):
    (account,) = check_accounts(xlsx_file([HEADER, row(mulai=date(2024, 9, 25))])).values
    assert account.valid_from == date(2024, 9, 25)


def test_one_account_for_two_people_names_both_rows(csv_file):
    parsed = check_accounts(csv_file([HEADER, row(), row(nip=OTHER, akun="https://bsky.app/profile/AGUS.contoh.test")]))
    assert said(parsed) == [(2, "akun"), (3, "akun")]
    assert "baris 3" in parsed.problems[0].problem


def test_the_same_row_twice_names_the_first(csv_file):
    parsed = check_accounts(csv_file([HEADER, row(), row()]))
    assert said(parsed) == [(3, "akun")]
    assert "baris 2" in parsed.problems[0].problem


def test_a_person_outside_the_register_is_named(csv_file):
    assert said(check_accounts(csv_file([HEADER, row()]), known(people=(OTHER,)))) == [(2, "nip")]


@pytest.mark.parametrize("kind", [AccountKind.REGISTERED, AccountKind.MEDIA, AccountKind.NEWS])
def test_an_account_of_a_candidate_or_neutral_body_is_refused(csv_file, kind):
    owners = {("bluesky", "@agus.contoh.test"): (kind, None)}
    assert said(check_accounts(csv_file([HEADER, row()]), known(owners=owners))) == [(2, "akun")]


def test_an_account_of_another_stored_person_is_refused(csv_file):
    owners = {("bluesky", "@agus.contoh.test"): (AccountKind.ASN, 2)}
    assert said(check_accounts(csv_file([HEADER, row()]), known(owners=owners))) == [(2, "akun")]


def test_the_persons_own_stored_account_is_taken_again(csv_file):
    owners = {("bluesky", "@agus.contoh.test"): (AccountKind.ASN, 1)}
    assert check_accounts(csv_file([HEADER, row()]), known(owners=owners)).problems == ()


def test_verified_without_evidence_is_a_warning(csv_file):
    parsed = check_accounts(csv_file([HEADER, row(bukti="")]))
    assert (parsed.warnings[0].row, parsed.warnings[0].column) == (2, "bukti")
    assert len(parsed.values) == 1
