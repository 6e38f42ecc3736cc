import type { Paint } from '../../terminal/index.ts';
import type { FleetPage } from '../ask/index.ts';
import { tableLines } from '../show/table.ts';
import type { Cell } from '../show/table.ts';
import { inWords } from '../show/times.ts';

/** Deployments that are kept out of LiteLLM's routing, and failing ones that are not because they are the last. */
export function cooldownLines({ bridge, now }: FleetPage, paint: Paint): readonly string[] {
  const cooldowns = bridge?.cooldowns;
  if (cooldowns === undefined) return [];
  const { mode, held, last_routable: leftRoutable } = cooldowns;
  if (held.length + leftRoutable.length === 0) return [];
  const rows = [
    ...held.map((one): Cell[] => [
      { text: one.by === null ? '  observed' : '  cooled', look: 'wary' },
      one.model_name,
      one.reason,
      inWords(one.since, now),
      one.why,
    ]),
    ...leftRoutable.map((one): Cell[] => [
      { text: '  last one', look: 'bad' },
      one.model_name,
      one.reason,
      inWords(one.since, now),
      `stays routable for ${one.pool}: ${one.why}`,
    ]),
  ];
  return [paint('strong', `LITELLM COOLDOWNS ${held.length} (mode ${mode})`), ...tableLines(rows, paint)];
}
