import { expect, it } from 'vitest';
import { distinctNames } from './target-names.ts';

it('names have a host where two targets have one model, and an id where they have one host, too', () => {
  const names = distinctNames([
    { id: 'aaaaaaaa1', name: 'openai/a', host: 'one' },
    { id: 'bbbbbbbb1', name: 'openai/b', host: 'one' },
    { id: 'bbbbbbbb2', name: 'openai/b', host: 'two' },
    { id: 'cccccccc1', name: 'openai/c', host: 'one' },
    { id: 'dddddddd1', name: 'openai/c', host: 'one' },
  ]);
  expect([...names.values()]).toEqual([
    'openai/a',
    'openai/b at one',
    'openai/b at two',
    'openai/c at one (cccccccc)',
    'openai/c at one (dddddddd)',
  ]);
});
