import { afterEach, beforeEach } from 'vitest';
import { startMockUpstream } from '../../src/testing/index.ts';
import type { MockUpstream } from '../../src/testing/index.ts';
import { openCliStage } from './cli.ts';
import type { CliStage } from './cli.ts';

/** A stage for commands and an upstream, created before and closed after each test of the calling file. */
export function stageAndUpstream(): { readonly stage: CliStage; readonly upstream: MockUpstream } {
  let stage: CliStage;
  let upstream: MockUpstream;
  beforeEach(async () => {
    stage = openCliStage();
    upstream = await startMockUpstream();
  });
  afterEach(async () => {
    await stage.close();
    await upstream.close();
  });
  return {
    get stage() {
      return stage;
    },
    get upstream() {
      return upstream;
    },
  };
}
