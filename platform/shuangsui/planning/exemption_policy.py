"""Whether an inspection may do without the draw (article 17, order 375 articles 26 to 30); pure, all refusals cited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from shuangsui.errors import NotAllowed, RuleRefused
from shuangsui.planning.policy import officers
from shuangsui.rules.policy import Rules
from shuangsui.tenancy.annexes import EVIDENCE, MODES, TRIGGERS, ExemptionEntry

ARTICLE = "第十七条"
"""Of the measures: what is not in the authority's table is not exempt."""
TASK_TYPES = {"special": "special", "dragnet": "special", "clue": "clue", "instant": "instant"}
CAMPAIGNS = ("special", "dragnet")
"""Special inspections in the sense of order 375, which are planned and filed; clue and instant checks are not."""
PLAN = {"necessity": "必要性评估", "body": "实施主体", "time": "时间", "area": "区域", "approval": "批准文号"}
"""What a special inspection's plan says besides basis, objects, items and mode, which the case has anyway."""
FILING = {"no": "备案号", "at": "备案日期"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. ``objects``: code, name, address; ``team``: certificates where no inspector is drawn."""

    code: str
    trigger: str
    trigger_text: str
    objects: Sequence[Mapping[str, str]]
    evidence: Mapping[str, str] = field(default_factory=dict)
    item_code: str | None = None
    team: Sequence[str] = ()
    plan: Mapping[str, str] = field(default_factory=dict)
    filing: Mapping[str, str] = field(default_factory=dict)

    @property
    def deployment(self) -> str:
        """Number of the superior's deployment document, empty without one."""
        return self.evidence.get("deployment", "").strip()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the authority's registries say: the item's objects and those of earlier cases alike."""

    registry: AbstractSet[str]
    earlier: AbstractSet[str]
    people: People
    family: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """Officers on duty with a valid certificate, and interests as (certificate, object)."""

    certificates: AbstractSet[str]
    interests: AbstractSet[tuple[str, str]] = frozenset()


def entry_of(table: Sequence[ExemptionEntry], wanted: Wanted) -> ExemptionEntry:
    """The authority's entry that ``wanted`` names; ``exemption_trigger_unknown``, ``exemption_unknown``."""
    if wanted.trigger not in TRIGGERS:
        known = "、".join(f"{key} {name}" for key, name in TRIGGERS.items())
        raise RuleRefused("exemption_trigger_unknown", article=ARTICLE, trigger=wanted.trigger, known=known)
    entry = next((one for one in table if one.code == wanted.code), None)
    if entry is None:
        known = "、".join(one.code for one in table) or "（无）"
        raise RuleRefused("exemption_unknown", article=ARTICLE, exemption=wanted.code, known=known)
    if entry.trigger != wanted.trigger:
        name = TRIGGERS[entry.trigger]
        raise RuleRefused("exemption_trigger_other", article=entry.authority, exemption=entry.code, trigger=name)
    return entry


def check(wanted: Wanted, entry: ExemptionEntry, rules: Rules, around: Surroundings) -> None:
    """Refuse what the entry or the rules do not allow; the first breach, with its article."""
    _check_facts(wanted, entry)
    _check_mode(entry, rules)
    _check_team(wanted, entry, rules, around)
    if entry.mode in CAMPAIGNS:
        _check_coverage(wanted, entry, rules, around)
    check_papers(wanted, entry.mode, rules)


def check_approver(proposer: str, approver: str, basis: str) -> None:
    """Two people; ``exemption_self_approval``."""
    if proposer == approver:
        raise NotAllowed("exemption_self_approval", article=basis, login=approver)


def _check_facts(wanted: Wanted, entry: ExemptionEntry) -> None:
    """R17.2: a trigger in words, and every proof the entry demands."""
    if not wanted.trigger_text.strip():
        raise RuleRefused("exemption_trigger_empty", article=entry.authority, exemption=entry.code)
    if missing := [name for name in entry.evidence if not wanted.evidence.get(name, "").strip()]:
        names = "、".join(EVIDENCE[name] for name in missing)
        raise RuleRefused("exemption_evidence_missing", article=entry.authority, exemption=entry.code, missing=names)
    if not wanted.objects:
        raise RuleRefused("exemption_objects_missing", article=entry.authority, exemption=entry.code)


def _check_mode(entry: ExemptionEntry, rules: Rules) -> None:
    """R17.2, narrow reading: measures that order publication exempt special and dragnet inspections only."""
    measures = {value.document for value in rules.ladder("publication.days") if value.document}
    rests_on_them = any(document in entry.authority for document in measures)
    if rules.switch("exemption.campaign_required") and entry.mode not in CAMPAIGNS and rests_on_them:
        raise RuleRefused("exemption_campaign", article=ARTICLE, exemption=entry.code, mode=MODES[entry.mode])


def _check_team(wanted: Wanted, entry: ExemptionEntry, rules: Rules, around: Surroundings) -> None:
    """People are typed in only where the entry skips their draw; then two with valid certificates (R6.2, R13.1)."""
    drawn = "inspector_draw" not in entry.skips
    if drawn and wanted.team:
        raise RuleRefused("exemption_team_typed", article="第八条", exemption=entry.code)
    least, article = officers(rules, around.family)
    if not drawn and len(set(wanted.team)) < least:
        raise RuleRefused("exemption_team_small", article=article, least=least, found=len(set(wanted.team)))
    check_people(wanted.team, [thing["code"] for thing in wanted.objects], around.people)


def check_people(team: Sequence[str], objects: Sequence[str], known: People) -> None:
    """Valid certificates (R6.2), and nobody with an interest in what they inspect (R9.1); the relation is not told."""
    if strangers := [one for one in team if one not in known.certificates]:
        raise RuleRefused("exemption_team_certificate", article="第六条", people="、".join(strangers))
    if barred := [one for one in team if any((one, code) in known.interests for code in objects)]:
        raise RuleRefused("exemption_team_interest", article="第九条", people="、".join(barred))


def _check_coverage(wanted: Wanted, entry: ExemptionEntry, rules: Rules, around: Surroundings) -> None:
    """Order 375 articles 27 and 28: nobody inspects everybody; a campaign cut into pieces is still one."""
    chosen = {thing["code"] for thing in wanted.objects}
    whole = bool(around.registry) and around.registry <= chosen | around.earlier
    several = entry.mode == "dragnet" or len(chosen | around.earlier) > 1
    rule = rules["special.full_coverage"]
    if whole and several and not rule.value and not wanted.deployment:
        raise RuleRefused("exemption_full_coverage", article=rule.basis, item=wanted.item_code, n=len(around.registry))


def check_papers(wanted: Wanted, mode: str, rules: Rules) -> None:
    """R17.4: a campaign is planned and approved, or deployed from above; it is filed with the justice bureau."""
    if mode not in CAMPAIGNS:
        return
    plan = rules["special.plan_required"]
    lacking = [name for key, name in PLAN.items() if not wanted.plan.get(key, "").strip()]
    if plan.value and lacking and not wanted.deployment:
        raise RuleRefused("exemption_plan_missing", article=plan.basis, missing="、".join(lacking))
    filing = rules["special.filing_required"]
    lacking = [name for key, name in FILING.items() if not wanted.filing.get(key, "").strip()]
    if filing.value and (lacking or not _is_day(wanted.filing["at"])):
        raise RuleRefused("exemption_filing_missing", article=filing.basis, missing="、".join(lacking) or FILING["at"])


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
