import { expect, it } from 'vitest';
import { manualClock } from '../testing/index.ts';
import { watchDescriptors } from './descriptor-watch.ts';

it('logs once a minute while there are none, and once when there have been some for five seconds', async () => {
  const clock = manualClock();
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line.replace(/:.*/, ''));
  let code: string | undefined;
  const watch = watchDescriptors(
    { clock, logger: { debug() {}, info: log, warn: log, error: log } },
    async () => await Promise.resolve(code),
  );
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1_000);
      // oxlint-disable-next-line no-await-in-loop -- second by second
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await pass(3);
  expect(lines).toEqual([]);
  code = 'EMFILE';
  await pass(50);
  expect(lines).toEqual(['Out of file descriptors (EMFILE)']);
  code = undefined;
  await pass(3);
  code = 'EMFILE';
  await pass(20);
  expect(lines).toHaveLength(2);
  code = undefined;
  await pass(10);
  expect(lines.slice(2)).toEqual(['File descriptors are available again after 72 s']);
  watch.stop();
  code = 'EMFILE';
  await pass(120);
  expect(lines).toHaveLength(3);
});

it.each([
  ['EMFILE', 'this process', 'ulimit -n'],
  ['ENFILE', 'this machine', 'sysctl fs.file-max'],
])('names the limit that ends an %s: of %s, by %s', async (code, whose, remedy) => {
  const clock = manualClock();
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const watch = watchDescriptors(
    { clock, logger: { debug() {}, info: log, warn: log, error: log } },
    async () => await Promise.resolve(code),
  );
  clock.advance(1_000);
  await new Promise((resolve) => setImmediate(resolve));
  watch.stop();
  expect(lines).toEqual([expect.stringContaining(`raise the limit of ${whose} (${remedy})`)]);
});
