import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const SECOND = 1_000;

// For the pods that tests start from the sources: without it each of them compiles all modules again.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

// Suites of real processes run a few files at a time, after the others: each file has servers and ports of its own.
const config: ViteUserConfig = defineConfig({
  test: {
    // Many files wait for processes that start: one more than two cores would carry otherwise.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{src,dashboard}/**/*.test.ts',
            'test/{borders,golden,mutations,unit}/**/*.test.ts',
            'test/history/{checks,stand}/**/*.test.ts',
          ],
          testTimeout: 30 * SECOND,
          // Nothing here keeps state in a module, and to load the modules anew for each file took a third of the time.
          isolate: false,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 30 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        test: {
          name: 'docs',
          include: ['test/docs/**/*.test.ts'],
          testTimeout: 30 * SECOND,
        },
      },
      {
        test: {
          name: 'gateway',
          include: ['test/gateway/**/*.test.ts'],
          testTimeout: 30 * SECOND,
          hookTimeout: 30 * SECOND,
        },
      },
      {
        test: {
          name: 'library',
          // Examples import the package by its name.
          alias: { allswell: fileURLToPath(new URL('src/library/index.ts', import.meta.url)) },
          include: ['test/library/**/*.test.ts'],
          testTimeout: 30 * SECOND,
          hookTimeout: 30 * SECOND,
        },
      },
      alone('commands', { groupOrder: 1, files: 2 }),
      alone('client', { groupOrder: 1, files: 2 }),
      // A page waits for pods, and pods wait for their next probe.
      alone('dashboard', { groupOrder: 10, files: 2, globalSetup: ['test/dashboard/build.ts'] }),
      alone('fault', { groupOrder: 2, files: 1 }),
      // Its pods wait most of the time: two files at once keep two cores half busy.
      alone('fleet', { groupOrder: 3, files: 2 }),
      // Twenty-one pods, more than any test of another file could run beside.
      alone('faulty-pod', { groupOrder: 8, files: 1 }),
      alone('sim', { groupOrder: 4, files: 2 }),
      alone('model', { groupOrder: 4, files: 1 }),
      // LiteLLM idles between its rounds, but its pods take their time to start.
      alone('bridge', { groupOrder: 5, files: 3 }),
      alone('differential', { groupOrder: 6, files: 1 }),
      // HAProxy, nginx, Envoy and a monitor beside pods that wait most of the time.
      alone('programs', { groupOrder: 9, files: 2 }),
      // An image is built and started: most of it is one process.
      alone('deploy', { groupOrder: 10, files: 2 }),
      // Its pods wait most of the time, and two histories at once keep two cores half busy.
      alone('history', { groupOrder: 7, files: 2, include: 'test/history/*.test.ts' }),
    ],
  },
});

function alone(
  name: string,
  {
    groupOrder,
    files,
    include = `test/${name}/**/*.test.ts`,
    globalSetup = [],
  }: { groupOrder: number; files: number; include?: string; globalSetup?: string[] },
): { test: NonNullable<ViteUserConfig['test']> & { name: string } } {
  return {
    test: {
      name,
      include: [include],
      globalSetup,
      testTimeout: 120 * SECOND,
      hookTimeout: 120 * SECOND,
      teardownTimeout: 30 * SECOND,
      maxWorkers: files,
      sequence: { groupOrder },
    },
  };
}

export default config;
