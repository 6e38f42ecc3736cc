import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { createStoreClock } from './store-clock.ts';

/** One look at the store: what passes before it, and how long the two ways take, ms. */
const look = fc.record({
  afterMs: fc.integer({ min: 0, max: 600_000 }),
  thereMs: fc.double({ min: 0.01, max: 250, noNaN: true }),
  backMs: fc.double({ min: 0.01, max: 250, noNaN: true }),
});

/** Doubles of this size and whole microseconds. */
const ROUNDING_US = 5;

/** A store whose clock runs faster or slower than this pod's by up to 100 parts per million. */
function storeBeside(offsetMs: number, ppm: number) {
  const clock = manualClock();
  const storeClock = createStoreClock(clock);
  let stepMs = 0;
  const real = (): number => (clock.wallMs() + offsetMs + stepMs + clock.monotonicMs() * ppm * 1e-6) * 1000;
  return {
    storeClock,
    real,
    step: (byMs: number) => {
      stepMs += byMs;
    },
    ask: ({ afterMs, thereMs, backMs }: { afterMs: number; thereMs: number; backMs: number }): number => {
      clock.advance(afterMs);
      const sentMs = clock.monotonicMs();
      clock.advance(thereMs);
      const told = Math.floor(real());
      clock.advance(backMs);
      return storeClock.learn(told, sentMs, clock.monotonicMs());
    },
    wait: (ms: number) => clock.advance(ms),
  };
}

describe("a pod's idea of the store's clock", () => {
  it('errs on the safe side: evidence is never dated too young, ages are never too small', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3_600_000, max: 3_600_000 }),
        fc.integer({ min: -100, max: 100 }),
        fc.array(look, { minLength: 1, maxLength: 20 }),
        fc.nat(3_600_000),
        (offsetMs, ppm, looks, laterMs) => {
          const { storeClock, real, ask, wait } = storeBeside(offsetMs, ppm);
          for (const one of looks) {
            ask(one);
            expect(storeClock.earliest()).toBeLessThanOrEqual(real() + ROUNDING_US);
            expect(storeClock.latest()).toBeGreaterThanOrEqual(real() - ROUNDING_US);
          }
          wait(laterMs);
          expect(storeClock.earliest()).toBeLessThanOrEqual(real() + ROUNDING_US);
          expect(storeClock.latest()).toBeGreaterThanOrEqual(real() - ROUNDING_US);
        },
      ),
    );
  });

  it('gets as good as the quickest answer, and no worse by slow ones soon after', () => {
    const { storeClock, real, ask } = storeBeside(-5_000, 0);
    ask({ afterMs: 0, thereMs: 100, backMs: 1 });
    ask({ afterMs: 10, thereMs: 0.2, backMs: 0.2 });
    ask({ afterMs: 10, thereMs: 200, backMs: 1 });
    expect(Math.abs(storeClock.now() - real())).toBeLessThan(300);
    expect(storeClock.latest() - storeClock.earliest()).toBeLessThan(1_000);
  });

  it('jumps with a clock that was set, either way, and returns the jump', () => {
    for (const stepMs of [5_000, -5_000]) {
      const { storeClock, real, ask, step } = storeBeside(0, 0);
      ask({ afterMs: 0, thereMs: 1, backMs: 1 });
      step(stepMs);
      const jump = ask({ afterMs: 1_000, thereMs: 1, backMs: 1 });
      expect(Math.abs(jump - stepMs * 1000)).toBeLessThan(2_500);
      expect(Math.abs(storeClock.now() - real())).toBeLessThan(1_500);
    }
  });

  it('returns no jump while the answers fit', () => {
    const { ask } = storeBeside(1_000, 50);
    ask({ afterMs: 0, thereMs: 1, backMs: 1 });
    expect(ask({ afterMs: 60_000, thereMs: 1, backMs: 1 })).toBe(0);
  });

  it("is this machine's own before the first answer", () => {
    const clock = manualClock();
    expect(createStoreClock(clock).now()).toBe(clock.wallMs() * 1000);
  });
});
