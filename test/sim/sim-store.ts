import type { FleetStore, StoreAnswer, StoreListener, StoreSubscription } from '../../src/ports/index.ts';
import type { MemoryFleet } from '../../src/store/memory/index.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { PodClock, VirtualTime } from './virtual-time.ts';

type Lost = Extract<StoreAnswer<never>, { kind: 'lost' }>;

const TIMEOUT_MS = 250;
/** Between two messages of one connection. */
const GAP_MS = 0.001;

/** Faults of the store, common to all pods. */
export interface StoreFaults {
  /** Refuses connections. */
  down: boolean;
  /** Answers no command; commands wait in its sockets and run when it resumes. */
  hung: boolean;
  /** Share of answers lost after the command ran. */
  lostReplies: number;
  /** Answers reads and refuses writes. */
  refuses: 'out-of-memory' | 'read-only' | undefined;
  /** Extra delay of a page of records, so that commits fall between two pages. Absent: none. */
  slowPagesMs?: number;
  /** Commands that wait for the store to resume. */
  readonly waiting: (() => void)[];
}

/** Faults between one pod and the store. */
export interface PodStoreFaults {
  /** Receives no events, although its connection is open. */
  eventsLost: boolean;
  /** Cannot reach the store. */
  storeUnreachable: boolean;
}

export interface SimStoreParts {
  readonly time: VirtualTime;
  readonly clock: PodClock;
  readonly random: SeededRandom;
  readonly store: StoreFaults;
  readonly pod: PodStoreFaults;
  readonly occurred: (fault: string) => void;
  /** The pod sends a command. */
  readonly sent: (command: string) => void;
  /** Runs a command that was sent this long ago. */
  readonly late: <T>(sentAgoMs: number, command: () => T) => T;
}

/** A pod's connection to the store: latency, timeouts with late execution, lost replies, hangs. */
export function simStore(fleet: MemoryFleet, parts: SimStoreParts): FleetStore {
  const inner = fleet.open();
  const connection = { there: inOrder(parts), back: inOrder(parts) };
  const read = <T>(name: string, command: () => Promise<StoreAnswer<T>>): Promise<StoreAnswer<T>> => {
    parts.sent(name);
    return travel(parts, connection, command);
  };
  const write = <T>(name: string, command: () => Promise<StoreAnswer<T>>): Promise<StoreAnswer<T>> =>
    read(name, async () => refusal(parts.store) ?? (await command()));
  return {
    claim: (input) => write('claim', () => inner.claim(input)),
    renew: (input) => write('renew', () => inner.renew(input)),
    commit: (input) => write('commit', () => inner.commit(input)),
    release: (input) => write('release', () => inner.release(input)),
    heartbeat: (input) => write('heartbeat', () => inner.heartbeat(input)),
    leave: (input) => write('leave', () => inner.leave(input)),
    sample: (input) => write('sample', () => inner.sample(input)),
    sweep: (input) => write('sweep', () => inner.sweep(input)),
    writeTargets: (input) => write('writeTargets', () => inner.writeTargets(input)),
    hold: (input) => write('hold', () => inner.hold(input)),
    sweepHolds: (input) => write('sweepHolds', () => inner.sweepHolds(input)),
    readHolds: (keys) => read('readHolds', () => inner.readHolds(keys)),
    readLeases: (targets) => read('readLeases', () => inner.readLeases(targets)),
    readRecords: async (targets) => {
      await slowPage(parts);
      return await read('readRecords', () => inner.readRecords(targets));
    },
    readTargets: (hash, piece) => read('readTargets', () => inner.readTargets(hash, piece)),
    restoreCounts: (input) => write('restoreCounts', () => inner.restoreCounts(input)),
    readMoney: (targets) => read('readMoney', () => inner.readMoney(targets)),
    readHistory: (targets) => read('readHistory', () => inner.readHistory(targets)),
    time: () => read('time', () => inner.time()),
    subscribe: async (listener) => {
      const answer = await read('subscribe', () => inner.time());
      if (answer.kind === 'lost') return answer;
      const opened = await inner.subscribe(listening(parts, listener));
      return opened.kind === 'lost'
        ? opened
        : { kind: 'subscribed', subscription: watched(parts, opened.subscription) };
    },
    close: () => inner.close(),
  };
}

async function slowPage({ clock, random, store: { slowPagesMs } }: SimStoreParts): Promise<void> {
  if (slowPagesMs === undefined) return;
  await new Promise<void>((resolve) => {
    clock.setTimer(random.between(0, slowPagesMs), resolve);
  });
}

function refusal({ refuses }: StoreFaults): Lost | undefined {
  if (refuses === undefined) return undefined;
  return { kind: 'lost', loss: { code: refuses, message: `the store refuses to write: ${refuses}` } };
}

/** One direction of a connection, with latency and in order. Returns the delay of the next message, ms. */
function inOrder({ time, random }: SimStoreParts): () => number {
  let lastMs = 0;
  return () => {
    lastMs = Math.max(time.now + latency(random), lastMs + GAP_MS);
    return lastMs - time.now;
  };
}

async function travel<T>(
  parts: SimStoreParts,
  connection: { readonly there: () => number; readonly back: () => number },
  command: () => Promise<StoreAnswer<T>>,
): Promise<StoreAnswer<T>> {
  const { time, clock, random, store, pod, occurred, late } = parts;
  const sentMs = time.now;
  return await new Promise((resolve) => {
    let open = true;
    const answer = (value: StoreAnswer<T>): void => {
      if (!open) return;
      open = false;
      timeout.cancel();
      resolve(value);
    };
    const timeout = clock.setTimer(TIMEOUT_MS, () =>
      answer({ kind: 'lost', loss: { code: 'timeout', message: 'no answer within 250 ms' } }),
    );
    if (store.down || pod.storeUnreachable) {
      clock.setTimer(0.1, () =>
        answer({ kind: 'lost', loss: { code: 'disconnected', message: 'connection refused' } }),
      );
      return;
    }
    const execute = (): void => {
      if (!open) occurred('late script');
      void late(time.now - sentMs, command).then((value) => {
        if (random.chance(store.lostReplies)) occurred('lost reply');
        else clock.setTimer(connection.back(), () => answer(value));
      });
    };
    time.schedule(connection.there(), () => {
      if (store.down) return;
      if (store.hung) store.waiting.push(execute);
      else execute();
    });
  });
}

function latency(random: SeededRandom): number {
  return random.chance(0.01) ? random.between(1, 60) : random.between(0.1, 1);
}

function listening(parts: SimStoreParts, listener: StoreListener): StoreListener {
  const { clock, store, pod } = parts;
  const next = inOrder(parts);
  const later = (deliver: () => void): void => {
    if (!pod.eventsLost && !pod.storeUnreachable && !store.down) clock.setTimer(next(), deliver);
  };
  return {
    event: (event) => later(() => listener.event(event)),
    garbage: (shown) => later(() => listener.garbage(shown)),
    wants: (kind, name) => listener.wants?.(kind, name) ?? true,
    dropped: (why) => clock.setTimer(0, () => listener.dropped(why)),
  };
}

function watched(parts: SimStoreParts, subscription: StoreSubscription): StoreSubscription {
  return {
    ping: async () => {
      const { store, pod, clock, random } = parts;
      const dead = store.down || store.hung || pod.storeUnreachable;
      await new Promise<void>((resolve) => {
        clock.setTimer(dead ? TIMEOUT_MS : latency(random), resolve);
      });
      return dead ? { kind: 'lost', loss: { code: 'timeout', message: 'no answer to a ping' } } : { kind: 'ok' };
    },
    close: () => subscription.close(),
  };
}
