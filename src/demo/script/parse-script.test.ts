import { describe, expect, it } from 'vitest';
import { namedScripts } from '../run-demo.ts';
import { parseScript } from './parse-script.ts';
import type { ParsedScript } from './parse-script.ts';

const names = { models: ['gpt-4o', 'o3-mini'], pods: 3 };
const parse = (text: string): ParsedScript => parseScript(text, names);

describe('a script', () => {
  it('is read into steps in the order of time, however it was written', () => {
    expect(parse(' t=20 fail gpt-4o;t=10 kill-prober ; t=12.5 slow o3-mini 8;; t=13 slow o3-mini; ')).toEqual({
      kind: 'parsed',
      steps: [
        { atSeconds: 10, order: { kind: 'kill-prober' } },
        { atSeconds: 12.5, order: { kind: 'slow', model: 'o3-mini', seconds: 8 } },
        { atSeconds: 13, order: { kind: 'slow', model: 'o3-mini', seconds: 4 } },
        { atSeconds: 20, order: { kind: 'fail', model: 'gpt-4o' } },
      ],
    });
  });

  it.each([
    ['cut-network', { kind: 'cut-network', pod: 'busiest' }],
    ['cut-network 2', { kind: 'cut-network', pod: 2 }],
    ['stop-redis', { kind: 'stop-redis' }],
    ['hang-redis', { kind: 'hang-redis' }],
    ['drain gpt-4o', { kind: 'drain', model: 'gpt-4o' }],
    ['undrain gpt-4o', { kind: 'undrain', model: 'gpt-4o' }],
    ['pause', { kind: 'pause' }],
    ['resume', { kind: 'resume' }],
    ['bring-back', { kind: 'bring-back', what: { kind: 'everything' } }],
    ['bring-back pods', { kind: 'bring-back', what: { kind: 'pods' } }],
    ['bring-back gpt-4o', { kind: 'bring-back', what: { kind: 'model', model: 'gpt-4o' } }],
  ])('knows the order %s', (text, order) => {
    expect(parse(`t=1 ${text}`)).toEqual({ kind: 'parsed', steps: [{ atSeconds: 1, order }] });
  });

  it.each([
    ['kill-prober', 1, '"kill-prober" is not a time: write t=10, in seconds'],
    ['t=1 kill-prober; t=x fail gpt-4o', 18, '"t=x" is not a time'],
    ['t=1 kill-prober; t=2', 21, 't=2 has no step'],
    ['t=1 explode', 5, '"explode" is not a step: kill-prober, fail, slow,'],
    ['t=1 fail', 9, 'fail needs a model: gpt-4o, o3-mini'],
    ['t=1 fail gpt-5', 10, '"gpt-5" is unknown; known: gpt-4o, o3-mini'],
    ['t=1 slow gpt-4o -1', 17, '"-1" is not a number of seconds'],
    ['t=1 slow gpt-5 x', 10, '"gpt-5" is unknown'],
    ['t=1 cut-network 4', 17, '"4" is not a pod: 1 to 3'],
    ['t=1 kill-prober now', 17, 'unexpected word "now" after kill-prober'],
    ['t=1 bring-back it', 16, '"it" is unknown; known: gpt-4o, o3-mini, everything, pods, network, redis'],
  ])('is refused with the place of what is wrong: %s', (text, column, message) => {
    expect(parse(text)).toEqual({ kind: 'refused', problem: { column, message: expect.stringContaining(message) } });
  });

  it.each(Object.entries(namedScripts))('named %s can be read', (_name, text) => {
    expect(parse(text).kind).toBe('parsed');
  });
});
