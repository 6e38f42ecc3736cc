import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes': number;
  readonly steps: readonly Step[];
}

// The workflow itself runs at a release only. What it calls is tested here and in the other files of this folder.
const text = readFileSync('.github/workflows/release.yaml', 'utf8');
const { jobs, permissions } = parse(text) as { jobs: Record<string, Job>; permissions: Record<string, string> };
const steps = Object.values(jobs).flatMap((job) => job.steps);

describe('the release workflow', () => {
  it('checks, then publishes package, image and chart, each after the one before', () => {
    expect(Object.entries(jobs).map(([name, { needs }]) => [name, needs])).toEqual([
      ['check', undefined],
      ['package', 'check'],
      ['image', 'package'],
      ['chart', 'image'],
    ]);
    expect(Object.values(jobs).map((job) => job['timeout-minutes'])).not.toContain(undefined);
  });

  it('pins each action to a version', () => {
    const actions = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(actions.length).toBeGreaterThan(8);
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('has no secret, and writes nowhere but where a job needs it', () => {
    expect(text).not.toMatch(/secrets\.|_TOKEN:|NODE_AUTH/);
    expect(permissions).toEqual({ contents: 'read' });
    expect(Object.values(jobs).map((job) => job.permissions?.['contents'] ?? 'read')).toEqual([
      'read',
      'read',
      'read',
      'read',
    ]);
  });

  it('calls only scripts and files that are there', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const commands = steps.map(({ run = '' }) => run).join('\n');
    const named = [...commands.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named).toEqual(['build']);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
    expect(['.ci/run', '.ci/sbom', 'Dockerfile'].filter((path) => !existsSync(path))).toEqual([]);
  });

  it('asks for a list of what is in the image, and for its provenance', () => {
    const build = steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@') === true);
    expect(build?.with).toMatchObject({ sbom: true, provenance: 'mode=max' });
    const given = String(build?.with?.['build-args']).matchAll(/^(\w+)=/gm);
    const known = [...readFileSync('Dockerfile', 'utf8').matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
    expect(known).toEqual(expect.arrayContaining([...given].map(([, name]) => name)));
  });
});

it('the list of packages has what production installs, and nothing else', async () => {
  const { stdout } = await promisify(execFile)('.ci/sbom', { maxBuffer: 2 ** 26 });
  const bom = JSON.parse(stdout) as { bomFormat: string; components: { name: string }[] };
  expect(bom.bomFormat).toBe('CycloneDX');
  const names = bom.components.map(({ name }) => name);
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const installed = Object.entries(packages).filter(
    ([path, { dev = false, devOptional = false }]) => path !== '' && !dev && !devOptional,
  );
  expect(names.toSorted()).toEqual(
    [...new Set(installed.map(([path]) => path.replace(/^.*node_modules\//, '')))].toSorted(),
  );
});
