import type { Clock, Timer } from '../../src/ports/index.ts';

interface Entry {
  readonly at: number;
  readonly order: number;
  run: (() => void) | undefined;
}

/** Virtual events between two turns of the real event loop, which delivers signals and messages. */
const EVENTS_PER_TURN = 20_000;

/** The virtual time of a world. Between two events all promises settle, so that a run repeats exactly. */
export class VirtualTime {
  now = 0;
  /** Events that have run. */
  events = 0;
  #order = 0;
  readonly #heap: Entry[] = [];

  schedule(delayMs: number, run: () => void): Timer {
    this.#order += 1;
    const entry: Entry = { at: this.now + Math.max(0, delayMs), order: this.#order, run };
    push(this.#heap, entry);
    return {
      cancel: () => {
        entry.run = undefined;
      },
    };
  }

  /** Runs everything due until `end`, calling `after` once the consequences of each event have settled. */
  async runUntil(end: number, after: () => void): Promise<void> {
    await eventLoopTurn();
    for (let top = this.#heap[0]; top !== undefined && top.at <= end; top = this.#heap[0]) {
      pop(this.#heap);
      if (top.run === undefined) continue;
      this.now = top.at;
      top.run();
      this.events += 1;
      // oxlint-disable-next-line no-await-in-loop -- the order of events is the point
      await (this.events % EVENTS_PER_TURN === 0 ? eventLoopTurn() : settled());
      after();
    }
    this.now = end;
  }
}

/** A pod's own clock: its timers are delayed while the pod is paused, and cancelled when it crashes. */
export interface PodClock extends Clock {
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  kill(): void;
}

export function podClock(time: VirtualTime, wallOffsetMs: number): PodClock {
  const startMs = wallOffsetMs % 100_000;
  let held: (() => void)[] | undefined;
  let dead = false;
  return {
    get paused() {
      return held !== undefined;
    },
    monotonicMs: () => time.now + startMs,
    wallMs: () => 1_800_000_000_000 + time.now + wallOffsetMs,
    setTimer(delayMs, run) {
      let cancelled = false;
      const go = (): void => {
        if (dead || cancelled) return;
        if (held === undefined) run();
        else held.push(go);
      };
      const timer = time.schedule(delayMs, go);
      return {
        cancel: () => {
          cancelled = true;
          timer.cancel();
        },
      };
    },
    pause: () => {
      held ??= [];
    },
    resume: () => {
      const late = held ?? [];
      held = undefined;
      for (const go of late) time.schedule(0, go);
    },
    kill: () => {
      dead = true;
    },
  };
}

/**
 * Resolves when all promises have settled: a tick runs once no promise job is left. Seven times as fast as
 * a turn of the event loop, which is a third of a world's time.
 */
async function settled(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.nextTick(resolve);
  });
}

async function eventLoopTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let i = heap.length;
  heap.push(entry);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] as Entry;
    if (before(above, entry)) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
    if (before(last, heap[child] as Entry)) break;
    heap[i] = heap[child] as Entry;
    i = child;
  }
  heap[i] = last;
}
