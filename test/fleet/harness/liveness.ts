import type { TestPod } from './pod.ts';
import { waitedMs } from './processor.ts';

/** Asks for liveness again and again; answers, when called, how long that took, less the waiting for a processor. */
export function watchLiveness(pod: TestPod): () => Promise<number[]> {
  const times: number[] = [];
  const end = { now: false };
  const asking = async (): Promise<void> => {
    while (!end.now) {
      const waited = waitedMs(pod.pid) + waitedMs('self');
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { askedAt, answeredAt } = await pod.get('/health/liveliness');
      times.push(Math.max(0, answeredAt - askedAt - (waitedMs(pod.pid) + waitedMs('self') - waited)));
    }
  };
  const asked = asking();
  return async () => {
    end.now = true;
    await asked;
    return times;
  };
}
