import { rolldown } from 'rolldown';

/** A module and all that it imports, as a bundler puts them into an application: one minified module. */
export async function bundled(path: string): Promise<string> {
  const bundle = await rolldown({
    input: new URL(path, import.meta.url).pathname,
    platform: 'browser',
    resolve: { alias: { 'allswell/client': new URL('../../src/client/index.ts', import.meta.url).pathname } },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  const [{ code, imports, dynamicImports }, ...more] = output;
  if (more.length > 0 || imports.length > 0 || dynamicImports.length > 0) {
    throw new Error(
      `the client imports ${[...imports, ...dynamicImports, ...more.map(({ fileName }) => fileName)].join(', ')}`,
    );
  }
  return code;
}
