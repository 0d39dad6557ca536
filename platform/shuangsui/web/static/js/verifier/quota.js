// How many objects each stratum gives (srd-1 section 6), in exact integers.

import { demand } from "./failure.js";

const least = (a, b) => (a < b ? a : b);
const most = (a, b) => (a > b ? a : b);
const sum = (values) => values.reduce((total, value) => total + value, 0n);

export function checkQuota(plan) {
  for (const { name, quota } of quotas(plan)) {
    demand(BigInt(plan.quota[name]) === quota, "QUOTA", `${name}: ${plan.quota[name]}, recomputed ${quota}`);
  }
}

function quotas({ rules, snapshot }) {
  const strata = Object.entries(rules.strata).map(([name, rule]) => bounded(name, rule, snapshot.eligible[name]));
  return rules.mode === "ratio" ? strata.map(byRatio) : byTotal(strata, BigInt(rules.total));
}

/** A stratum with its size and the bounds its floor and cap leave. */
function bounded(name, rule, eligible) {
  const n = BigInt(eligible);
  return { name, rule, n, low: least(n, BigInt(rule.floor)), high: rule.cap === null ? n : least(n, BigInt(rule.cap)) };
}

function byRatio(stratum) {
  const [p, q] = stratum.rule.ratio.split("/").map(BigInt);
  const rounded = (stratum.n * p + q - 1n) / q;
  return { name: stratum.name, quota: most(stratum.low, least(stratum.high, rounded)) };
}

/** Largest remainder 最大余数法 with bounds: strata beyond a bound are fixed there and the rest is shared anew. */
function byTotal(strata, wanted) {
  const total = least(most(wanted, sum(strata.map(({ low }) => low))), sum(strata.map(({ high }) => high)));
  const fixed = [];
  let free = strata;
  while (free.length > 0) {
    const shares = exactShares(free, total - sum(fixed.map(({ quota }) => quota)));
    const bound = beyondBound(shares);
    if (bound.length === 0) return [...fixed, ...rounded(shares)];
    fixed.push(...bound);
    const names = new Set(bound.map(({ name }) => name));
    free = free.filter(({ name }) => !names.has(name));
  }
  return fixed;
}

/** Exact share of each stratum as `part / whole`, the same `whole` for all. */
function exactShares(free, rest) {
  const masses = free.map((stratum) => stratum.n * BigInt(stratum.rule.share));
  const whole = sum(masses) || 1n;
  return free.map((stratum, i) => ({ ...stratum, part: rest * masses[i], whole, rest }));
}

function beyondBound(shares) {
  const above = shares.filter(({ part, whole, high }) => part > high * whole);
  const below = shares.filter(({ part, whole, low }) => part < low * whole);
  const excess = sum(above.map(({ part, whole, high }) => part - high * whole));
  const lack = sum(below.map(({ part, whole, low }) => low * whole - part));
  return excess >= lack
    ? above.map(({ name, high }) => ({ name, quota: high }))
    : below.map(({ name, low }) => ({ name, quota: low }));
}

/** Whole numbers; the units left over go to the largest remainders, ties to the smaller name. */
function rounded(shares) {
  const floors = shares.map(({ name, part, whole }) => ({ name, quota: part / whole, remainder: part % whole }));
  const left = Number(shares[0].rest - sum(floors.map(({ quota }) => quota)));
  const order = [...floors].sort((a, b) => {
    if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
    return a.name < b.name ? -1 : 1;
  });
  for (const stratum of order.slice(0, left)) stratum.quota += 1n;
  return floors;
}
