import fc from 'fast-check';
import type { Facts } from '../../../src/health/index.ts';
import type { ClaimReason, FleetStore, StoreAnswer } from '../../../src/ports/index.ts';
import { recordText } from '../../../src/store/format/index.ts';
import { goodFacts, type FleetStoreUnderTest, type Key } from '../fleet-store/under-test.ts';

/** What commands refer to: the last time answered, and grants and versions handed out so far. */
export interface Known {
  now: number;
  readonly grants: number[];
  readonly versions: number[];
}

/** One step of a run, the same on every store; answers `undefined` where it goes through the back door. */
export interface Step {
  readonly shown: string;
  run(store: FleetStore, fleet: FleetStoreUnderTest, known: Known): Promise<StoreAnswer<unknown> | undefined>;
}

const READ = ['80000000a', '00000000b', 'not-hex', 'half', 'none'];
const FORWARD_US = 3_600_000_000;

// Halves, records whose header is sound and whose JSON is not, are planted for `half` alone: the adapter repeats a
// command for such a target, so that in a batch the two parts would be answered at two times.
const target: fc.Arbitrary<string> = fc.constantFrom('80000000a', '80000000a', '80000000a', '00000000b', 'not-hex');
const alone: fc.Arbitrary<string[]> = fc.constant(['half']);
const targets: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 3, arbitrary: fc.array(target, { maxLength: 4 }) },
  { weight: 1, arbitrary: alone },
);
export const pod: fc.Arbitrary<string> = fc.constantFrom('a', 'b');
const garbage = fc.constantFrom('', 'rubbish', '5 5 5 5 x', '99999999999999999 1 1 1 {}', '0 1 1 1 {}', '-1 b 1 1 1');
const hash = fc.constantFrom('p1', 'p1', 'p2');
const ms = fc.constantFrom(1, 7, 4_000, 60_000, 3_600_000);
export const pick: fc.Arbitrary<number> = fc.constantFrom(0, 1, 1, 1, 2, 3);
const offsetUs = fc.constantFrom(0, 1, -1, -20_000, -11_000_000, -3_600_000_000, 1_000_000, 86_400_000_000);
const membershipText = fc.constantFrom<(now: number) => string>(
  () => '',
  () => 'rub\nbish',
  (now) => `${now} 2 ${now + 9_000_000} 4 2`,
  (now) => `${now - 5} 1 ${now + 86_400_000_000} 4 1`,
  () => '9000000000000000 9000000000000000 9000000000000000 9000000000000000 9000000000000000',
  () => '9999999999999999 1 1 1 1',
  (now) => `1 ${now} a`,
  () => '2 2 b',
);

export const lateness: fc.Arbitrary<string> = fc.constantFrom('in time', 'in time', 'in time', 'in time', 'late');

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: claims() },
  { weight: 6, arbitrary: commits() },
  { weight: 2, arbitrary: leaseSteps() },
  { weight: 2, arbitrary: sweeps() },
  { weight: 3, arbitrary: beats() },
  { weight: 3, arbitrary: lists() },
  { weight: 2, arbitrary: reads() },
  { weight: 3, arbitrary: plants() },
  { weight: 1, arbitrary: fc.constant(named('flush', (_, fleet) => fleet.flush().then(() => undefined))) },
);

/** Members and their target lists alone: what they do to each other is rare among everything else. */
export const memberStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: beats() },
  { weight: 10, arbitrary: lists() },
  { weight: 2, arbitrary: memberPlants() },
);

export function named(shown: string, run: Step['run']): Step {
  return { shown, run };
}

export function notAfter(known: Known, when: string): number {
  return when === 'late' ? known.now - 1 : known.now + FORWARD_US;
}

export function chosen(from: readonly number[], index: number, other: number): number {
  return from.at(-1 - index) ?? other;
}

