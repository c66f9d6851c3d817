from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from db import audit, sign_ins, tokens, users
from db.connect import Database
from db.user_lists import UserFilter
from monitor import desk
from monitor.domain import Grant, Preferences, ProviderClaims, Role, UserRow
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.passwords import hash_token
from tests.casebook import NOW

ISSUER = "https://akun.contoh.example"


def made(database: Database, name: str, *grants: Grant) -> UserRow:
    with database.write() as session:
        user = users.add_user(session, name, f"{name.title()} Contoh", "-", NOW)
        for grant in grants:
            users.grant_role(session, user.id, grant, NOW)
        found = users.user_by_id(session, user.id)
    assert found is not None
    return found


@pytest.fixture
def chief(database: Database) -> UserRow:
    return made(database, "kepala", Grant(Role.ADMIN, ""))


@pytest.fixture
def local(database: Database) -> UserRow:
    """An administrator of one province."""
    return made(database, "lokal", Grant(Role.ADMIN, "99"))


@pytest.fixture
def rina(database: Database) -> UserRow:
    return made(database, "rina", Grant(Role.PENGAWAS, "99.01"))


def test_an_administrator_gives_roles_within_their_own_region_only(
    database: Database, local: UserRow, rina: UserRow
) -> None:
    given = desk.grant(database, "rina", Role.KOORDINATOR, "99.02", NOW, by=local)
    assert Grant(Role.KOORDINATOR, "99.02") in given.grants
    for region in ("98.01", ""):
        with pytest.raises(RefusedError):
            desk.grant(database, "rina", Role.KOORDINATOR, region, NOW, by=local)


def test_nobody_gives_a_role_to_themselves(database: Database, chief: UserRow) -> None:
    with pytest.raises(RefusedError, match="dirinya sendiri"):
        desk.grant(database, "kepala", Role.KOORDINATOR, "99.01", NOW, by=chief)


def test_a_reviewer_gives_nothing(database: Database, rina: UserRow, local: UserRow) -> None:
    with pytest.raises(RefusedError):
        desk.grant(database, "lokal", Role.PENGAWAS, "99.01", NOW, by=rina)


@pytest.mark.parametrize("region", ["99 01", "../99", "<b>", "99\n01", "9" * 40, "99."])
def test_a_region_that_is_no_code_is_refused(database: Database, chief: UserRow, rina: UserRow, region: str) -> None:
    with pytest.raises(UsageError, match="Kode wilayah"):
        desk.grant(database, "rina", Role.PENGAWAS, region, NOW, by=chief)


def test_a_taken_back_role_is_gone_and_written_down(database: Database, local: UserRow, rina: UserRow) -> None:
    assert desk.revoke(database, "rina", Role.PENGAWAS, "99.01", NOW, by=local).grants == ()
    with database.read() as session:
        (row, *_) = audit.tail(session)
    assert (row.actor, row.action) == ("lokal", "role_revoked")
    with pytest.raises(UsageError):
        desk.revoke(database, "rina", Role.PENGAWAS, "99.01", NOW, by=local)


def test_the_last_administrator_stays(database: Database, chief: UserRow) -> None:
    with pytest.raises(RefusedError, match="admin terakhir"):
        desk.revoke(database, "kepala", Role.ADMIN, "", NOW, by=chief)
    with pytest.raises(RefusedError, match="admin terakhir"):
        desk.switch_off(database, "kepala", NOW)
    with database.read() as session:
        assert users.has_admin(session)


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(database: Database) -> None:
    pair = [made(database, name, Grant(Role.ADMIN, "")) for name in ("satu", "dua")]

    def remove(by: int) -> None:
        try:
            desk.switch_off(database, pair[1 - by].name, NOW, by=pair[by])
        except RefusedError:
            return

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(remove, (0, 1)))
    with database.write() as session:
        assert len(users.living_admins(session)) == 1


def test_whoever_also_works_elsewhere_is_left_to_a_wider_administrator(database: Database, local: UserRow) -> None:
    made(database, "tamu", Grant(Role.PENGAWAS, "99.01"), Grant(Role.PENGAWAS, "98.01"))
    for deed in (desk.reset_password, desk.reset_factor, desk.switch_off, desk.end_sessions):
        with pytest.raises(RefusedError, match="di luar wilayah"):
            deed(database, "tamu", NOW, by=local)


