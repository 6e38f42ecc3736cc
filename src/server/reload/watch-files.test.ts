import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../testing/index.ts';
import { watchFiles } from './watch-files.ts';
import type { FileWatch } from './watch-files.ts';

describe('watching files', { timeout: 30_000 }, () => {
  let folder = '';
  let times = 0;
  let watch: FileWatch;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'allswell-watch-'));
    times = 0;
    watch = watchFiles(() => (times += 1), { everyMs: 100 });
  });
  afterEach(() => {
    watch.stop();
    rmSync(folder, { recursive: true });
  });

  const told = async (wanted: number, what: string): Promise<void> => {
    await until(() => times >= wanted, { withinMs: 20_000, what });
    expect(times).toBe(wanted);
  };

  it('reports a file that is written, replaced or created', async () => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, 'one');
    watch.set([file, join(folder, 'later.yaml')], readJustNow());
    writeFileSync(file, 'one two');
    await told(1, 'the written file');
    writeFileSync(join(folder, 'new'), 'three');
    renameSync(join(folder, 'new'), file);
    await told(2, 'the replaced file');
    writeFileSync(join(folder, 'later.yaml'), 'four');
    await told(3, 'the new file');
  });

  it('reports once the link that Kubernetes changes for all files of a ConfigMap', async () => {
    // config.yaml -> ..data/config.yaml, ..data -> ..1; an update makes ..2 and turns ..data in one step.
    for (const version of ['..1', '..2']) {
      mkdirSync(join(folder, version));
      for (const name of ['config.yaml', 'more.yaml']) writeFileSync(join(folder, version, name), version);
    }
    symlinkSync('..1', join(folder, '..data'));
    const files = ['config.yaml', 'more.yaml'].map((name) => {
      symlinkSync(join('..data', name), join(folder, name));
      return join(folder, name);
    });
    watch.set(files, readJustNow());
    symlinkSync('..2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await told(1, 'the turned link');
  });

  it('reports a file that changed while it was read', async () => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, 'one');
    watch.set([file], Date.now() - 1_000);
    await told(1, 'the change that was there before');
  });

  it('ignores files that it no longer watches', async () => {
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    for (const file of [a, b]) writeFileSync(file, 'one');
    watch.set([a, b], readJustNow());
    watch.set([b], readJustNow());
    writeFileSync(a, 'one two');
    writeFileSync(b, 'one two');
    await told(1, 'the file that is still watched');
    writeFileSync(a, 'one two three');
    writeFileSync(b, 'one two three');
    await told(2, 'the same one again');
  });
});

/** A moment later: what was written before has a time of its own, which may be rounded up. */
function readJustNow(): number {
  return Date.now() + 10;
}
