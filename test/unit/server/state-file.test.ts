import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordingLogger } from '../../support/fleet-parts.ts';
import type { KeptState, PodState } from '../../../src/ports/index.ts';
import { until } from '../../../src/testing/index.ts';
import { fixOf, openStateFile } from '../../../src/server/state/state-file.ts';
import type { StateFileInput } from '../../../src/server/state/state-file.ts';
import { MAX_STATE_BYTES } from '../../../src/server/state/state-format.ts';

const use = { hour: 500_000, probes: 7, day: 20_833, nanoUsd: 700 };
const state: KeptState = {
  pods: 3,
  uses: [
    { owner: '!fleet', counted: { ...use, epoch: 'life' }, alone: { ...use, probes: 1 }, opened: true },
    { owner: '80000000aaaa', counted: { ...use, epoch: null }, alone: null, opened: false },
  ],
  fallbackProbes: [{ target: '80000000aaaa', paidProbes: 2, paidAt: 1_800_000_000_000_000 }],
};

describe('a state file', () => {
  let dir = '';
  let logger = recordingLogger();
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'allswell-state-'));
    logger = recordingLogger();
  });
  afterEach(() => {
    chmodSync(dir, 0o700);
    rmSync(dir, { recursive: true });
  });

  const opened = (changes: Partial<StateFileInput> = {}): PodState =>
    openStateFile({ dir, fleet: 'prod', host: 'node-1:4000', pod: 'pod_1', logger, clock, ...changes });
  const clock = { wallMs: () => Date.now() };
  const warnings = (): string[] => logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
  const files = (): string[] => readdirSync(dir);

  it('gives the next process what the last one kept, and is readable by its owner alone', async () => {
    expect(opened().read()).toBeNull();
    expect(await opened().write(state)).toBe('kept');
    expect(opened({ pod: 'pod_2' }).read()).toEqual(state);
    const [name = ''] = files();
    expect(files()).toHaveLength(1);
    expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(dir, name), 'utf8'))).toMatchObject({ format: 2, fleet: 'prod', pod: 'pod_1' });
    expect(warnings()).toEqual([]);
  });

  it('is one of its own for each fleet, host and port in a directory', async () => {
    await Promise.all([
      opened().write(state),
      opened({ fleet: 'test' }).write({ ...state, pods: 4 }),
      opened({ host: 'node-1:4001' }).write({ ...state, pods: 5 }),
    ]);
    expect(files()).toHaveLength(3);
    expect(opened({ fleet: 'test' }).read()?.pods).toBe(4);
    expect(opened({ host: 'node-1:4001' }).read()?.pods).toBe(5);
    expect(opened({ host: 'node-2:4000' }).read()).toBeNull();
  });

  it.each<[string, (text: string) => string, string]>([
    ['empty', () => '', 'it is not JSON'],
    ['cut off', (text) => text.slice(0, text.length / 2), 'it is not JSON'],
    ['of a version to come', (text) => text.replace('"format":2', '"format":3'), 'it has format 3'],
    ['of format 1, with other field names', (text) => text.replace('"format":2', '"format":1'), 'it has format 1'],
    ['of another fleet', (text) => text.replace('prod', 'test'), 'it belongs to another fleet or host'],
    ['with a negative count', (text) => text.replace('"probes":7', '"probes":-7'), 'uses.0.counted.probes is invalid'],
    [
      'with a fraction',
      (text) => text.replace('"paidProbes":2', '"paidProbes":2.5'),
      'fallbackProbes.0.paidProbes is invalid',
    ],
    ['with a number beyond all bounds', (text) => text.replace('"pods":3', '"pods":1e308'), 'pods is invalid'],
    ['with an epoch that no store has', (text) => text.replace('"life"', '"a b"'), 'uses.0.counted.epoch is invalid'],
    ['another kind of JSON', () => '[[[[1]]]]', 'is invalid'],
    ['too large', () => 'x'.repeat(MAX_STATE_BYTES + 1), 'it is larger than'],
  ])('that is %s is ignored with a warning, and written over', async (_, change, why) => {
    await opened().write(state);
    const path = join(dir, files()[0]!);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    const next = opened({ pod: 'pod_2' });
    expect(next.read()).toBeNull();
    expect(warnings()).toEqual([expect.stringContaining(`Ignored the state file ${path}: `)]);
    expect(warnings()[0]).toContain(why);
    expect(await next.write(state)).toBe('kept');
    expect(opened({ pod: 'pod_3' }).read()).toEqual(state);
  });

  it.each(['a FIFO', 'a link', 'a directory'])('is never %s', async (kind) => {
    await opened().write(state);
    const path = join(dir, files()[0]!);
    rmSync(path);
    if (kind === 'a FIFO') execFileSync('mkfifo', [path]);
    else if (kind === 'a link') symlinkSync('/dev/zero', path);
    else execFileSync('mkdir', [path]);
    expect(opened({ pod: 'pod_2' }).read()).toBeNull();
    expect(warnings()).toEqual([expect.stringMatching(/^Ignored the state file /)]);
  });

  it.each([
    ['missing', 'ENOENT; ', 'To fix: create the directory'],
    ['a file', 'ENOTDIR; ', 'To fix: set fleet_health.state_dir to a directory'],
  ])(
    'in a directory that is %s is said to be unwritable once, with what to do, and no crash',
    async (what, why, fix) => {
      const missing = join(dir, 'missing');
      if (what === 'a file') writeFileSync(missing, '');
      const lost = opened({ dir: missing });
      expect(lost.read()).toBeNull();
      expect(await lost.write(state)).toBe('failed');
      expect(await lost.write(state)).toBe('failed');
      expect(warnings()).toEqual([expect.stringMatching(`^Cannot write the state file .*: ${why}.*${fix}$`)]);
    },
  );

  it.each([
    ['ENOSPC', 'free disk space'],
    ['EDQUOT', 'free disk space'],
    ['EACCES', 'make the directory writable'],
    ['EROFS', 'make the directory writable'],
  ])('that cannot be written because of %s needs this: %s', (code, fix) => {
    expect(fixOf(code)).toBe(fix);
  });

  it('that became unwritable is written again once it can be', async () => {
    const path = join(dir, 'later');
    const kept = opened({ dir: path });
    expect(await kept.write(state)).toBe('failed');
    execFileSync('mkdir', [path]);
    expect(await kept.write(state)).toBe('kept');
    rmSync(path, { recursive: true });
    expect(await kept.write(state)).toBe('failed');
    expect(warnings()).toHaveLength(2);
  });

  it('is left to a process that took it over', async () => {
    const first = opened();
    expect(await first.write(state)).toBe('kept');
    const second = opened({ pod: 'pod_2' });
    expect(second.read()).toEqual(state);
    expect(await second.write({ ...state, pods: 4 })).toBe('kept');
    expect(await first.write(state)).toBe('taken');
    expect(await second.write({ ...state, pods: 5 })).toBe('kept');
    expect(opened({ pod: 'pod_3' }).read()?.pods).toBe(5);
    expect(warnings()).toEqual([expect.stringMatching(/^Another process, pod_2, writes the state file /)]);
  });

  it('is never seen half written, however often it is read meanwhile', async () => {
    const writer = opened();
    const many = { ...state, uses: Array.from({ length: 5_000 }, (_, i) => ({ ...state.uses[1]!, owner: `t${i}` })) };
    await writer.write(many);
    let writing = true;
    const writes = (async () => {
      // oxlint-disable-next-line no-await-in-loop -- one write after another
      for (let i = 0; i < 20; i += 1) await writer.write({ ...many, pods: 1 + i });
      writing = false;
    })();
    await until(() => opened({ pod: 'pod_2' }).read()?.uses.length === 5_000 && !writing, {
      withinMs: 20_000,
      what: 'the last write',
    });
    await writes;
    expect(warnings()).toEqual([]);
    expect(files()).toHaveLength(1);
  });

  it('of a pod that is gone for days is removed, with what a killed process left, and nothing else', async () => {
    await opened().write(state);
    await opened({ host: 'gone:4000', pod: 'pod_0' }).write(state);
    const live = files().find((name) => readFileSync(join(dir, name), 'utf8').includes('pod_1'))!;
    const gone = files().find((name) => name !== live)!;
    const leftover = `${gone}.pod_9.tmp`;
    for (const name of [leftover, 'theirs.json', 'allswell.log']) writeFileSync(join(dir, name), '');
    const longAgo = Date.now() / 1000 - 4 * 86_400;
    for (const name of files()) if (name !== live) utimesSync(join(dir, name), longAgo, longAgo);
    opened();
    await until(() => !existsSync(join(dir, gone)) && !existsSync(join(dir, leftover)), {
      withinMs: 5_000,
      what: 'old files to go',
    });
    expect(files().toSorted()).toEqual([live, 'allswell.log', 'theirs.json'].toSorted());
  });
});
