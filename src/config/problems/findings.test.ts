import { expect, it } from 'vitest';
import { loadConfig } from '../load.ts';

/** A model that wants a variable, so many times. */
function warningsOf(models: number): readonly string[] {
  const entry = (at: number): object => ({
    model_name: `m${at}`,
    litellm_params: { model: 'openai/m', api_key: 'os.environ/GONE' },
  });
  const text = JSON.stringify({ model_list: Array.from({ length: models }, (_, at) => entry(at)) });
  const { notes } = loadConfig({ text, env: { LITELLM_MASTER_KEY: 'sk-m' }, readFile: () => '' });
  return notes.map(({ message }) => message).filter((message) => message.includes('GONE'));
}

it('tells of three places each, and of more by the first of them', () => {
  const is = 'litellm_params.api_key is not set: there is no environment variable GONE';
  expect(warningsOf(3)).toEqual([0, 1, 2].map((at) => `model_list[${at}].${is}`));
  expect(warningsOf(300)).toEqual([`model_list[0].${is} (and the same in 299 other places)`]);
});
