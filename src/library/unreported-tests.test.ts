import { expect, it } from 'vitest';
import { manualClock } from '../testing/index.ts';
import { createUnreportedTests } from './unreported-tests.ts';

it('a pick without a report takes no test for a time that doubles, and one line says so; a report ends it', () => {
  const clock = manualClock();
  const lines: string[] = [];
  const warn = (line: string): void => void lines.push(line);
  const tests = createUnreportedTests({ clock, logger: { debug: () => {}, info: () => {}, warn, error: () => {} } });
  expect(tests.mayTest()).toBe(true);
  tests.note('chat a');
  clock.advance(59_999);
  expect(tests.mayTest()).toBe(false);
  clock.advance(1);
  expect(tests.mayTest()).toBe(true);
  tests.note('chat a');
  clock.advance(119_999);
  expect(tests.mayTest()).toBe(false);
  tests.reported();
  expect(tests.mayTest()).toBe(true);
  expect(lines).toEqual([
    expect.stringMatching(/^The call to a picked upstream was not reported: chat a\. .*fleet\.report/),
  ]);
});
