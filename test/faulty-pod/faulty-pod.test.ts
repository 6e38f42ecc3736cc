import { writeFileSync } from 'node:fs';
import { afterAll, describe, it } from 'vitest';
import { series } from './faults.ts';
import { PAGE, pageOf, rowOf, SIZES } from './page.ts';
import type { Row } from './page.ts';
import { runSeries } from './run.ts';

// The objection to shared health: one pod with a fault of its own takes working targets from all pods. Here that pod also
// has the bridge's lease, so it writes LiteLLM's cooldowns. The page shows the results and discusses them.

/** On a busy machine; an idle one with two cores takes less than half. */
const LIMIT_MS = 300_000;
/** The lease of a pod that lost Redis lasts 8 s, and another pod asks for it every 2.5 s. */
const NOT_COOLED_MS = 15_000;

const rows: Row[] = [];

describe('other pods and the cooldowns of LiteLLM keep to the truth beside', () => {
  for (const one of series) {
    it.concurrent(
      one.name,
      async ({ expect }) => {
        const outcomes = (await Promise.all(SIZES.map((pods) => runSeries(one, pods)))).flat();
        for (const { fault, pods, seen } of outcomes) {
          const row = rowOf({ fault, pods, seen });
          rows.push(row);
          console.log(JSON.stringify(row));
          const what = `${pods} pods: ${fault.what}`;
          expect(seen.answers, what).toBeGreaterThan(20);
          const wrong = seen.wrongVerdicts.filter(({ model, state }) => fault.mayBecome?.(model, state) !== true);
          expect.soft(wrong, what).toEqual([]);
          expect.soft(seen.wrongCooldowns, what).toEqual([]);
          if (!fault.failsOpen) expect.soft(seen.notCooledMs, what).toBeLessThan(NOT_COOLED_MS);
        }
      },
      LIMIT_MS,
    );
  }

  afterAll(() => {
    const page = process.env['ALLSWELL_WRITE_PAGE'] === undefined ? undefined : pageOf(rows);
    if (page !== undefined) writeFileSync(PAGE, page);
  });
});
