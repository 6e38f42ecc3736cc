import type { MockUpstreamOptions } from '../../../src/testing/index.ts';
import { epochMs } from '../../fleet/harness/index.ts';
import type { Stand } from '../stand/stand.ts';
import type { Recorder } from './recorder.ts';

/** Data that the upstream needs to identify its calls. */
export interface UpstreamWatch {
  readonly onRequest: NonNullable<MockUpstreamOptions['onRequest']>;
  /** From now on calls are recorded. Before it ids of targets are unknown, and calls wait. */
  begin(parts: { readonly stand: Stand; readonly targetOf: (model: string) => string }): void;
  /** Sets the answer of a model. */
  answers(model: string, answer: 'good' | 'bad'): void;
  /** Ends the recording, before that of the store ends: each call must find its lease. */
  stop(): void;
}

/** Records every request for a model: by which pod, of which target, from when to when, and how it was answered. */
export function watchUpstream(recorder: Recorder): UpstreamWatch {
  const answers = new Map<string, 'good' | 'bad'>();
  let begin: UpstreamWatch['begin'] = () => undefined;
  let stopped = false;
  const begun = new Promise<Parameters<UpstreamWatch['begin']>[0]>((resolve) => (begin = resolve));
  return {
    onRequest: (model, _, { port, over }) => {
      if (stopped) return;
      const at = epochMs();
      const answer = answers.get(model) ?? 'good';
      void over.then(async () => {
        const endedAt = epochMs();
        const { stand, targetOf } = await begun;
        const place = stand.placeOf(port) ?? -1;
        recorder.add({ kind: 'call', at, endedAt, place, target: targetOf(model), answer });
      });
    },
    begin: (parts) => begin(parts),
    answers: (model, answer) => void answers.set(model, answer),
    stop: () => void (stopped = true),
  };
}
