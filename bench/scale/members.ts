import { openRedisStore } from '../../src/store/redis/index.ts';
import type { FleetStore, MemberInfo } from '../../src/ports/index.ts';
import { realClock } from '../../src/testing/index.ts';
import { answer } from './child.ts';
import { FLEET, FOREVER, HEARTBEAT_MS, MEMBER_TTL_MS, memberInfo } from './fleet-of-many.ts';

// A process of members that do nothing but live: each with a connection, a digest and a list of its own.

interface Member {
  readonly info: MemberInfo;
  readonly store: FleetStore;
  timer: NodeJS.Timeout | undefined;
  known: number;
}

const clock = realClock();
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const members: Member[] = [];
let [made, beats, lost] = [0, 0, 0];
const waits: number[] = [];

answer({
  /** Starts so many more, spread over so long. */
  start: async ({ port = 0, count = 0, overMs = 0 }) => {
    const started: Promise<void>[] = [];
    for (let i = 0; i < count; i += 1) {
      made += 1;
      const connection = { kind: 'single', host: '127.0.0.1', port } as const;
      const store = openRedisStore({ fleet: FLEET, connection, clock, logger: quiet, commandTimeoutMs: 5_000 });
      const member: Member = { info: memberInfo(made, Date.now()), store, timer: undefined, known: 0 };
      members.push(member);
      started.push(
        new Promise((resolve) => {
          setTimeout(() => void beat(member).then(resolve), (overMs / count) * i);
        }),
      );
    }
    await Promise.all(started);
    return {};
  },
  /** Ends so many: they say so, or are only silent from now on. */
  end: async ({ count = 0, silently = 0 }) => {
    const ending = members.splice(0, count);
    await Promise.all(
      ending.map(async ({ info, store, timer }) => {
        clearTimeout(timer);
        if (silently === 0) await store.leave({ pod: info.pod, notAfter: FOREVER });
        await store.close();
      }),
    );
    return {};
  },
  /** What was seen since the last call. */
  seen: () => {
    const sorted = waits.toSorted((a, b) => a - b);
    const known = members.map((member) => member.known);
    const seen = {
      beats,
      lost,
      p50Ms: sorted[Math.floor(sorted.length / 2)] ?? 0,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      fewestKnown: Math.min(...known),
      mostKnown: Math.max(...known),
    };
    [beats, lost] = [0, 0];
    waits.length = 0;
    return Promise.resolve(seen);
  },
});

async function beat(member: Member): Promise<void> {
  member.timer = setTimeout(() => void beat(member), HEARTBEAT_MS);
  const sentMs = performance.now();
  const { info, store } = member;
  const said = await store.heartbeat({ info, ttlMs: MEMBER_TTL_MS, notAfter: FOREVER });
  beats += 1;
  waits.push(performance.now() - sentMs);
  if (said.kind === 'ok') member.known = said.value.members.length;
  else {
    lost += 1;
    // Its connection is not there yet: a member that starts tries again soon.
    if (member.known === 0) {
      clearTimeout(member.timer);
      member.timer = setTimeout(() => void beat(member), 100);
    }
  }
}
