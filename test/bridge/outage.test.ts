import { afterAll, beforeAll, expect, it } from 'vitest';
import { figuresOf } from '../../bench/litellm/figures.ts';
import type { Figures } from '../../bench/litellm/figures.ts';
import { playOutage } from '../../bench/litellm/outage.ts';
import { HIT, startVariant } from '../../bench/litellm/variants.ts';
import type { VariantFleet } from '../../bench/litellm/variants.ts';

// The short part of `npm run bench:litellm`: one outage under traffic before two LiteLLM pods with a bridge that probes
// once per minute. The figures are printed; the bounds are those of a busy machine. Without cooldowns none of them holds.

const OUTAGE_S = 12;

let fleet: VariantFleet;
let figures: Figures;

beforeAll(async () => {
  fleet = await startVariant('bridge', { pods: 2 });
  const seen = await playOutage(fleet, {
    kind: '500',
    lastsMs: OUTAGE_S * 1_000,
    // The next probe may be a minute away.
    recoveryMs: 0,
    perSecond: 20,
    say: () => undefined,
  });
  figures = figuresOf(seen);
  console.log(JSON.stringify(figures));
}, 300_000);

afterAll(async () => await fleet.stand.stop());

it('no LiteLLM pod sends requests to a failing deployment once the outage is noticed', () => {
  for (const model of HIT) expect(figures.silentAfterS[model], model).toBeLessThan(OUTAGE_S - 2);
});

it('the verdict comes from traffic, long before the next probe of the schedule', () => {
  for (const model of HIT) expect(figures.verdictS?.[model].downS, model).toBeLessThan(OUTAGE_S - 2);
});

it('callers see fewer errors than without cooldowns, where half of the requests of both groups fail at first', () => {
  const { plain, retried } = figures.calls;
  expect(retried.failed).toBeLessThan(0.1 * retried.sent);
  expect(plain.failed).toBeLessThan(0.4 * plain.sent);
});

it('takes at most three Redis commands per second, and no probe of LiteLLM', () => {
  // The outage may begin and end with a command.
  expect(figures.redisPerSecond).toBeLessThanOrEqual(3 + 2 / OUTAGE_S);
  expect(figures.probesPerMinute.litellm).toBe(0);
});