@pytest.mark.parametrize("deed", [desk.reset_password, desk.reset_factor, desk.switch_off])
def test_administrators_do_not_lift_their_own_locks(database: Database, chief: UserRow, deed: object) -> None:
    made(database, "lain", Grant(Role.ADMIN, ""))
    assert callable(deed)
    with pytest.raises(RefusedError):
        deed(database, "kepala", NOW, by=chief)


def test_switching_off_ends_sessions_and_tokens_for_good(database: Database, local: UserRow, rina: UserRow) -> None:
    token = desk.issue_token(database, "rina", NOW)
    with database.write() as session:
        sign_ins.open_session(session, rina.id, "a" * 64, NOW, NOW + timedelta(hours=1))
    desk.switch_off(database, "rina", NOW, by=local)
    desk.switch_on(database, "rina", NOW, by=local)
    with database.read() as session:
        assert sign_ins.session_of(session, "a" * 64, NOW) is None
        assert tokens.token_user(session, hash_token(token), NOW, touch=False) is None


def test_a_one_time_password_must_be_changed_and_ends_what_was_open(
    database: Database, local: UserRow, rina: UserRow
) -> None:
    with database.write() as session:
        sign_ins.open_session(session, rina.id, "a" * 64, NOW, NOW + timedelta(hours=1))
    password = desk.reset_password(database, "rina", NOW, by=local)
    assert desk.check_password(database, "rina", password, NOW).one_time_password
    with pytest.raises(RefusedError, match="sekali masuk"):
        desk.authenticate(database, "rina", password, NOW)
    with database.read() as session:
        assert sign_ins.session_of(session, "a" * 64, NOW) is None


def test_a_one_time_password_is_good_for_three_days(database: Database, local: UserRow, rina: UserRow) -> None:
    password = desk.reset_password(database, "rina", NOW, by=local)
    late = NOW + timedelta(days=3)
    assert desk.check_password(database, "rina", password, late - timedelta(seconds=1)).id == rina.id
    with pytest.raises(RefusedError, match="kedaluwarsa"):
        desk.check_password(database, "rina", password, late)
    renewed = desk.reset_password(database, "rina", late, by=local)
    assert desk.check_password(database, "rina", renewed, late).id == rina.id


def test_a_password_of_ones_own_has_no_end(database: Database, chief: UserRow) -> None:
    user, handed = desk.invite_user(database, "sari", "Sari Contoh", "", NOW, by=chief)
    with database.write() as session:
        sign_ins.open_session(session, user.id, "b" * 64, NOW, NOW + timedelta(hours=1))
        row = sign_ins.session_of(session, "b" * 64, NOW)
    assert row is not None
    desk.change_password(database, row, handed, "kata sandi saya sendiri", NOW)
    assert desk.authenticate(database, "sari", "kata sandi saya sendiri", NOW + timedelta(days=400)).id == user.id


def test_a_token_does_what_its_role_does_and_no_more(database: Database) -> None:
    made(database, "joko", Grant(Role.KOORDINATOR, "99.01"), Grant(Role.ANALIS, "99"))
    token = desk.issue_token(database, "joko", NOW, desk.TokenWish(role=Role.ANALIS))
    assert desk.authenticate_token(database, token, NOW).grants == (Grant(Role.ANALIS, "99"),)


def test_a_token_for_a_role_that_was_taken_back_does_nothing(database: Database, local: UserRow) -> None:
    made(database, "joko", Grant(Role.KOORDINATOR, "99.01"), Grant(Role.ANALIS, "99.01"))
    token = desk.issue_token(database, "joko", NOW, desk.TokenWish(role=Role.ANALIS))
    desk.revoke(database, "joko", Role.ANALIS, "99.01", NOW, by=local)
    assert desk.authenticate_token(database, token, NOW).grants == ()


def test_a_token_is_made_by_its_owner_for_a_role_of_theirs(database: Database, chief: UserRow, rina: UserRow) -> None:
    with pytest.raises(UsageError):
        desk.issue_token(database, "rina", NOW, desk.TokenWish(role=Role.ADMIN), by=rina)
    with pytest.raises(RefusedError):
        desk.issue_token(database, "rina", NOW, by=chief)
    with pytest.raises(UsageError):
        desk.issue_token(database, "rina", NOW, desk.TokenWish(lasts=timedelta(days=4000)))


