import type { StoreListener, StoreLoss, StoreSubscribed } from '../../ports/index.ts';
import type { Connection } from './connection.ts';
import { subscribe, type SubscribeParts } from './subscribe.ts';

const movedLoss: StoreLoss = { code: 'disconnected', message: 'the store turned out to be elsewhere' };

/**
 * Subscribes where the store is now, and ends the subscription when that changes: on a server that turned out to be a
 * cluster's node, where events go another way, it would be open for ever and hear nothing.
 */
export async function subscribeAtHome(
  connection: Connection,
  parts: Omit<SubscribeParts, 'target'>,
  listener: StoreListener,
): Promise<StoreSubscribed> {
  let moved = false;
  let leave = (): void => void (moved = true);
  const forget = connection.onMoved(() => leave());
  const told: StoreListener = {
    event: (event) => listener.event(event),
    garbage: (shown) => listener.garbage(shown),
    dropped: (why) => {
      forget();
      listener.dropped(why);
    },
  };
  const answer = await subscribe({ ...parts, target: connection.target() }, told);
  if (answer.kind === 'lost') {
    forget();
    return answer;
  }
  const { subscription } = answer;
  const close = async (): Promise<void> => {
    forget();
    await subscription.close();
  };
  if (moved) {
    await close();
    return { kind: 'lost', loss: movedLoss };
  }
  leave = () => {
    void close();
    listener.dropped(movedLoss.message);
  };
  return { kind: 'subscribed', subscription: { ping: () => subscription.ping(), close } };
}
