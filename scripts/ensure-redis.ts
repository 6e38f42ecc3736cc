import { ensureRedis } from '../src/testing/redis-server/index.ts';

// Prints the server program on standard output, so that scripts can use it; all else goes to standard error.
const answer = await ensureRedis();
if (answer.kind === 'not-found') {
  console.error(answer.message);
  process.exit(1);
}
const { bin, env, source } = answer.program;
console.error(`Redis from ${source}: ${bin}`);
for (const [name, value] of Object.entries(env)) console.error(`  needs ${name}=${value}`);
console.log(bin);