def test_a_token_is_taken_back_by_its_owner_or_their_administrator(
    database: Database, local: UserRow, rina: UserRow
) -> None:
    stranger = made(database, "jauh", Grant(Role.ADMIN, "98"))
    for by in (rina, local):
        desk.issue_token(database, "rina", NOW)
        living = [token for token in desk.list_tokens(database, rina) if token.revoked_at is None]
        with pytest.raises(RefusedError):
            desk.revoke_token(database, "rina", living[-1].id, NOW, by=stranger)
        desk.revoke_token(database, "rina", living[-1].id, NOW, by=by)
    assert all(token.revoked_at for token in desk.list_tokens(database, rina))


def test_an_administrator_sees_the_users_of_their_region_and_those_without_a_role(
    database: Database, local: UserRow, rina: UserRow
) -> None:
    far = made(database, "jauh", Grant(Role.PENGAWAS, "98.01"))
    made(database, "baru")
    rows, after = desk.users_of(database, local, UserFilter())
    assert ([row.name for row in rows], after) == (["baru", "lokal", "rina"], "")
    with pytest.raises(UsageError, match="tidak ada dalam wilayah"):
        desk.dossier(database, local, far.id, NOW)
    with pytest.raises(RefusedError):
        desk.users_of(database, rina, UserFilter())


def test_users_are_found_by_name_role_and_state_and_paged_by_name(database: Database, chief: UserRow) -> None:
    for number in range(53):
        made(database, f"u{number:02}", Grant(Role.ANALIS, "99"))
    rows, after = desk.users_of(database, chief, UserFilter(role=Role.ANALIS))
    rest, end = desk.users_of(database, chief, UserFilter(role=Role.ANALIS), after)
    assert ([row.name for row in rows + rest], end) == ([f"u{number:02}" for number in range(53)], "")
    assert [row.name for row in desk.users_of(database, chief, UserFilter(text="U07 CON"))[0]] == ["u07"]
    assert desk.users_of(database, chief, UserFilter(text="100%_"))[0] == []
    assert desk.users_of(database, chief, UserFilter(active=False))[0] == []


def test_names_are_kept_on_one_line(database: Database, chief: UserRow, rina: UserRow) -> None:
    details = desk.Details("Rina\r\nBcc: semua", "Kantor\x07 Contoh", "rina@contoh.example")
    described = desk.describe(database, "rina", details, NOW, by=chief)
    assert (described.full_name, described.agency) == ("Rina Bcc: semua", "Kantor Contoh")


@pytest.mark.parametrize(
    "address", ["rina", "a@b", "a@b.c\nBcc: x@y.z", "a@b.c, d@e.f", "a b@c.d", "<a@b.c>", "a@b@c.d"]
)
def test_a_mail_address_is_one_address_on_one_line(database: Database, rina: UserRow, address: str) -> None:
    with pytest.raises(UsageError):
        desk.choose(database, rina, Preferences(), address, NOW)


@pytest.mark.parametrize("name", ["", " rina", "ri\nna", "<b>rina</b>", "x" * 65])
def test_a_sign_in_name_is_plain(database: Database, chief: UserRow, name: str) -> None:
    with pytest.raises(UsageError):
        desk.invite_user(database, name, "Nama", "", NOW, by=chief)


def test_of_many_accounts_that_prove_an_invited_address_at_once_one_takes_it(
    database: Database, chief: UserRow, rina: UserRow
) -> None:
    desk.link_identity(database, "rina", ISSUER, "rina@contoh.example", NOW, by=chief)

    def arrive(number: int) -> bool:
        claims = ProviderClaims(ISSUER, f"sub-{number}", "Rina@contoh.example")
        try:
            return desk.provider_user(database, claims, NOW).name == "rina"
        except RefusedError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(arrive, range(4))) == 1
    (link,) = desk.identities_of(database, rina)
    assert link.subject.startswith("sub-")


def test_an_account_of_the_provider_stands_for_one_user(database: Database, chief: UserRow, rina: UserRow) -> None:
    made(database, "joko", Grant(Role.PENGAWAS, "99.01"))
    desk.link_identity(database, "rina", ISSUER, "sub-1", NOW, by=chief)
    with pytest.raises(ConflictError):
        desk.link_identity(database, "joko", ISSUER, "sub-1", NOW, by=chief)
    with pytest.raises(RefusedError):
        desk.link_identity(database, "kepala", ISSUER, "sub-2", NOW, by=chief)
    (link,) = desk.identities_of(database, rina)
    desk.unlink_identity(database, "rina", link.id, NOW, by=chief)
    assert desk.identities_of(database, rina) == []
