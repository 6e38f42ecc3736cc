import type { StoreAnswer } from '../../../ports/index.ts';
import { rowsOf } from './reply.ts';
import type { FieldsOf, ScriptRunner } from './runner.ts';

type Field = readonly [field: string, text: string];

/**
 * Reads some fields of a hash, those that are there. Always by name: a scan meets whatever anybody planted, and brings its
 * texts, of whatever length.
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
