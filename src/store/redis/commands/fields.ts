import type { StoreAnswer } from '../../../ports/index.ts';
import { rowsOf } from './reply.ts';
import type { FieldsOf, ScriptRunner } from './runner.ts';

type Field = readonly [field: string, text: string];

/**
 * Reads the existing ones of some fields of a hash. Always by name, because HSCAN also returns foreign fields with texts of
 * any length.
 */
export function readFields(
  runner: ScriptRunner,
  of: FieldsOf,
  names: readonly string[],
): Promise<StoreAnswer<readonly Field[]>> {
  return runner.run('read-fields', names, (body) => pairsOf(body), of);
}

function pairsOf(body: readonly string[]): readonly Field[] {
  return rowsOf(body, 2).map(([field = '', text = '']) => [field, text]);
}