function claims(): fc.Arbitrary<Step> {
  const reason = fc.constantFrom<ClaimReason>('scheduled', 'confirmation', 'forced');
  return fc
    .record({
      pod,
      ttlMs: fc.constantFrom(1, 10_000),
      targets,
      reason,
      intervalMs: ms,
      everyMs: ms,
      version: pick,
      asked: fc.constantFrom('on schedule', 'on schedule', 'by a person'),
      when: lateness,
    })
    .map((input) =>
      named(`claim ${JSON.stringify(input)}`, (store, _, known) =>
        store.claim({
          pod: input.pod,
          ttlMs: input.ttlMs,
          notAfter: notAfter(known, input.when),
          requests: input.targets.map((id) => ({
            target: id,
            reason: input.reason,
            intervalMs: input.intervalMs,
            everyMs: input.everyMs,
            version: input.version === 0 ? 0 : chosen(known.versions, input.version - 1, 0),
            ...(input.asked === 'by a person' && { despite: 'pause' as const }),
          })),
        }),
      ),
    );
}

function commits(): fc.Arbitrary<Step> {
  return fc
    .record({ pod, targets, grant: pick, expected: pick, evidence: offsetUs, due: offsetUs, when: lateness })
    .map((input) =>
      named(`commit ${JSON.stringify(input)}`, (store, _, known) =>
        store.commit({
          pod: input.pod,
          notAfter: notAfter(known, input.when),
          newEpoch: 'life',
          commits: input.targets.map((id) => ({
            target: id,
            ...(input.grant === 0 ? {} : { grant: chosen(known.grants, input.grant - 1, 5) }),
            expectedVersion: input.expected === 0 ? 0 : chosen(known.versions, input.expected - 1, 0),
            evidenceAt: known.now + input.evidence,
            nextDueAt: known.now + input.due,
            facts: goodFacts(known.now),
          })),
        }),
      ),
    );
}

function leaseSteps(): fc.Arbitrary<Step> {
  return fc
    .record({ does: fc.constantFrom('renew', 'release'), pod, ttlMs: ms, targets, grant: pick, when: lateness })
    .map((input) =>
      named(`${input.does} ${JSON.stringify(input)}`, (store, _, known): Promise<StoreAnswer<unknown>> => {
        const leases = input.targets.map((id) => ({ target: id, grant: chosen(known.grants, input.grant, 5) }));
        const common = { pod: input.pod, notAfter: notAfter(known, input.when), leases };
        return input.does === 'renew' ? store.renew({ ...common, ttlMs: input.ttlMs }) : store.release(common);
      }),
    );
}

function sweeps(): fc.Arbitrary<Step> {
  return fc.record({ pod, targets, version: pick, when: lateness }).map((input) =>
    named(`sweep ${JSON.stringify(input)}`, (store, _, known) =>
      store.sweep({
        pod: input.pod,
        notAfter: notAfter(known, input.when),
        records: input.targets.map((id) => ({ target: id, version: chosen(known.versions, input.version, 1) })),
      }),
    ),
  );
}

function beats(): fc.Arbitrary<Step> {
  const leaving = fc.constantFrom('lives', 'lives', 'leaves');
  return fc.record({ pod, hash, leaving, ttlMs: fc.constantFrom(1, 30_000, 30_000), when: lateness }).map((input) =>
    named(`beat ${JSON.stringify(input)}`, (store, _, known): Promise<StoreAnswer<unknown>> => {
      const common = { pod: input.pod, notAfter: notAfter(known, input.when) };
      if (input.leaving === 'leaves') return store.leave(common);
      const hashes = { policyHash: 'pp', targetsHash: input.hash };
      const info = {
        pod: input.pod,
        version: '1',
        ...hashes,
        startedAt: 1,
        impaired: false,
        host: 'h',
        domain: 'd',
        blind: [],
        unreached: [],
      };
      return store.heartbeat({ info, ttlMs: input.ttlMs, notAfter: common.notAfter });
    }),
  );
}

