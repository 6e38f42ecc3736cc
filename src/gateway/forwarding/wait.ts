import type { ServerResponse } from 'node:http';
import type { Clock } from '../../ports/index.ts';
import type { CutOff } from './cut-off.ts';

export interface WaitContext {
  readonly clock: Clock;
  readonly cutOff: CutOff;
  readonly outgoing: ServerResponse;
}

/** Waits before an attempt. False where the client left meanwhile. */
export async function wait(ms: number, { outgoing, clock, cutOff }: WaitContext): Promise<boolean> {
  return await new Promise((resolve) => {
    const end = (isThere: boolean) => (): void => {
      timer.cancel();
      outgoing.off('close', onClose);
      cutOff.remove(place);
      resolve(isThere);
    };
    const onClose = end(false);
    const onOver = end(true);
    const timer = clock.setTimer(ms, onOver);
    outgoing.once('close', onClose);
    const place = cutOff.add(onOver);
  });
}
