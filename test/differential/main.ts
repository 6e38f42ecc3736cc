import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const HELP = `npm run test:differential [-- vitest options]

Probes one configuration with LiteLLM and with allswell, and compares what reaches the upstreams. LITELLM_PYTHON names a
Python that LiteLLM is installed for; without it, .ci/fetch-litellm python installs one.
`;

const options = process.argv.slice(2);
if (options.includes('--help')) process.stdout.write(HELP);
else process.exitCode = run();

function run(): number {
  const python = process.env['LITELLM_PYTHON'] ?? fetched();
  if (python === undefined) {
    console.error(`LiteLLM cannot be installed: it takes python3 with venv and pip\n\n${HELP}`);
    return 1;
  }
  const env = { ...process.env, LITELLM_PYTHON: python };
  return spawnSync('vitest', ['run', '--project', 'differential', ...options], { stdio: 'inherit', env }).status ?? 1;
}

function fetched(): string | undefined {
  const { status, stdout } = spawnSync(join('.ci', 'fetch-litellm'), ['python'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return status === 0 ? stdout.trim() : undefined;
}
