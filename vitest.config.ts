import { defineConfig, type ViteUserConfig } from 'vitest/config';

const SECOND = 1_000;

// Suites that own ports, processes and clocks of their own run one file at a time, after the others.
const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/{borders,golden}/**/*.test.ts'],
          testTimeout: 10 * SECOND,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 30 * SECOND,
          hookTimeout: 60 * SECOND,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'docs',
          include: ['test/docs/**/*.test.ts'],
          testTimeout: 30 * SECOND,
          sequence: { groupOrder: 1 },
        },
      },
      alone('fault', 2),
      alone('fleet', 3),
      alone('sim', 4),
    ],
  },
});

function alone(name: string, groupOrder: number): { test: NonNullable<ViteUserConfig['test']> & { name: string } } {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: 120 * SECOND,
      hookTimeout: 120 * SECOND,
      teardownTimeout: 30 * SECOND,
      fileParallelism: false,
      maxWorkers: 1,
      sequence: { groupOrder },
    },
  };
}

export default config;
