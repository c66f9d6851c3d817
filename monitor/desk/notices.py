"""Who is told what: one digest a day for whoever something waits for, another when more falls overdue, else silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from db import legal_clocks, notifications, users
from db.connect import Database, Session
from db.notifications import MessageRow, NewMessage, Waiting
from monitor.domain import Role
from monitor.errors import PantauError
from monitor.notify.messages import Duties, Text, digest, payload

_CARE_FOR_SOURCES = frozenset({Role.ADMIN, Role.KOORDINATOR})
_OFFICE = "kantor"


@dataclass(frozen=True, slots=True)
class Office:
    """What messages need to know: whose they are, the console's address, the zone whose days count, who may get them.

    `hooks` are names of webhooks; without `mail` no officer gets a digest, without `channel` the office gets none.
    """

    agency: str
    base_url: str
    zone: ZoneInfo
    mail: bool = False
    channel: bool = False
    hooks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Carriers:
    """How messages leave; each raises the error tree. A webhook gets its body and the number of its delivery."""

    mail: Callable[[str, Text], None]
    channel: Callable[[Text], None]
    hooks: Mapping[str, Callable[[bytes, str], None]] = field(default_factory=dict)
    most_attempts: int = 8


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending did: made anew, handed over, failed this time, given up for good."""

    made: int = 0
    sent: int = 0
    failed: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class _News:
    """What is the same for everybody: sources that see nothing, and cases on a day of warning."""

    sources: tuple[str, ...]
    warned: frozenset[int]


def plan(database: Database, office: Office, now: datetime) -> list[NewMessage]:
    """Return the messages that are due and were not made before; nothing is written."""
    with database.read() as session:
        news = _News(notifications.blind_sources(session), legal_clocks.warned(session, now))
        made = [*_mails(session, office, news, now), *_office(session, office, news, now)]
        known = notifications.known_keys(session, [message.key for message in made])
    return [message for message in made if message.key not in known]


def send(database: Database, office: Office, carriers: Carriers, clock: Callable[[], datetime]) -> Sent:
    """Make what is due and hand over everything that waits; two senders at once send nothing twice."""
    return deliver(database, plan(database, office, clock()), carriers, clock)


def deliver(
    database: Database, messages: Sequence[NewMessage], carriers: Carriers, clock: Callable[[], datetime]
) -> Sent:
    """Make messages, each once by its key, and hand over everything that waits."""
    now = clock()
    with database.write() as session:
        made = notifications.make(session, messages, now)
    with database.read() as session:
        waiting = notifications.unsent(session, carriers.most_attempts, now)
    outcomes = [_hand_over(database, message, carriers, clock) for message in waiting]
    with database.read() as session:
        dead = notifications.dead(session, carriers.most_attempts, now)
    return Sent(made, outcomes.count(True), outcomes.count(False), dead)


def _hand_over(
    database: Database, message: MessageRow, carriers: Carriers, clock: Callable[[], datetime]
) -> bool | None:
    """Send one message; None when another sender has it."""
    with database.write() as session:
        if not notifications.claim(session, message, clock()):
            return None
    try:
        _carry(message, carriers)
    except PantauError as error:
        with database.write() as session:
            notifications.note_failed(session, message.id, error.message)
        return False
    with database.write() as session:
        notifications.note_sent(session, message.id, clock())
    return True


def _carry(message: MessageRow, carriers: Carriers) -> None:
    body, target = message.body or "", message.target or ""
    if message.channel == "mail":
        if target == _OFFICE:
            carriers.channel(Text(message.subject, body))
        else:
            carriers.mail(target, Text(message.subject, body))
        return
    hook = carriers.hooks.get(target)
    if hook is None:
        raise PantauError(f"Webhook {target} tidak ada lagi dalam pengaturan")
    hook(body.encode(), str(message.id))


def _mails(session: Session, office: Office, news: _News, now: datetime) -> Iterable[NewMessage]:
    if not office.mail:
        return
    for user in users.list_users(session):
        if not (user.active and user.email and user.preferences.digest):
            continue
        waiting = notifications.waiting_for(session, user, now, news.warned)
        duties = _duties(waiting, news.sources if user.roles & _CARE_FOR_SOURCES else ())
        if duties.nothing:
            continue
        key = _key(session, f"mail/{user.id}", ("mail", user.email), waiting, office, now)
        text = digest(duties, user.full_name or user.name, office.agency, office.base_url)
        yield NewMessage("mail", "digest", key, user.email, text.subject, text.body, user.id)


def _office(session: Session, office: Office, news: _News, now: datetime) -> Iterable[NewMessage]:
    if not (office.channel or office.hooks):
        return
    waiting = notifications.waiting_for_office(session, now, news.warned)
    duties = _duties(waiting, news.sources)
    if duties.nothing:
        return
    text = digest(duties, "", office.agency, office.base_url)
    if office.channel:
        key = _key(session, "kantor", ("mail", _OFFICE), waiting, office, now)
        yield NewMessage("mail", "digest", key, _OFFICE, text.subject, text.body)
    body = payload(duties, office.agency, office.base_url, now)
    for name in office.hooks:
        key = _key(session, f"kait/{name}", ("webhook", name), waiting, office, now)
        yield NewMessage("webhook", "digest", key, name, text.subject, body)


def _key(session: Session, who: str, to: tuple[str, str], waiting: Waiting, office: Office, now: datetime) -> str:
    """Return what makes a digest the same one: the day, or what has fallen overdue since that day's digest."""
    last = notifications.last_made(session, *to)
    day = now.astimezone(office.zone).date()
    later = waiting.last_due is not None and last is not None and waiting.last_due > last
    if later and last is not None and waiting.last_due is not None and last.astimezone(office.zone).date() == day:
        return f"lewat/{who}/{waiting.last_due.isoformat()}"
    return f"ringkasan/{who}/{day.isoformat()}"


def _duties(waiting: Waiting, sources: tuple[str, ...]) -> Duties:
    return Duties(
        overdue=waiting.overdue,
        due_soon=waiting.due_soon,
        returned=waiting.returned,
        to_approve=waiting.to_approve,
        blind_looks=waiting.blind_looks,
        blind_sources=sources,
        warned=waiting.warned,
    )
