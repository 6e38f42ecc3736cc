import { recordText } from '../../../src/store/format/index.ts';
import { goodFacts, member, type Key } from './under-test.ts';

const YEAR_US = 31_557_600_000_000;
const DAY_US = 86_400_000_000;

/** What a number may be that no pod wrote. */
export const EDGES: readonly ((now: number) => string)[] = [
  () => '0',
  () => '-1',
  () => '1.5',
  () => '9007199254740991',
  () => '9007199254740992',
  () => '9007199254740993',
  () => '8999999999999999',
  () => '9000000000000000',
  () => '9000000000000001',
  (now) => String(Math.max(0, now - 10 * YEAR_US)),
  (now) => String(now + 10 * YEAR_US),
  (now) => String(now + DAY_US - 60_000_000),
  (now) => String(now + DAY_US + 60_000_000),
  () => '1e308',
  () => '',
  () => 'NaN',
  () => '00000000000000001',
];

/** A number in the store, and a text that is sound but for it. */
export interface StoredNumber {
  readonly name: string;
  readonly key: Key;
  readonly field: string;
  text(now: number, number: string): string;
}

/** Every number that the store keeps, of one target and one target list. */
export function storedNumbers(target: string, hash: string): readonly StoredNumber[] {
  return [
    { name: '!seq', key: 'records', field: '!seq', text: (_, number) => number },
    ...numbersOf('record', 'records', target, ['version', 'grant', 'evidenceAt', 'nextDueAt'], (now) => recordAt(now)),
    ...[0, 1, 2].map((place) => ({
      name: `record: look ${place}`,
      key: 'records' as const,
      field: target,
      text: (now: number, number: string) => {
        const stamps = [now - 3_000_000, now - 2_000_000, now - 1_000_000].map(String);
        stamps[place] = number;
        return replaced(recordAt(now), 2, stamps.join('/'));
      },
    })),
    ...numbersOf(
      'lease',
      'leases',
      target,
      ['grant', '', 'until', 'windowStart', 'count'],
      (now) => `${now} x ${now} ${now} 1`,
    ),
    ...['!fleet', target].flatMap((owner) =>
      numbersOf(`use of ${owner}`, 'budget', owner, ['hour', 'probes', 'day', 'nanoUsd'], useAt),
    ),
    ...numbersOf(
      'reservation',
      'budget',
      `${target}:held`,
      ['grant', 'hour', 'day', 'nanoUsd'],
      (now) => `${now} 1 1 1`,
    ),
    ...[0, 1].flatMap((place) =>
      numbersOf(
        `day ${place}`,
        'budget',
        `${target}:${place}`,
        ['day', 'probes', 'unpriced', 'spent', 'savedBySharing', 'savedByAlias', 'savedByCache'],
        (now) => `${Math.floor(now / DAY_US)} 1 1 1 1 1 1`,
      ),
    ),
    ...numbersOf(
      'pause',
      'holds',
      '*',
      ['version', '', 'until'],
      (now) => `${now - 5} pause 0 {"by":"x","reason":"y"}`,
    ),
    ...numbersOf(
      'drain',
      'holds',
      target,
      ['version', '', 'until'],
      (now) => `${now - 5} drain 0 {"by":"x","reason":"y"}`,
    ),
    ...numbersOf('member', 'pods', 'x', ['until'], (now) => memberAt(now)),
    {
      name: 'member: startedAt',
      key: 'pods',
      field: 'x',
      text: (now, number) => memberAt(now).replace('"startedAt":5', `"startedAt":${number}`),
    },
    ...numbersOf(
      'membership',
      'pods',
      '!members',
      ['at', 'number', 'due', 'fields', 'members'],
      (now) => `${now} 1 ${now} 2 1`,
    ),
    ...numbersOf('change', 'pods', '!change:1', ['number', 'at'], (now) => `1 ${now} x`),
    { name: 'target list: pieces', key: 'pods', field: `!targets:${hash}`, text: (_, number) => number },
    ...numbersOf('history', 'history', target, ['at'], (now) => `${now} ${POINT}`),
    {
      name: 'history: latencyMs',
      key: 'history',
      field: target,
      text: (now, number) => `${now} ${POINT.replace('"latencyMs":5', `"latencyMs":${number}`)}`,
    },
  ];
}

const POINT = '{"pod":"x","kind":"ok","level":"inference","reason":"scheduled","latencyMs":5}';

function numbersOf(
  name: string,
  key: Key,
  field: string,
  places: readonly string[],
  sound: (now: number) => string,
): readonly StoredNumber[] {
  return places.flatMap((place, index) =>
    place === ''
      ? []
      : { name: `${name}: ${place}`, key, field, text: (now, number) => replaced(sound(now), index, number) },
  );
}

function replaced(text: string, index: number, part: string): string {
  return text.split(' ').with(index, part).join(' ');
}

function recordAt(now: number): string {
  const at = Math.max(1, now - 1_000_000);
  return recordText({ version: at, grant: at, evidenceAt: at, nextDueAt: at, facts: goodFacts(at) });
}

function useAt(now: number): string {
  return `${Math.floor(now / 3_600_000_000)} 1 ${Math.floor(now / DAY_US)} 1`;
}

function memberAt(now: number): string {
  return `${now + 30_000_000} ${JSON.stringify(member({ pod: 'x' }))}`;
}
