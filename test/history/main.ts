import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const HELP = `npm run test:history [-- [--true-time] [vitest options and test files…]]

Records what real pods, real stores and the upstream do under faults, and checks the recording afterwards. About two and a
half minutes for one history each on Redis, Valkey, Sentinel and Cluster.

  --true-time   sets no server's clock: for machines without a C compiler (cc)
  --help        this text

ALLSWELL_HISTORY_ROUNDS  histories on each kind of store (1); npm run proof makes 25
ALLSWELL_HISTORY_SEED    seed of the first one (1); each further one has the next
VALKEY_SERVER_BIN        the Valkey server; without it, .ci/fetch-valkey gets one
`;

const args = process.argv.slice(2);
if (args.includes('--help')) process.stdout.write(HELP);
else process.exitCode = run(args);

function run(options: readonly string[]): number {
  const trueTime = options.includes('--true-time');
  if (!trueTime && spawnSync('cc', ['--version']).status !== 0) {
    return refuse(
      'setting the clock of a server takes a C compiler: install gcc, or leave this fault out with --true-time',
    );
  }
  const valkey = process.env['VALKEY_SERVER_BIN'] ?? fetched('fetch-valkey');
  if (valkey === undefined) return refuse('no Valkey: install it and set VALKEY_SERVER_BIN to valkey-server');
  const env = {
    ...process.env,
    VALKEY_SERVER_BIN: valkey,
    ...(trueTime && { ALLSWELL_HISTORY_CLOCK: 'true-time' }),
  };
  const rest = options.filter((option) => option !== '--true-time');
  return spawnSync('vitest', ['run', '--project', 'history', ...rest], { stdio: 'inherit', env }).status ?? 1;
}

function refuse(why: string): number {
  console.error(`${why}\n\n${HELP}`);
  return 1;
}

function fetched(script: string): string | undefined {
  const { status, stdout } = spawnSync(join('.ci', script), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return status === 0 ? stdout.trim() : undefined;
}