function lists(): fc.Arbitrary<Step> {
  // Two pieces of two, and one that is the whole; what is no piece at all is refused before it is sent.
  const cut = fc.constantFrom([0, 1], [0, 1], [0, 2], [1, 2], [2, 2]);
  const read = fc
    .nat({ max: 2 })
    .map((piece) => named(`read piece ${piece}`, (store) => store.readTargets('p1', piece)));
  const bring = fc.record({ pod, hash, targets, cut, when: lateness }).map((input) =>
    named(`bring ${JSON.stringify(input)}`, (store, _, known) => {
      const [piece = 0, pieces = 1] = input.cut;
      const list = { targetsHash: input.hash, piece, pieces, targets: input.targets };
      return store.writeTargets({ pod: input.pod, notAfter: notAfter(known, input.when), ...list });
    }),
  );
  return fc.oneof(bring, read);
}

function reads(): fc.Arbitrary<Step> {
  return fc.constantFrom(
    named('read leases', (store) => store.readLeases(READ)),
    named('read records', (store) => store.readRecords(READ)),
    named('sample', (store, _, known) => store.sample({ pod: 'a', notAfter: notAfter(known, 'in time') })),
    named('time', (store) => store.time()),
  );
}

function plants(): fc.Arbitrary<Step> {
  const header = fc.record({ version: offsetUs, grant: offsetUs, evidenceAt: offsetUs, nextDueAt: offsetUs });
  const body = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.replace('"format":2', '"format":3'),
    (text) => text.replace('"format":2,', '').replace(/\}$/, ',"format":2}'),
  );
  const lease = fc.record({
    grant: offsetUs,
    pod,
    until: fc.constantFrom(-1, 30_000_000),
    window: fc.constantFrom(-1, -20_000, 1_000_000),
    count: fc.nat({ max: 4 }),
  });
  return fc.oneof(
    fc.tuple(target, garbage).map(([id, text]) => plant('records', id, () => text)),
    fc.tuple(target, header, body).map(([id, at, change]) => plant('records', id, (now) => change(record(at, now)))),
    header.map((at) => plant('records', 'half', (now) => record(at, now).replace('"run":', '"ran":'))),
    fc.tuple(target, garbage).map(([id, text]) => plant('leases', id, () => text)),
    fc
      .tuple(target, lease)
      .map(([id, at]) =>
        plant('leases', id, (now) => `${now + at.grant} ${at.pod} ${now + at.until} ${now + at.window} ${at.count}`),
      ),
    memberPlants(),
    fc.constantFrom('!epoch', '!seq').map((field) => plant('records', field, () => 'what ever')),
  );
}

function memberPlants(): fc.Arbitrary<Step> {
  const fields = ['!targets:p1', '!targets:p1:0/1', '!targets:p1:1/2', '!targets:', '!targets:p2:x'];
  const text = fc.constantFrom('', '1', '2', '007', 'rub\nbish', '[a b]');
  return fc.oneof(
    fc.tuple(fc.constantFrom('a', 'c'), garbage).map(([id, found]) => plant('pods', id, () => found)),
    fc.constant(plant('pods', 'c', (now) => `${now + 30_000_000} {}`)),
    fc.tuple(fc.constantFrom(...fields), text).map(([field, found]) => plant('pods', field, () => found)),
    fc
      .tuple(fc.constantFrom('!members', '!change:1', '!change:2', '!change:0', '!else'), membershipText)
      .map(([field, found]) => plant('pods', field, found)),
  );
}

export function plant(key: Key, field: string, text: (now: number) => string): Step {
  return named(`plant ${key} ${field} ${text(0)}`, async (_, fleet, known) => {
    await fleet.plant(key, field, text(known.now));
    return undefined;
  });
}

interface HeaderOffsets {
  readonly version: number;
  readonly grant: number;
  readonly evidenceAt: number;
  readonly nextDueAt: number;
}

function record(offsets: HeaderOffsets, now: number): string {
  const { version, grant, evidenceAt, nextDueAt } = offsets;
  // A plan shown without a time begins late enough for every offset to stay above zero.
  const from = now === 0 ? FORWARD_US * 2 : now;
  const facts: Facts = goodFacts(1);
  return recordText({
    version: from + version,
    grant: from + grant,
    evidenceAt: from + evidenceAt,
    nextDueAt: from + nextDueAt,
    facts,
  });
}
