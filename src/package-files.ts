import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Programs of this package that other programs of it start. The build gives each a file of its own, `dist/<name>.js`. */
export type ProgramName =
  | 'cli/main'
  | 'server/workers/worker-main'
  | 'testing/mock-upstream/main'
  | 'demo/stage/pod-route';

/** The version of the package this file belongs to. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string }).version;
}

/** A file or folder of this package, by its path from the root of the package. It need not exist. */
export function packageFile(path: string): URL {
  return new URL(path, packageRoot());
}

/** Path of a program: of its source if this is the source, else of what the build made of it. */
export function programPath(name: ProgramName): string {
  return fileURLToPath(packageFile(import.meta.url.endsWith('.ts') ? `src/${name}.ts` : `dist/${name}.js`));
}

let root: URL | undefined;

/** The nearest folder above this module with a package.json: the build puts modules into files of other folders. */
function packageRoot(): URL {
  if (root !== undefined) return root;
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const above = new URL('../', folder);
    if (above.href === folder.href) throw new Error(`no package.json in a folder above ${import.meta.url}`);
    folder = above;
  }
  return (root = folder);
}
