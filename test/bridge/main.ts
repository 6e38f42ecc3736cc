import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { figuresOn, measuredTable, PAGE, pageWith } from './page.ts';
import type { Figures } from './page.ts';

const HELP = `npm run test:bridge [-- [--write] [-- vitest options and test files…]]

  --write   puts what was measured on ${PAGE}; the other figures stay
  --help    this text

LITELLM_BIN names LiteLLM's program, if it is not on PATH as litellm (.ci/fetch-litellm gets one). LITELLM_BINS names the
programs of several versions, separated by colons, for the fleet of mixed versions (versions.test.ts).
`;

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
});

if (values.help) process.stdout.write(HELP);
else process.exitCode = run();

function run(): number {
  const program = process.env['LITELLM_BIN'] ?? 'litellm';
  if (spawnSync('sh', ['-c', 'command -v "$0"', program]).status !== 0) {
    console.error(`${program} cannot be run\n\n${HELP}`);
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'allswell-measured-'));
  const file = join(folder, 'figures');
  writeFileSync(file, '');
  const env = { ...process.env, LITELLM_BIN: program, ALLSWELL_MEASURED: file };
  const { status } = spawnSync('vitest', ['run', '--project', 'bridge', ...positionals], { stdio: 'inherit', env });
  const figures = figuresIn(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  console.log(measuredTable(figures));
  if (status !== 0) return 1;
  return values.write ? write(figures, program) : 0;
}

function write(figures: Figures, program: string): number {
  const known: Figures = existsSync(PAGE) ? figuresOn(readFileSync(PAGE, 'utf8')) : new Map();
  const page = pageWith(new Map([...known, ...figures]), { cores: cpus().length, version: versionOf(program) });
  if (page === undefined) {
    console.error(`${PAGE} stays as it is: not every figure was measured`);
    return 1;
  }
  writeFileSync(PAGE, page);
  return 0;
}

function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
  });
  const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`${program} --version gives no version: ${stdout}`);
  return version;
}

function figuresIn(text: string): Figures {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => JSON.parse(line) as [string, number]));
}
