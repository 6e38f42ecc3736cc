import { afterEach, beforeEach, describe } from 'vitest';
import type { Facts, StoreTime, TargetId, TargetRecord } from '../../../src/health/index.ts';
import type {
  ClaimAnswer,
  ClaimInput,
  ClaimRequest,
  CommitAnswer,
  CommitRequest,
  FleetEvent,
  FleetStore,
  HeartbeatInput,
  MemberInfo,
  StoreAnswer,
  StoreListener,
  StoreMeta,
  StoreSubscription,
} from '../../../src/ports/index.ts';
import { recordText } from '../../../src/store/format/index.ts';

export type Key = 'records' | 'leases' | 'pods' | 'holds' | 'budget' | 'history';

/** One fleet of its own, and the back door that a test needs to plant and to look. */
export interface FleetStoreUnderTest {
  /** A pod's handle; connected as soon as this resolves. */
  open(): Promise<FleetStore>;
  plant(key: Key, field: string, text: string): Promise<void>;
  texts(key: Key): Promise<ReadonlyMap<string, string>>;
  /** Loses all data; connections stay. */
  flush(): Promise<void>;
  /** A message on the push channel that is no event. */
  publishGarbage(text: string): Promise<void>;
  close(): Promise<void>;
}

export type OpenFleet = () => Promise<FleetStoreUnderTest>;

export const T1 = '40000000aaaaaaaa';
export const T2 = 'c0000000bbbbbbbb';
export const HOUR_MS = 3_600_000;
export const FOREVER = 9_000_000_000_000_000;

/** A fleet of its own for each test, and handles on it, closed after the test. */
export interface Bench {
  fleet: FleetStoreUnderTest;
  /** Handles of the pods `a` and `b`. */
  a: FleetStore;
  b: FleetStore;
}

/** Part of the contract: what one command or one kind of data promises, to be held against a store. */
export type Suite = (open: OpenFleet) => void;

export function suite(name: string, tests: (bench: Bench) => void): Suite {
  return (open) => {
    describe(name, () => {
      const bench = {} as Bench;
      beforeEach(async () => {
        bench.fleet = await open();
        [bench.a, bench.b] = await Promise.all([bench.fleet.open(), bench.fleet.open()]);
      });
      afterEach(async () => {
        await Promise.all([bench.a.close(), bench.b.close()]);
        await bench.fleet.close();
      });
      tests(bench);
    });
  };
}

/** The value of an answer that must have come. */
export function ok<T>(answer: StoreAnswer<T>): T {
  if (answer.kind !== 'ok') throw new Error(`expected an answer, got ${JSON.stringify(answer)}`);
  return answer.value;
}

export async function metaOf(store: FleetStore): Promise<StoreMeta> {
  const answer = await store.time();
  if (answer.kind !== 'ok') throw new Error(`expected the time, got ${JSON.stringify(answer)}`);
  return answer.meta;
}

export async function nowOf(store: FleetStore): Promise<StoreTime> {
  return (await metaOf(store)).now;
}

export function request(over: Partial<ClaimRequest> = {}): ClaimRequest {
  return { target: T1, reason: 'scheduled', intervalMs: HOUR_MS, everyMs: HOUR_MS, version: 0, ...over };
}

export function claimInput(requests: readonly ClaimRequest[], over: Partial<ClaimInput> = {}): ClaimInput {
  return { pod: 'a', ttlMs: 10_000, notAfter: FOREVER, requests, ...over };
}

/** One request, one answer. */
export async function claim(
  store: FleetStore,
  over: Partial<ClaimRequest> & { readonly pod?: string; readonly ttlMs?: number } = {},
): Promise<ClaimAnswer> {
  const { pod = 'a', ttlMs = 10_000, ...rest } = over;
  return ok(await store.claim(claimInput([request(rest)], { pod, ttlMs })))[0]!;
}

export async function grantOf(
  store: FleetStore,
  over: Partial<ClaimRequest> & { readonly pod?: string; readonly ttlMs?: number } = {},
): Promise<number> {
  const answer = await claim(store, over);
  if (answer.kind !== 'granted') throw new Error(`expected a grant, got ${JSON.stringify(answer)}`);
  return answer.grant;
}

export function commitRequest(over: Partial<CommitRequest> = {}): CommitRequest {
  const evidenceAt = over.evidenceAt ?? over.grant ?? 1;
  return {
    target: T1,
    expectedVersion: 0,
    evidenceAt,
    nextDueAt: evidenceAt + HOUR_MS * 1000,
    facts: goodFacts(evidenceAt),
    ...over,
  };
}

/** One commit, one answer. */
export async function commit(
  store: FleetStore,
  over: Partial<CommitRequest> & { readonly pod?: string } = {},
): Promise<CommitAnswer> {
  const { pod = 'a', ...rest } = over;
  const commits = [commitRequest(rest)];
  return ok(await store.commit({ pod, notAfter: FOREVER, newEpoch: 'first', commits }))[0]!;
}

/** Claims and commits; the version of the record written. */
export async function probed(store: FleetStore, target: TargetId = T1, version = 0): Promise<number> {
  const grant = await grantOf(store, { target, version });
  const answer = await commit(store, { target, grant, expectedVersion: version });
  if (answer.kind !== 'ok') throw new Error(`expected the commit to be written, got ${JSON.stringify(answer)}`);
  return answer.version;
}

export function goodFacts(at: StoreTime): Facts {
  const probe = {
    pod: 'a',
    source: 'probe',
    reason: 'scheduled',
    level: 'inference',
    ok: true,
    latencyMs: 12,
  } as const;
  const last = { at, answeredAt: at + 12_000, ...probe };
  return { format: 2, run: { kind: 'ok', length: 1, since: at }, lastSuccess: { inference: at }, last };
}

export function member(over: Partial<MemberInfo> & { readonly pod: string }): MemberInfo {
  const place = { host: over.pod, domain: over.pod, blind: [], unreached: [] };
  return { version: '1.0.0', policyHash: 'pp', targetsHash: 'tp', startedAt: 5, impaired: false, ...place, ...over };
}

export function beat(info: Partial<MemberInfo> & { readonly pod: string }): HeartbeatInput {
  return { info: member(info), ttlMs: 15_000, notAfter: FOREVER };
}

/** A record's text with any header. */
export function planted(header: Partial<Omit<TargetRecord, 'facts'>>): string {
  const { version = 1, grant = 0, evidenceAt = 1, nextDueAt = 1, ...more } = header;
  return recordText({ version, grant, evidenceAt, nextDueAt, ...more, facts: goodFacts(1) });
}

/** Everything a subscriber was told, in order. */
export interface Heard {
  readonly events: FleetEvent[];
  readonly garbage: string[];
  readonly dropped: string[];
  readonly subscription: StoreSubscription;
}

export async function listen(store: FleetStore): Promise<Heard> {
  const events: FleetEvent[] = [];
  const garbage: string[] = [];
  const dropped: string[] = [];
  const listener: StoreListener = {
    event: (event) => events.push(event),
    garbage: (shown) => garbage.push(shown),
    dropped: (why) => dropped.push(why),
  };
  const answer = await store.subscribe(listener);
  if (answer.kind !== 'subscribed') throw new Error(`expected a subscription, got ${JSON.stringify(answer)}`);
  return { events, garbage, dropped, subscription: answer.subscription };
}
