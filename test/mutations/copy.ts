import { luaModule } from '../../scripts/lua-module.ts';
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Mutation, Suite } from './mutation.ts';
import { mutated } from './table.ts';

/** What a run of suites showed. */
export type SuiteRun =
  | { readonly kind: 'passed' }
  /** `test`: the first test that failed. */
  | { readonly kind: 'failed'; readonly test: string }
  /** No test failed and none passed: the files could not be loaded, or it took too long. */
  | { readonly kind: 'broken'; readonly why: string };

const SCRIPTS = 'src/store/redis/scripts.generated.ts';
/** Of one run. The narrow suites take seconds. */
const LIMIT_MS = 120_000;

/** A copy of the sources in a temporary folder, where bugs can be planted one after another. */
export class SourceCopy {
  readonly #folder: string;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'allswell-mutations-'));
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    const paths = listed.toString('utf8').split('\0');
    for (const path of paths.filter((one) => /^(src|test|scripts|package\.json|tsconfig|vitest\.config)/.test(one))) {
      mkdirSync(dirname(join(this.#folder, path)), { recursive: true });
      cpSync(path, join(this.#folder, path));
    }
    symlinkSync(resolve('node_modules'), join(this.#folder, 'node_modules'));
  }

  /** Plants a bug; answers how to take it out again. */
  plant(mutation: Mutation): () => void {
    const path = join(this.#folder, mutation.file);
    const scripts = join(this.#folder, SCRIPTS);
    const [text, generated] = [readFileSync(path, 'utf8'), readFileSync(scripts, 'utf8')];
    const next = mutated(text, mutation);
    if (next === undefined) {
      throw new Error(`${mutation.file}: the text to mutate does not occur exactly once: ${mutation.from}`);
    }
    writeFileSync(path, next);
    if (path.endsWith('.lua')) {
      writeFileSync(join(this.#folder, SCRIPTS), luaModule(this.#folder));
    }
    return () => {
      writeFileSync(path, text);
      writeFileSync(scripts, generated);
    };
  }

  /** The scripts as they are sent to a server, with the bug in them. */
  async scripts(bug: number): Promise<readonly string[]> {
    const module = (await import(`${join(this.#folder, SCRIPTS)}?bug=${bug}`)) as {
      readonly scripts: Readonly<Record<string, { readonly lua: string }>>;
    };
    return Object.values(module.scripts).map(({ lua }) => lua);
  }

  /** Runs suites until the first test fails. */
  async run(suites: readonly Suite[]): Promise<SuiteRun> {
    const report = join(this.#folder, 'report.json');
    rmSync(report, { force: true });
    const projects = [...new Set(suites.map(({ project }) => project))].flatMap((project) => ['--project', project]);
    const files = suites.map(({ file }) => file);
    const options = ['--bail', '1', '--reporter', 'json', '--outputFile', report];
    const ended = await this.#vitest([...projects, ...files, ...options]);
    if (ended === 'too-slow') return { kind: 'broken', why: `no end after ${LIMIT_MS / 1_000} s` };
    return readReport(report);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** In a process group of its own, so that servers which tests started end with it. */
  async #vitest(args: readonly string[]): Promise<'ended' | 'too-slow'> {
    const program = [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...args];
    const child = spawn(process.execPath, program, { cwd: this.#folder, stdio: 'ignore', detached: true });
    return await new Promise((done, failed) => {
      const limit = setTimeout(() => {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        done('too-slow');
      }, LIMIT_MS);
      child.once('error', failed);
      child.once('exit', () => {
        clearTimeout(limit);
        done('ended');
      });
    });
  }
}

interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function readReport(path: string): SuiteRun {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return { kind: 'broken', why: 'vitest wrote no report' };
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { kind: 'failed', test: failed.fullName };
  if (report.success && report.numPassedTests > 0) return { kind: 'passed' };
  const why = report.testResults.map(({ message }) => message).find((message) => message !== '');
  return { kind: 'broken', why: why ?? 'no test ran' };
}
