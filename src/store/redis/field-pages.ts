import type { StoreAnswer } from '../../ports/index.ts';
import { rowsOf } from './reply.ts';
import type { FieldsOf, Runner } from './runner.ts';

/** Fields whose texts are read at a time: 200 keep the server busy for well under a millisecond. */
const PAGE = 200;
/** A hash of more fields is scanned: to list them would keep the server busy for too long. */
const MOST_LISTED = 20_000;
/** Readings that go on at the same time; of more the oldest begins again. */
const MOST_READINGS = 8;

/** One page of a hash; the cursor of the last one is '0'. */
export interface FieldPage {
  readonly cursor: string;
  readonly rows: readonly (readonly [field: string, text: string])[];
}

/** Reads a hash page by page, cursor '0' to begin. */
export type ReadFieldPage = (runner: Runner, cursor: string) => Promise<StoreAnswer<FieldPage>>;

/**
 * Pages of a hash by the names of its fields, listed once: a scan would copy texts of whatever length, so a few that
 * somebody planted would stop the server. What is there from the first page to the last is met; the rest may or may not be.
 */
export function fieldPages(of: FieldsOf, isName: (field: string) => boolean): ReadFieldPage {
  const readings = new Map<string, readonly string[]>();
  let begun = 0;

  const scan = async (runner: Runner, cursor: string): Promise<StoreAnswer<FieldPage>> =>
    await runner.run(
      'scan-fields',
      [cursor, String(PAGE)],
      ([next = '0', ...fields]) => ({
        cursor: next === '0' ? '0' : `scan:${next}`,
        rows: pairsOf(fields).filter(([field]) => isName(field)),
      }),
      of,
    );

  const read = async (runner: Runner, id: string, from: number): Promise<StoreAnswer<FieldPage>> => {
    const names = readings.get(id) ?? [];
    const end = from + PAGE;
    const cursor = end < names.length ? `${id}:${end}` : '0';
    if (cursor === '0') readings.delete(id);
    return await runner.run('read-fields', names.slice(from, end), (body) => ({ cursor, rows: pairsOf(body) }), of);
  };

  return async (runner, cursor) => {
    const [id = '', at = ''] = cursor.split(':');
    if (id === 'scan') return await scan(runner, at);
    if (readings.has(id)) return await read(runner, id, Number(at));
    const listed = await runner.run('list-fields', [String(MOST_LISTED)], (body) => body, of);
    if (listed.kind !== 'ok') return listed;
    const [how, ...fields] = listed.value;
    if (how === 'scan') return await scan(runner, '0');
    begun += 1;
    readings.set(String(begun), fields.filter(isName));
    readings.delete(String(begun - MOST_READINGS));
    return await read(runner, String(begun), 0);
  };
}

function pairsOf(fields: readonly string[]): (readonly [string, string])[] {
  return rowsOf(fields, 2).map(([field = '', text = '']) => [field, text]);
}
