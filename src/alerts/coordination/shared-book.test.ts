import { describe, expect, it } from 'vitest';
import type { AlertStore } from '../../ports/index.ts';
import { memoryFleet } from '../../store/memory/index.ts';
import { manualClock } from '../../testing/index.ts';
import { emptyBook } from '../incidents/index.ts';
import { textOfBook } from './book-text.ts';
import { SharedBook } from './shared-book.ts';

interface Stage {
  readonly shared: SharedBook;
  readonly other: AlertStore;
  readonly warnings: string[];
  /** Writes a document as another pod, and lets this pod read it. */
  write(text: string): Promise<void>;
  stored(): Promise<string | null>;
}

async function stage(): Promise<Stage> {
  const clock = manualClock();
  const now = (): number => clock.wallMs() * 1_000;
  const fleet = memoryFleet({ clockUs: now });
  const warnings: string[] = [];
  const logger = { warn: (line: string) => void warnings.push(line) };
  const shared = new SharedBook({ pod: 'a', store: fleet.openAlerts(), clock, logger, deadlineMs: () => 250, now });
  const other = fleet.openAlerts();
  await shared.lead();
  await shared.write({ ...emptyBook, opened: 7 });
  const lead = async (ttlMs: number): Promise<{ version: number; text: string | null }> => {
    const answer = await other.lead({ pod: 'b', ttlMs, notAfter: now() + 1, known: 0 });
    if (answer.kind !== 'ok') throw new Error(answer.kind);
    return answer.value;
  };
  return {
    shared,
    other,
    warnings,
    write: async (text) => {
      await shared.resign();
      const { version } = await lead(8_000);
      await other.write({ pod: 'b', notAfter: now() + 1, expects: version, above: version, text });
      await lead(0);
      for (let renewal = 0; renewal < 3; renewal += 1) {
        clock.advance(2_500);
        await shared.lead();
      }
    },
    stored: async () => (await lead(0)).text,
  };
}

describe('the copy of the shared document', () => {
  it('is kept and given to the fleet where the stored one cannot be read', async () => {
    const { shared, write, stored } = await stage();
    await write('{"format":1,"book":{"incidents":[{"members":[]}]}}');
    expect([shared.book.opened, shared.leads, shared.isAhead]).toEqual([7, true, true]);
    expect(await shared.write(shared.book)).toBe(true);
    expect(await stored()).toBe(textOfBook({ ...emptyBook, opened: 7 }));
    expect(shared.isAhead).toBe(false);
  });

  it('is kept, and the pod leaves the lease to others, where the stored one has a newer format', async () => {
    const { shared, write, stored, warnings } = await stage();
    await write('{"format":2,"book":{}}');
    expect([shared.book.opened, shared.leads, shared.isAhead]).toEqual([7, false, false]);
    expect(await stored()).toBe('{"format":2,"book":{}}');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('newer');
    await write(textOfBook({ ...emptyBook, opened: 9 }));
    expect([shared.book.opened, shared.leads]).toEqual([9, true]);
  });
});
