import fc from 'fast-check';
import type { ClaimReason, KnownUse } from '../../../src/ports/index.ts';
import { DAY_US, HOUR_US, SPENT_OFFLINE } from '../../../src/ports/index.ts';
import { goodFacts } from '../fleet-store/under-test.ts';
import { chosen, lateness, named, notAfter, pick, plant, pod, type Step } from './commands.ts';

const targets = fc.array(fc.constantFrom('80000000a', '00000000b'), { maxLength: 3 });
const limit = fc.constantFrom(undefined, 0, 1, 3, 1_000);
const nano = fc.constantFrom(0, 1, 400, 9_000_000_000_000_000, 0.6);
const budget = fc.record({ probesPerHour: limit, nanoUsdPerDay: limit });
const amount = fc.nat({ max: 5 });

/** Paid probes, and what becomes of what they reserved. */
export const moneyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: claims() },
  { weight: 6, arbitrary: commits() },
  { weight: 3, arbitrary: releases() },
  { weight: 1, arbitrary: sweeps() },
  { weight: 3, arbitrary: broughtCounts() },
  { weight: 3, arbitrary: plants() },
  { weight: 3, arbitrary: targets.map((ids) => named(`read money of ${ids.join()}`, (store) => store.readMoney(ids))) },
);

function claims(): fc.Arbitrary<Step> {
  const reason = fc.constantFrom<ClaimReason>('scheduled', 'confirmation', 'forced', 'forced');
  const depth = fc.constantFrom(undefined, 'shallow' as const);
  const paid = fc.option(fc.record({ worstNanoUsd: nano, budget, known: knownCounts() }), { nil: undefined });
  const ttlMs = fc.constantFrom(1, 10_000);
  return fc.record({ pod, ttlMs, targets, reason, depth, paid, budget, version: pick, when: lateness }).map((input) =>
    named(`claim ${JSON.stringify(input)}`, (store, _, known) =>
      store.claim({
        pod: input.pod,
        ttlMs: input.ttlMs,
        notAfter: notAfter(known, input.when),
        budget: said(input.budget),
        requests: input.targets.map((target) => ({
          target,
          reason: input.reason,
          intervalMs: 4_000,
          everyMs: 4_000,
          version: input.version === 0 ? 0 : chosen(known.versions, input.version - 1, 0),
          ...(input.depth && { depth: input.depth }),
          ...(input.paid && {
            paid: {
              worstNanoUsd: input.paid.worstNanoUsd,
              budget: said(input.paid.budget),
              known: input.paid.known(known.now),
            },
          }),
        })),
      }),
    ),
  );
}

/** Counts that a claimant knows, of any epoch and of hours and days around now; made when the time is known. */
function knownCounts() {
  const epoch = fc.constantFrom(null, '', 'life', 'life', 'lost', SPENT_OFFLINE);
  const ahead = fc.constantFrom(-1, 0, 0, 0, 1, 2, 24, 25);
  const count = fc.record({ epoch, ahead, probes: fc.constantFrom(0, 1, 2, 900, 9_000_000_000_000_000), nano });
  return fc.record({ fleet: fc.option(count), target: fc.option(count) }).map(({ fleet, target }) => (now: number) => {
    const use = (one: typeof fleet): KnownUse | undefined =>
      one === null
        ? undefined
        : {
            hour: Math.max(0, Math.floor(now / HOUR_US) + one.ahead),
            probes: one.probes,
            day: Math.max(0, Math.floor(now / DAY_US) + one.ahead),
            nanoUsd: one.nano,
            epoch: one.epoch,
          };
    const [ofFleet, ofTarget] = [use(fleet), use(target)];
    return { ...(ofFleet && { fleet: ofFleet }), ...(ofTarget && { target: ofTarget }) };
  });
}

