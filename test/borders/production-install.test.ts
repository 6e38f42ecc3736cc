import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const own = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

it('installs no development tool for production, the private toolchain among them', () => {
  const production = Object.entries(lock.packages).flatMap(([path, { dev, devOptional }]) =>
    path === '' || dev === true || devOptional === true ? [] : [path],
  );
  expect(production.filter((path) => /toolchain|node-linux|typescript|vite|preact|axe-core|oxlint/.test(path))).toEqual(
    [],
  );
  expect(production).toEqual(
    expect.arrayContaining(Object.keys(own.dependencies).map((name) => `node_modules/${name}`)),
  );
});

it('shows npm the same tree: what it would install without development tools has none', () => {
  const args = ['ls', '--omit=dev', '--all', '--parseable', '--package-lock-only'];
  const { stdout, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  const installed = stdout
    .trim()
    .split('\n')
    .map((path) => path.replace(/^.*node_modules\//, ''));
  expect(installed, stderr).toContain('ioredis');
  expect(installed.filter((name) => /toolchain|node-linux|typescript|vite|preact|axe-core|oxlint/.test(name))).toEqual(
    [],
  );
});

it('packs neither tools nor sources', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' });
  const [packed] = Object.values(
    JSON.parse(stdout) as Record<string, { readonly files: readonly { readonly path: string }[] }>,
  );
  const paths = packed?.files.map(({ path }) => path) ?? [];
  expect(paths).toContain('package.json');
  expect(paths.filter((path) => /^(?:tools|src|test|scripts)\//.test(path))).toEqual([]);
});
