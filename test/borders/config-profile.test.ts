import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// dependency-cruiser sees imports. A file could still branch on a value that it is handed: the name of the profile, or a
// switch that the profile is chosen by.

const SWITCHES = '(?:profile|bridge|litellm_bridge|purpose)';
const branches = [
  new RegExp(String.raw`\b${SWITCHES}(?:\??\.(?:name|bridge))?\s*(?:[!=]==?|\?(?![?.:])|&&|\|\|)`),
  new RegExp(String.raw`(?:[!=]==?)\s*'(?:serve|serve-and-publish|bridge)'`),
  new RegExp(String.raw`\b(?:if|switch)\s*\(!?(?:\w+\??\.)*${SWITCHES}\b`),
];

function branchesIn(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line));
  return lines.filter((line) => branches.some((pattern) => pattern.test(line)));
}

it.each([
  "if (settings.bridge === 'on') noteStoredModels(root);",
  "const left = input.profile === 'bridge' ? all : [];",
  "return profile.name !== 'serve';",
  'if (blocks.fleet.litellm_bridge) return;',
  'const hint = bridge ? CONNECT : undefined;',
  'switch (input.profile) {',
  "  bridge: blocks.fleet.litellm_bridge === true ? 'on' : 'off',",
])('a branch on the profile is found: %s', (line) => {
  expect(branchesIn(line)).toEqual([line]);
});

it('nothing below src/config branches on the profile, except src/config/bridge', () => {
  const files = globSync('src/config/**/*.ts', { exclude: ['src/config/bridge/**', 'src/config/**/*.test.ts'] });
  expect(files.length).toBeGreaterThan(40);
  const found = files.flatMap((file) =>
    branchesIn(readFileSync(file, 'utf8')).map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
  expect(branchesIn(readFileSync('src/config/bridge/profiles.ts', 'utf8'))).not.toEqual([]);
});
