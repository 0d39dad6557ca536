"""What chance owes a draw, as p-values: pure functions of counts.

Where a statistic is asymptotically chi-square, its upper tail is that of Wilson and Hilferty (Proc. Natl. Acad. Sci.
17, 1931, 684): off by less than 0.001 for ten degrees of freedom, by less for more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from statistics import NormalDist

NORMAL = NormalDist()
Pair = tuple[int, int]


def tail(statistic: float, freedom: int) -> float:
    """P(chi-square with ``freedom`` degrees of freedom ≥ ``statistic``)."""
    spread = 2 / (9 * freedom)
    return 1 - NORMAL.cdf(((statistic / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread))


def equal_chance(counts: Sequence[int], draws: int) -> float:
    """Whether ``draws`` draws of a fixed number took everybody alike.

    The indicators of one draw add up to a constant: their covariance is ``p(1-p)N/(N-1)`` on what is orthogonal to it.
    """
    n = len(counts)
    share = sum(counts) / draws / n
    mean = draws * share
    scatter = sum((count - mean) ** 2 for count in counts)
    return tail(scatter / (draws * share * (1 - share) * n / (n - 1)), n - 1)


def pairs_apart(counts: Mapping[Pair, int], draws: int, n: int, taken: int) -> float:
    """Whether two of ``n`` come together as often as any other two, whatever each of them does alone.

    ``taken`` of ``n`` are drawn. Counts of pairs lie in the Johnson scheme J(n, 2); with means and single effects taken
    out, the rest has the eigenvalue ``a - 2b + c`` of its covariance on n(n-3)/2 dimensions.
    """
    two = taken * (taken - 1) / (n * (n - 1))
    three = two * (taken - 2) / (n - 2)
    four = three * (taken - 3) / (n - 3)
    same, shared, apart = two * (1 - two), three - two**2, four - two**2
    mean = draws * two
    alone = [sum(counts[min(i, j), max(i, j)] - mean for j in range(n) if j != i) / (n - 2) for i in range(n)]
    scatter = sum((counts[i, j] - mean - alone[i] - alone[j]) ** 2 for i, j in combinations(range(n), 2))
    return tail(scatter / (draws * (same - 2 * shared + apart)), n * (n - 3) // 2)


def by_weight(firsts: Mapping[Pair, int], weights: Sequence[int], draws: int) -> float:
    """Whether the first two of a draw follow their weights: ``w_i/W`` and then ``w_j/(W-w_i)`` (srd-1 9.1)."""
    whole = sum(weights)
    statistic = 0.0
    for i, one in enumerate(weights):
        for j, other in enumerate(weights):
            if i != j:
                expected = draws * one / whole * other / (whole - one)
                statistic += (firsts.get((i, j), 0) - expected) ** 2 / expected
    return tail(statistic, len(weights) * (len(weights) - 1) - 1)


def unmoved(hits: int, draws: int, share: float) -> float:
    """Whether ``hits`` of ``draws`` is what ``share`` gives, to either side."""
    away = abs(hits - draws * share) / math.sqrt(draws * share * (1 - share))
    return 2 * (1 - NORMAL.cdf(away))
