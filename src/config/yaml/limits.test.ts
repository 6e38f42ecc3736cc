import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatProblems } from '../problems/format-problems.ts';
import { loadConfig } from '../load.ts';
import { readConfigFile } from '../source/read-config-file.ts';
import type { LoadedConfig } from '../types.ts';

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');
const load = (text: string, more: Partial<Parameters<typeof loadConfig>[0]> = {}): LoadedConfig =>
  loadConfig({ text, env: {}, readFile: () => '', ...more });
const faultOf = (loaded: LoadedConfig): string =>
  loaded.kind === 'refused' ? formatProblems(loaded.problems.slice(0, 1)) : 'nothing';

/** CPU time in ms: a busy machine changes it little. */
function cost(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('a configuration is read in linear time', () => {
  const merged = (count: number): string => `x: &a { timeout: 3 }\ny:\n${lines(count, () => '  - <<: *a')}`;
  const deployments = (count: number): string =>
    `model_list:\n${lines(count, (at) => `  - { model_name: m${at}, litellm_params: { model: openai/m } }`)}`;

  it.each([
    ['60,000 keys in one mapping', lines(60_000, (at) => `key${at}: 1`)],
    ['20,000 merged aliases', merged(20_000)],
    [
      '20,000 anchors with an alias each',
      `a:\n${lines(20_000, (at) => `  - &n${at} 1`)}\nb:\n${lines(20_000, (at) => `  - *n${at}`)}`,
    ],
    ['20,000 lines that lack a space', `general_settings:\n${lines(20_000, () => '  master_key:x')}`],
    ['5,000 deployments of one target', deployments(5_000)],
  ])('%s', (_, text) => {
    // Before, the first took 24 s and the second 37 s.
    expect(cost(() => load(text))).toBeLessThan(10_000);
  });

  it('where an included file adds 20,000 keys to 20,000 others', () => {
    const file = `include: [more.yaml]\n${lines(20_000, (at) => `key${at}: 1`)}`;
    const readFile = (path: string): string => (path === 'main.yaml' ? file : lines(20_000, (at) => `more${at}: 1`));
    expect(cost(() => void loadConfig({ file: 'main.yaml', env: {}, readFile }))).toBeLessThan(10_000);
  });

  it('keeps what it reads: an alias stands for the last anchor above it', () => {
    const text = `a: &n { model: openai/one }\nb: &n { model: openai/two }\nmodel_list:\n  - { model_name: m, litellm_params: *n }\nc: &n { model: openai/three }`;
    const loaded = load(text);
    expect(loaded.kind === 'loaded' && loaded.config.deployments.map(({ model }) => model)).toEqual(['openai/two']);
  });
});

describe('a configuration beyond a limit is refused where it passes it', () => {
  it.each([
    ['lists within lists', `a: ${'['.repeat(200_000)}`, 'proxy.yaml:1:'],
    ['mappings within mappings', lines(3_000, (at) => `${' '.repeat(at)}k:`), 'proxy.yaml:65:65:'],
    ['dashes on one line', `a:\n  ${'- '.repeat(100_000)}x`, 'proxy.yaml:2:'],
  ])('nested too deep: %s', (_, text, location) => {
    const fault = faultOf(load(text, { file: 'proxy.yaml' }));
    expect(fault).toContain(location);
    expect(fault).toContain('nested deeper than 64 levels');
  });

  it('too many values', () => {
    expect(faultOf(load(`a:\n${lines(500_001, () => '- 1')}`, { file: 'proxy.yaml' }))).toMatch(
      /^proxy\.yaml:4999\d\d:3: .*more than 500000 values/,
    );
  });

  it('too much behind aliases', () => {
    const bomb = lines(
      12,
      (at) => `a${at}: &a${at} [${at === 0 ? 'x' : lines(10, () => `*a${at - 1}`).replaceAll('\n', ', ')}]`,
    );
    expect(faultOf(load(bomb, { file: 'proxy.yaml' }))).toMatch(/^proxy\.yaml:\d+:\d+: .*more than 50000 aliases/);
    const itself = 'a: &a { b: *a }';
    expect(faultOf(load(itself, { file: 'proxy.yaml' }))).toMatch(/^proxy\.yaml:1:\d+: .*nested deeper than 64 levels/);
  });

  it('a file that is no YAML is told by its first faults', () => {
    const loaded = load(lines(5_000, (at) => `k${at}: "a" b`));
    expect(loaded.kind === 'refused' && loaded.problems.length).toBeLessThanOrEqual(21);
  });
});

describe('what is no regular file is refused, and never waited for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const refusal = (file: string): string =>
    faultOf(loadConfig({ file, env: {}, readFile: readConfigFile })).replace(file, 'FILE');

  it('a FIFO without a writer', () => {
    const fifo = join(folder, 'fifo.yaml');
    execFileSync('mkfifo', [fifo]);
    expect(refusal(fifo)).toContain('the file cannot be read: it is a FIFO, not a regular file');
  });

  it('a device, a folder, a socket', async () => {
    expect(refusal('/dev/zero')).toContain('the file cannot be read: it is a device, not a regular file');
    expect(refusal(folder)).toContain('the file cannot be read: it is a directory, not a regular file');
    const path = join(folder, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    expect(refusal(path)).toContain('the file cannot be read (ENXIO)');
    await new Promise((resolve) => void server.close(resolve));
  });

  it('a file above the limit, however large it is', () => {
    const large = join(folder, 'large.yaml');
    writeFileSync(large, '');
    truncateSync(large, 50 * 1024 ** 3);
    expect(refusal(large)).toContain('the file cannot be read: it is larger than 8388608 bytes');
  });

  it('an included FIFO, named at its line', () => {
    const main = join(folder, 'main.yaml');
    writeFileSync(main, 'include:\n  - fifo.yaml\n');
    expect(refusal(main)).toMatch(/^FILE:2:5: .*names a file that cannot be read: it is a FIFO/);
  });
});
