import type { ProbeTarget } from '../config/index.ts';
import type { TargetId } from '../health/index.ts';

type Named = Pick<ProbeTarget, 'id' | 'name' | 'host'>;

/**
 * Names for log lines, all different: the model, with its host where several targets have the model, and with the beginning of
 * its id where the host is the same, too.
 *
 * @example
 * distinctNames([{ id: 'a1', name: 'openai/m', host: 'one' }, { id: 'b2', name: 'openai/m', host: 'two' }]).get('a1') // 'openai/m at one'
 */
export function distinctNames(targets: readonly Named[]): ReadonlyMap<TargetId, string> {
  const withHost = distinct(
    targets,
    ({ name }) => name,
    ({ name, host }) => `${name} at ${host}`,
  );
  return distinct(
    targets,
    ({ id }) => withHost.get(id) ?? '',
    ({ id }) => `${withHost.get(id)} (${id.slice(0, 8)})`,
  );
}

function distinct(
  targets: readonly Named[],
  short: (target: Named) => string,
  long: (target: Named) => string,
): ReadonlyMap<TargetId, string> {
  const counts = new Map<string, number>();
  for (const target of targets) counts.set(short(target), (counts.get(short(target)) ?? 0) + 1);
  return new Map(targets.map((target) => [target.id, ((counts.get(short(target)) ?? 0) > 1 ? long : short)(target)]));
}
