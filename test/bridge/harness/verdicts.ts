import { epochMs, SECRETS } from '../../fleet/harness/index.ts';
import type { TestPod } from '../../fleet/harness/index.ts';

/** A change of a verdict, as a pod announced it. */
export interface SeenVerdict {
  /** Epoch milliseconds, by this process' clock. */
  readonly at: number;
  readonly model: string;
  readonly from: string;
  readonly to: string;
}

/** The changes of a pod's verdicts. */
export interface VerdictWatch {
  readonly seen: readonly SeenVerdict[];
  /** The first change to a state of a model since a time. */
  first(model: string, to: string, since: number): SeenVerdict | undefined;
  stop(): void;
}

/** Reads a pod's stream of events until it is stopped or the pod ends. */
export async function watchVerdicts(pod: TestPod): Promise<VerdictWatch> {
  const seen: SeenVerdict[] = [];
  const ending = new AbortController();
  const { body } = await fetch(`${pod.url}/fleet/events`, {
    headers: { authorization: `Bearer ${SECRETS.masterKey}` },
    signal: ending.signal,
  });
  if (body === null) throw new Error(`${pod.name} has no stream of events`);
  void readEvents(body, (event, data) => {
    if (event !== 'verdict-changed') return;
    const { model, from, to } = JSON.parse(data) as SeenVerdict;
    seen.push({ at: epochMs(), model: model.replace('openai/', ''), from, to });
  }).catch(() => undefined);
  return {
    seen,
    first: (model, to, since) => seen.find((one) => one.model === model && one.to === to && one.at >= since),
    stop: () => ending.abort(),
  };
}

async function readEvents(
  body: ReadableStream<Uint8Array>,
  take: (event: string, data: string) => void,
): Promise<void> {
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const one of events) {
      const lines = one.split('\n');
      const field = (name: string): string =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
      take(field('event'), field('data'));
    }
  }
}
