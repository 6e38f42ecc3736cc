import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OUTAGES_PAGE, outagesPage } from '../../bench/litellm/report.ts';
import type { Results } from '../../bench/litellm/report.ts';

const results = JSON.parse(readFileSync('bench/results/litellm.json', 'utf8')) as Results;

it('is the page that the benchmark writes from the figures that it keeps', () => {
  expect(outagesPage(results)).toBe(readFileSync(OUTAGES_PAGE, 'utf8'));
});

it('cannot be written while a case is missing', () => {
  expect(outagesPage({ ...results, outages: results.outages.slice(1) })).toBeUndefined();
});
