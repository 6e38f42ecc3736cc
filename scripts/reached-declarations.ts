import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

interface PackageJson {
  readonly exports: Readonly<Record<string, string>>;
}

/** Deletes the declarations in `dist` that no exported entry of package.json leads to. tsc writes one for every module. */
export function keepReachedDeclarations(dist: string): void {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as PackageJson;
  const entries = Object.values(exports).filter((entry) => entry.endsWith('.js'));
  const reached = new Set<string>();
  const follow = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const address of importsOf(readFileSync(path, 'utf8'))) follow(declarationOf(join(dirname(path), address)));
  };
  for (const entry of entries) follow(declarationOf(normalize(entry)));
  for (const path of globSync(`${dist}/**/*.d.ts`)) if (!reached.has(normalize(path))) rmSync(path);
}

const declarationOf = (module: string): string => module.replace(/\.[jt]s$/, '.d.ts');

/** Relative modules in `from '…'`, `import '…'` and `import('…')`. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)].map(([, address = '']) => address);
}
