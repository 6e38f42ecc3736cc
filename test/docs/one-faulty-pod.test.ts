import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { series } from '../faulty-pod/faults.ts';
import { PAGE, pageOf, rowsOn, SIZES } from '../faulty-pod/page.ts';

const page = readFileSync(PAGE, 'utf8');
const rows = rowsOn(page);
const faults = series.flatMap((one) => one.faults);

it('is the page that the suite writes, with every fault in every size of fleet', () => {
  expect(pageOf(rows)).toBe(page);
  expect(rows).toHaveLength(faults.length * SIZES.length);
});

it('shows no working model that was cooled down', () => {
  expect(rows.filter(({ cooled }) => cooled !== 0)).toEqual([]);
});

it('shows no changed verdict but those that it explains', () => {
  const changed = rows.filter(({ verdicts }) => verdicts !== 'none').map(({ fault }) => fault);
  const explained = faults.filter(({ mayBecome }) => mayBecome !== undefined).map(({ what }) => what);
  expect(explained).toEqual(expect.arrayContaining([...new Set(changed)]));
  expect(explained).toHaveLength(3);
});

it('cannot be written from half a run', () => {
  expect(pageOf(rows.slice(1))).toBeUndefined();
});
