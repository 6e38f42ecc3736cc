import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { figuresOn, PAGE, pageWith } from '../bridge/page.ts';

const page = readFileSync(PAGE, 'utf8');
const cores = Number(/ (\d+) cores/.exec(page)?.[1]);
const version = / LiteLLM (\d+\.\d+\.\d+)/.exec(page)?.[1] ?? '';

it('is the page that the suite writes, with the figures of one whole run', () => {
  const figures = figuresOn(page);
  expect([...figures.values()].filter((value) => !Number.isFinite(value))).toEqual([]);
  expect(pageWith(figures, { cores, version })).toBe(page);
});

it('says of LiteLLM beside the bridge that it sends no probe', () => {
  expect(figuresOn(page).get('bridge probes per interval')).toBe(0);
  expect(figuresOn(page).get('alone probes per interval')).toBeGreaterThan(0.5);
});

it('cannot be written from half a run', () => {
  expect(pageWith(new Map([['alone probes per interval', 1]]), { cores, version })).toBeUndefined();
});
