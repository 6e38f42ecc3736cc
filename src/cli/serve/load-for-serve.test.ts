import { expect, it } from 'vitest';
import { loadConfig } from '../../config/index.ts';
import { loadForServe } from './load-for-serve.ts';

function pod() {
  let settings = '';
  const load = loadForServe((profile) =>
    loadConfig({ text: `model_list: []\nrouter_settings: { ${settings} }\n`, profile, env: {}, readFile: () => '' }),
  );
  return (now: string): string => {
    settings = now;
    return load().kind;
  };
}

it('starts with a wrong value, and reloads files with one until a file has none', () => {
  const read = pod();
  expect([read('timeout: soon'), read('num_retries: few'), read('timeout: 5'), read('timeout: soon')]).toEqual([
    'loaded',
    'loaded',
    'loaded',
    'refused',
  ]);
});

it('refuses a wrong value at a reload of a pod that started without one', () => {
  const read = pod();
  expect([read('timeout: 5'), read('timeout: soon'), read('timeout: 6')]).toEqual(['loaded', 'refused', 'loaded']);
});
