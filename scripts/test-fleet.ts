import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

// Usage: test-fleet.ts [--repeat N] [file…]
// Races show themselves only sometimes: --repeat runs the whole project N times and fails if any round did.
const { values, positionals } = parseArgs({
  options: { repeat: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const rounds = Number(values.repeat);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--repeat wants a whole number of rounds, not "${values.repeat}"`);
  process.exit(2);
}

const failedRounds: number[] = [];
for (let round = 1; round <= rounds; round++) {
  const startedAt = performance.now();
  const { status } = spawnSync('vitest', ['run', '--project', 'fleet', ...positionals], { stdio: 'inherit' });
  if (status !== 0) failedRounds.push(round);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`round ${round} of ${rounds}: ${status === 0 ? 'passed' : 'failed'} in ${seconds} s`);
}

console.log(`fleet rounds: ${rounds - failedRounds.length} passed, ${failedRounds.length} failed`);
if (failedRounds.length > 0) {
  console.error(`failed rounds: ${failedRounds.join(', ')}`);
  process.exit(1);
}
