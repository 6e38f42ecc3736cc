import { parseArgs } from 'node:util';
import { faultKinds, play } from './scenario.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    pods: { type: 'string', default: '5' },
    targets: { type: 'string', default: '20' },
    verbose: { type: 'boolean', default: false },
  },
});

const pods = Number(values.pods);
const totals = new Map<string, number>();
const first = Number(values.seed);
for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
  const log = values.verbose ? { log: (line: string) => console.log(line) } : {};
  const world = new World({ seed, pods, targets: Number(values.targets), ...log });
  try {
    // oxlint-disable-next-line no-await-in-loop -- one world after another
    await play(world, pods);
  } catch (error) {
    console.error(`seed ${seed} at ${Math.round(world.time.now)} ms: ${String(error)}`);
    process.exitCode = 1;
  }
  for (const [fault, times] of world.occurred) totals.set(fault, (totals.get(fault) ?? 0) + times);
}
for (const kind of faultKinds) console.log(`${kind.padEnd(22)} ${totals.get(kind) ?? 0}`);
