import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import type { ICruiseResult, IReporterOutput } from 'dependency-cruiser';
import { importsInsideTypes } from './imports-inside-types.ts';
import { forbidden } from './rules.ts';

export interface BordersAnswer {
  modules: number;
  dependencies: number;
  problems: string[];
}

/** Reads every module below `<root>/src` and `<root>/dashboard` and tells which imports cross a border. */
export async function checkBorders(root: string): Promise<BordersAnswer> {
  const files = globSync(['src/**/*.ts', 'dashboard/**/*.{ts,tsx}'], { cwd: root });
  if (files.length === 0 || !existsSync(join(root, 'src'))) {
    return { modules: 0, dependencies: 0, problems: ['no modules were read: there is no source below src'] };
  }
  const { modules, summary } = result(
    await cruise(
      ['src', 'dashboard'].filter((folder) => existsSync(join(root, folder))),
      {
        baseDir: root,
        ruleSet: { forbidden },
        validate: true,
        parser: 'swc',
        tsPreCompilationDeps: 'specify',
        doNotFollow: { path: 'node_modules' },
      },
      // A package's subpath is often no path of a file: its manifest says where it leads, as for Node.
      { exportsFields: ['exports'], conditionNames: ['node', 'import', 'default', 'types'] },
    ),
  );
  const read = new Set(modules.map((module) => module.source));
  const dependencies = modules.reduce((sum, module) => sum + module.dependencies.length, 0);
  const crossings = summary.violations.map(({ rule, from, to }) => {
    const comment = forbidden.find(({ name }) => name === rule.name)?.comment ?? '';
    return `${rule.name}: ${from} → ${to}\n    ${comment}`;
  });
  const hidden = await Promise.all(files.map(async (file) => await hiddenIn(root, file)));
  return {
    modules: files.filter((file) => read.has(file)).length,
    dependencies,
    problems: [...unread(files, read), ...crossings, ...hidden.flat()],
  };
}

// A parser that does not know the language reads nothing and finds nothing wrong. So count what it saw.
function unread(files: readonly string[], read: ReadonlySet<string>): string[] {
  const missing = files.filter((file) => !read.has(file));
  if (missing.length === files.length) return ['no modules were read: the parser does not know these sources'];
  return missing.map((file) => `not read: ${file}`);
}

async function hiddenIn(root: string, file: string): Promise<string[]> {
  const found = await importsInsideTypes(readFileSync(join(root, file), 'utf8'));
  return found.map(
    (to) => `no-imports-inside-types: ${file} → ${to}\n    Import the type at the top, where the rules see it.`,
  );
}

function result({ output }: IReporterOutput): ICruiseResult {
  if (typeof output === 'string') throw new Error(`the border check answered with text: ${output}`);
  return output;
}
