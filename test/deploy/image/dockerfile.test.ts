import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { packageVersion } from '../../../src/package-files.ts';
import { contextFiles, isIgnored } from './context.ts';
import { readDockerfile } from './dockerfile.ts';

const text = readFileSync('Dockerfile', 'utf8');
const stages = readDockerfile();
const last = stages.at(-1);

describe('Dockerfile', () => {
  it('has no mistake that the linter finds', () => {
    expect(validate(text).map(({ message, range }) => [range.start.line + 1, message])).toEqual([]);
  });

  it('names each base image with a tag of one Node', () => {
    const bases = stages.map(({ base }) => base);
    expect(new Set(bases).size).toBe(1);
    expect(bases[0]).toMatch(/^node:24[\w.-]*$/);
  });

  it('ends as a user by number, and starts programs without a shell', () => {
    expect(last?.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    for (const words of [last?.entrypoint, last?.command, last?.healthcheck]) expect(words?.length).toBeGreaterThan(0);
  });

  it('downloads by npm ci alone', () => {
    const commands = stages.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.kind === 'run' ? [step.command] : [])),
    );
    expect(commands.length).toBeGreaterThan(2);
    expect(
      commands.filter((command) => /curl|wget|apt|npm (?:i|install|update)\b|\bdate\b(?!=)/.test(command)),
    ).toEqual([]);
    expect(text).not.toMatch(/^ADD /m);
  });

  it('has a version label of the package, and no secret among its arguments', () => {
    expect(last?.labels['org.opencontainers.image.version']).toBe(packageVersion());
    const names = stages.flatMap(({ args, env }) => [...Object.keys(args), ...Object.keys(env)]);
    expect(names.filter((name) => /key|token|secret|password/i.test(name))).toEqual([]);
  });
});

describe('.dockerignore', () => {
  it('gives the builder the sources, and neither tests nor what a checkout may hold besides', () => {
    const files = contextFiles();
    expect(files).toEqual(
      expect.arrayContaining(['package-lock.json', '.npmrc', 'src/cli/main.ts', 'scripts/build.ts']),
    );
    expect(files.filter((file) => /\.test\.ts$|^(?:test|docs|bench|\.ci)\/|\.env|\.tgz$/.test(file))).toEqual([]);
  });

  it.each([
    ['.env', true],
    ['src/a/b.test.ts', true],
    ['src/a/b.ts', false],
    ['tools/toolchain/node_modules/x/package.json', true],
  ])('%s: ignored is %s', (file, ignored) => {
    const patterns = ['*', '!src', '!tools', '**/*.test.ts', '**/node_modules'];
    expect(isIgnored(file, patterns)).toBe(ignored);
  });
});
