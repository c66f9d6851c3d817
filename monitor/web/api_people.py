"""People and attributions as JSON, within the places of whoever asks; every view is audited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query

from db import person_pages
from monitor import desk
from monitor.desk import attribution as desks
from monitor.desk.persons import look_at_person
from monitor.domain import AttributionStatus, PersonBrief
from monitor.domain.attributions import AttributionFilter, Whose
from monitor.web import api_models as models
from monitor.web.api_base import MOST, AfterNumber, Limit, Region, Text, clean
from monitor.web.frame import ApiUserDep, FrameDep
from monitor.web.shapes import attribution_json, hit_json

routes = APIRouter()
Number = Annotated[int, Path(ge=1, le=MOST)]


@dataclass(frozen=True, slots=True)
class Which:
    """Which attributions."""

    status: Annotated[AttributionStatus, Query(description="Which pile.")] = AttributionStatus.PROPOSED
    proposed_by: Annotated[Whose, Query(description="semua, saya (yours) or lain (others').")] = Whose.ALL
    platform: Annotated[str, Query(max_length=32)] = ""
    region: Region = ""


@routes.get("/people", tags=["people"], summary="People within your places", response_model=models.PersonList)
def list_people(frame: FrameDep, user: ApiUserDep, text: Text = "", after: AfterNumber = None) -> dict[str, Any]:
    """Return people who have a case or an account, by name; NIPs are masked."""
    scope = desk.scope_of(user)
    with frame.deps.database.read() as session:
        last = person_pages.place_in_list(session, scope, after)
        found = person_pages.find_people(session, scope, clean(text), last)
    people = [
        _asn(line.person)
        | {
            "id": line.person.id,
            "position": line.person.position,
            "open_cases": line.open_cases,
            "cases": line.cases,
        }
        for line in found.people
    ]
    return {"people": people, "next": found.after[1] if found.after else None}


@routes.get(
    "/people/{number}", tags=["people"], summary="All of one person's items", response_model=models.PersonDetail
)
def person(frame: FrameDep, user: ApiUserDep, number: Number) -> dict[str, Any]:
    """Return one person's accounts, cases by state and standing acts; that they were looked at is recorded."""
    detail = look_at_person(frame.deps.database, number, user, frame.deps.clock())
    return _asn(detail.person) | {
        "id": detail.person.id,
        "position": detail.person.position,
        "accounts": [
            {
                "platform": account.ref.platform,
                "account": account.ref.user_id,
                "handle": account.ref.handle,
                "status": account.status,
                "handles": list(account.handles),
            }
            for account in detail.accounts
        ],
        "states": detail.states,
        "acts": [hit_json(act.hit) | {"pair": act.pair, "case": act.case_id} for act in detail.acts],
    }


@routes.get(
    "/attributions",
    tags=["attributions"],
    summary="Whose account is it: proposals and answers",
    response_model=models.AttributionList,
)
def list_attributions(
    frame: FrameDep,
    user: ApiUserDep,
    which: Annotated[Which, Depends()],
    text: Text = "",
    after: AfterNumber = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Return one page: proposals oldest first, the others newest first."""
    wanted = AttributionFilter(
        status=which.status,
        whose=which.proposed_by,
        platform=clean(which.platform),
        region=clean(which.region),
        text=clean(text),
        after=after,
        limit=limit,
    )
    found = desks.list_attributions(frame.deps.database, wanted, user, frame.deps.clock())
    return {"attributions": [attribution_json(row) for row in found.rows], "next": found.after}


@routes.get(
    "/attributions/{number}",
    tags=["attributions"],
    summary="One attribution with what to compare",
    response_model=models.AttributionDetail,
)
def attribution(frame: FrameDep, user: ApiUserDep, number: Number) -> dict[str, Any]:
    """Return one attribution; that it was looked at is recorded."""
    detail = desks.look_at_attribution(frame.deps.database, number, user, frame.deps.clock())
    return attribution_json(detail.row) | {
        "cases": [case.id for case in detail.cases],
        "same_account": [attribution_json(row) for row in detail.same_account],
        "same_person": [attribution_json(row) for row in detail.same_person],
        "elsewhere": detail.elsewhere,
    }


def _asn(person: PersonBrief) -> dict[str, Any]:
    return {
        "name": person.name,
        "nip_masked": person.identifier_masked,
        "employment": person.employment,
        "agency": person.agency,
        "jurisdiction": person.jurisdiction,
    }