function broughtCounts(): fc.Arbitrary<Step> {
  const one = fc.record({ budget, counts: knownCounts() });
  return fc.record({ targets, ofFleet: one, of: one, when: lateness }).map((input) =>
    named(`bring counts ${JSON.stringify(input)}`, (store, _, known) => {
      const { fleet } = input.ofFleet.counts(known.now);
      const { target: own } = input.of.counts(known.now);
      return store.restoreCounts({
        notAfter: notAfter(known, input.when),
        budget: said(input.ofFleet.budget),
        ...(fleet && { fleet }),
        targets:
          own === undefined
            ? []
            : input.targets.map((id) => ({ target: id, budget: said(input.of.budget), known: own })),
      });
    }),
  );
}

function commits(): fc.Arbitrary<Step> {
  const totals = fc.record({
    probes: amount,
    unpriced: amount,
    spent: nano,
    savedBySharing: amount,
    savedByAlias: amount,
    savedByCache: amount,
  });
  const cost = fc.option(fc.record({ nanoUsd: nano, totals }), { nil: undefined });
  return fc.record({ pod, targets, grant: pick, expected: pick, cost, when: lateness }).map((input) =>
    named(`commit ${JSON.stringify(input)}`, (store, _, known) =>
      store.commit({
        pod: input.pod,
        notAfter: notAfter(known, input.when),
        newEpoch: 'life',
        commits: input.targets.map((target) => ({
          target,
          ...(input.grant === 0 ? {} : { grant: chosen(known.grants, input.grant - 1, 5) }),
          expectedVersion: input.expected === 0 ? 0 : chosen(known.versions, input.expected - 1, 0),
          evidenceAt: known.now - 11_000_000,
          nextDueAt: known.now,
          facts: goodFacts(known.now),
          ...(input.cost && { cost: input.cost }),
        })),
      }),
    ),
  );
}

function releases(): fc.Arbitrary<Step> {
  const probe = fc.constantFrom(undefined, 'never-sent' as const);
  return fc.record({ pod, targets, grant: pick, probe, when: lateness }).map((input) =>
    named(`release ${JSON.stringify(input)}`, (store, _, known) =>
      store.release({
        pod: input.pod,
        notAfter: notAfter(known, input.when),
        leases: input.targets.map((target) => {
          const grant = chosen(known.grants, input.grant, 5);
          return { target, grant, ...(input.probe && { probe: input.probe }) };
        }),
      }),
    ),
  );
}

function sweeps(): fc.Arbitrary<Step> {
  return fc.record({ targets, version: pick }).map((input) =>
    named(`sweep ${JSON.stringify(input)}`, (store, _, known) => {
      const records = input.targets.map((target) => ({ target, version: chosen(known.versions, input.version, 1) }));
      return store.sweep({ pod: 'a', notAfter: notAfter(known, 'in time'), records });
    }),
  );
}

function plants(): fc.Arbitrary<Step> {
  const owner = fc.constantFrom('!fleet', '80000000a', '00000000b');
  const held = owner.map((name) => `${name}:held`);
  const field = fc.oneof(owner, held, fc.constantFrom('!fleet:0', '80000000a:0', '80000000a:1'));
  const garbage = fc.constantFrom(
    '',
    'rubbish',
    '1 2 3',
    '1 2 3 4 5',
    '1 2  4',
    ' 1 2 3 4',
    '-1 2 3 4',
    '1 2 3 99999999999999999',
  );
  const hours = fc.constantFrom(-1, 0, 1, 24, 25);
  return fc.oneof(
    fc.tuple(field, garbage).map(([name, text]) => plant('budget', name, () => text)),
    fc.tuple(owner, hours, hours, amount, nano).map(([name, byHours, byDays, probes, money]) =>
      plant('budget', name, (now) => {
        const [hour, day] = [Math.floor(now / 3_600_000_000), Math.floor(now / 86_400_000_000)];
        return `${Math.max(0, hour + byHours)} ${probes} ${Math.max(0, day + byDays)} ${Math.round(money)}`;
      }),
    ),
  );
}

/** Without the limits that are none. */
function said(limits: { readonly probesPerHour: number | undefined; readonly nanoUsdPerDay: number | undefined }) {
  const { probesPerHour, nanoUsdPerDay } = limits;
  return {
    ...(probesPerHour === undefined ? {} : { probesPerHour }),
    ...(nanoUsdPerDay === undefined ? {} : { nanoUsdPerDay }),
  };
}
