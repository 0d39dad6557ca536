"""What a plan line may say (articles 5, 7, 10), and which stratum an object falls into."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, Self

from shuangsui.errors import BadInput, RuleRefused
from shuangsui.rules.policy import Rules
from shuangsui.said import listed, say

FLAGGED = "FLAG"
"""Stratum of objects with a bad record (article 10, second paragraph)."""
ALL = "ALL"
"""Stratum of everything that no other stratum of the line takes."""
STRATA = (FLAGGED, "A", "B", "C", "D", ALL)
STRATUM_NAMES = {FLAGGED: "有违法违规记录的对象", ALL: "其他对象"}


@dataclass(frozen=True, slots=True)
class Seats:
    """Who a task needs: inspectors of a team, or experts. ``qualification`` empty: none is needed."""

    size: int
    qualification: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a line fixes: scope 对象范围 (empty = everything), ratios per stratum, rounds a year, batches, people."""

    ratios: Mapping[str, Fraction]
    districts: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    rounds: int = 1
    batches: int = 0
    team: Seats = Seats(2)
    experts: Seats | None = None
    per_day: int = 10
    dispatch: bool = False
    """The districts inspect with teams of their own: the draw is of objects only (R17.1)."""
    partners: tuple[str, ...] = ()
    """Other authorities that inspect the same objects beside this one (部门联合)."""

    def as_json(self) -> dict[str, Any]:
        """The stored and published form; ratios as ``p/q``."""
        return {
            "ratios": {name: ratio_text(ratio) for name, ratio in self.ratios.items()},
            "districts": list(self.districts),
            "industries": list(self.industries),
            "rounds": self.rounds,
            "batches": self.batches,
            "team": {"size": self.team.size, "qualification": self.team.qualification},
            "experts": self.experts and {"size": self.experts.size, "qualification": self.experts.qualification},
            "per_day": self.per_day,
            "dispatch": self.dispatch,
            "partners": list(self.partners),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What :meth:`as_json` stored."""
        return cls(
            ratios={name: Fraction(ratio) for name, ratio in stored["ratios"].items()},
            districts=tuple(stored["districts"]),
            industries=tuple(stored["industries"]),
            rounds=stored["rounds"],
            batches=stored["batches"],
            team=Seats(**stored["team"]),
            experts=Seats(**stored["experts"]) if stored["experts"] else None,
            per_day=stored["per_day"],
            dispatch=stored.get("dispatch", False),
            partners=tuple(stored.get("partners", ())),
        )


@dataclass(frozen=True, slots=True)
class ItemTerms:
    """What the item's version in force demands of a line: class, cap and least ratio, draws a year (R7.3)."""

    code: str
    key: bool
    cap: Fraction | None
    least: Fraction | None
    rounds: int | None
    family: str = ""


class Officers(NamedTuple):
    """How many inspectors a team needs at least, and by which provision."""

    least: int
    article: str


def officers(rules: Rules, family: str) -> Officers:
    """The least team for a family of items: never below that of every family (R13.1)."""
    least, own = rules.number("team.min_officers"), rules.counts("team.officers_for").get(family, 0)
    return Officers(own, rules["team.officers_for"].basis) if own > least else Officers(least, "第十三条")


def least_ratios(strata: Iterable[str], rules: Rules) -> dict[str, Fraction]:
    """Stratum of a line → the ratio below which nobody in it may be drawn, for those that have one (R10.4).

    A class without a stratum of its own is drawn with those it falls among; see :func:`stratum_of`.
    """
    known, least = list(strata), dict[str, Fraction]()
    for name, percents in rules.counts("draw.least_percent").items():
        others = known if name == FLAGGED else [ALL]
        for stratum in [name] if name in known else [other for other in others if other in known]:
            least[stratum] = max(least.get(stratum, Fraction(0)), Fraction(percents, 100))
    return least


def ratio_text(ratio: Fraction) -> str:
    """``p/q``, also for 0 and 1, as srd-1 5.1 writes it."""
    return f"{ratio.numerator}/{ratio.denominator}"


def parse_ratio(text: str) -> Fraction:
    """A ratio typed by a person: ``5%``, ``2‰``, ``1/20``; :class:`BadInput` ``ratio_invalid``."""
    value = text.strip().replace("％", "%")
    unit = {"%": 100, "‰": 1000}.get(value[-1:], 1)
    try:
        ratio = Fraction(value[:-1] if unit > 1 else value) / unit
    except (ValueError, ZeroDivisionError):
        raise BadInput("ratio_invalid", ratio=text) from None
    if not 0 <= ratio <= 1 or ratio.denominator > 1_000_000:
        raise BadInput("ratio_invalid", ratio=text)
    return ratio


def usual_ratios(item: ItemTerms, rules: Rules) -> dict[str, Fraction]:
    """What a line is offered before anybody has decided: as many as the cap of the item lets be drawn, of those with a
    bad record twice that where they must be drawn more often (R10.4); empty without a cap."""
    if item.cap is None:
        return {}
    higher = rules.switch("draw.flagged_ratio_higher") and item.cap < 1
    return {ALL: item.cap} | ({FLAGGED: min(2 * item.cap, Fraction(1))} if higher else {})


def check_line(terms: Terms, item: ItemTerms, rules: Rules) -> None:
    """Refuse a line that breaks the item's version or the rules; the first breach, with its article."""
    _check_ratios(terms, item, rules)
    _check_least(terms, item, rules)
    if terms.batches:
        _check_batch_order(terms, item, rules)
    elif not _is_everything(terms):
        _check_flagged(terms, rules)
    if terms.rounds < 1:
        raise BadInput("line_frequency_missing", item=item.code)
    if item.rounds is not None and terms.rounds > item.rounds:
        raise RuleRefused("over_frequency", article="第七条", item=item.code, rounds=terms.rounds, most=item.rounds)
    if terms.dispatch and terms.partners:
        raise BadInput("dispatch_joint", item=item.code)
    least, article = officers(rules, item.family)
    if terms.team.size < least:
        raise RuleRefused("team_too_small", article=article, size=terms.team.size, least=least)


def _check_ratios(terms: Terms, item: ItemTerms, rules: Rules) -> None:
    if not terms.ratios:
        raise BadInput("line_ratio_missing", item=item.code)
    if unknown := sorted(terms.ratios.keys() - set(STRATA)):
        raise BadInput("stratum_unknown", stratum="、".join(unknown), strata="、".join(STRATA))
    lowest = min(terms.ratios.values())
    if item.least is not None and lowest < item.least:
        raise RuleRefused(
            "under_ratio", article="第七条", item=item.code, ratio=percent(lowest), least=percent(item.least)
        )
    if item.cap is None and not item.key:
        raise RuleRefused("cap_required", article="第五条", item=item.code, text="未设上限")
    counted = lowest * (terms.rounds if rules.switch("draw.cap_cumulative") else 1)
    if item.cap is not None and counted > item.cap:
        cap = percent(item.cap)
        raise RuleRefused("over_cap", article="第五条", item=item.code, ratio=percent(counted), cap=cap)


def _check_least(terms: Terms, item: ItemTerms, rules: Rules) -> None:
    """R10.4: no class is drawn at a lower ratio than the authority's rules fix for it."""
    for stratum, least in least_ratios(terms.ratios, rules).items():
        if terms.ratios[stratum] < least:
            raise RuleRefused(
                "under_least_percent", article=rules["draw.least_percent"].basis, item=item.code,
                stratum=stratum_name(stratum), ratio=percent(terms.ratios[stratum]), least=percent(least),
            )  # fmt: skip


def _check_batch_order(terms: Terms, item: ItemTerms, rules: Rules) -> None:
    """R5.6: the draw fixes only the order in which every object is inspected."""
    if rules.switch("draw.batch_order_key_only") and not item.key:
        raise RuleRefused("batch_order_general", article="第五条", item=item.code)
    if not _is_everything(terms):
        raise RuleRefused("batch_order_ratio", article="第五条", item=item.code)


def _is_everything(terms: Terms) -> bool:
    return all(ratio == 1 for ratio in terms.ratios.values())


def _check_flagged(terms: Terms, rules: Rules) -> None:
    """R10.4: objects with a bad record are drawn at a higher ratio than any other."""
    others = [ratio for name, ratio in terms.ratios.items() if name != FLAGGED]
    flagged = terms.ratios.get(FLAGGED, Fraction(0))
    if rules.switch("draw.flagged_ratio_higher") and others and flagged <= max(others):
        ratio, highest = percent(flagged), percent(max(others))
        raise RuleRefused("flagged_ratio_not_higher", article="第十条", ratio=ratio, highest=highest)


def stratum_name(name: str) -> str:
    """What people call a stratum: 有违法违规记录的对象, A 类, 其他对象."""
    return STRATUM_NAMES.get(name, say("{name} 类", name=name))


def ratios_in_words(ratios: Mapping[str, str]) -> str:
    """``有违法违规记录的对象 10%；其他对象 4%``; the only stratum of a line needs no name."""
    many = len(ratios) > 1
    shares = ((stratum_name(name), percent(Fraction(of))) for name, of in ratios.items())
    return listed((say("{name} {share}", name=name, share=share) if many else share for name, share in shares), "；")


def percent(ratio: Fraction) -> str:
    """``5%`` or, where percent are no whole hundredths, ``1/3``."""
    hundredths = ratio * 10000
    return f"{float(ratio * 100):g}%" if hundredths.denominator == 1 else ratio_text(ratio)


def in_scope(terms: Terms, district: str | None, industry: str | None) -> bool:
    """Whether an object of this district and industry belongs to the line's 抽查对象范围 (R7.2)."""
    here = not terms.districts or district in terms.districts
    return here and (not terms.industries or (industry or "").startswith(terms.industries))


def counting(flags: Sequence[Mapping[str, Any]], kinds: Collection[str]) -> list[Mapping[str, Any]]:
    """Bad records of the kinds that the authority's rules name (``frequency.flags``, R10.4)."""
    return [flag for flag in flags if flag["kind"] in kinds]


def active_flags(flags: Sequence[Mapping[str, Any]], on: date) -> list[Mapping[str, Any]]:
    """Bad records that count on a day: begun, and neither expired nor repaired before it (R10.5)."""
    day = on.isoformat()
    return [f for f in flags if (f["since"] or "") <= day and (not f["until"] or f["until"] >= day)]


def stratum_of(
    risk_class: str | None, flags: Sequence[Mapping[str, Any]], strata: Sequence[str], on: date
) -> str | None:
    """The stratum an object falls into, None if the line has none for it."""
    if FLAGGED in strata and active_flags(flags, on):
        return FLAGGED
    if risk_class and risk_class in strata:
        return risk_class
    return ALL if ALL in strata else None
