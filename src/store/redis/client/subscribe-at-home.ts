import type { Logger, StoreListener, StoreLoss, StoreSubscribed } from '../../../ports/index.ts';
import type { Connection } from './connection.ts';
import { isRefusedLogin } from './explain.ts';
import { subscribe, type SubscribeParts } from './subscribe.ts';

/** Told of each attempt why it failed, or that it did not. */
export type RefusedChannel = (loss: StoreLoss | undefined) => void;

/**
 * Warns once of a user who may do all but listen: everything seems to work, and nothing arrives. A refused login is told
 * elsewhere.
 */
export function refusedChannel(logger: Logger): RefusedChannel {
  let told = false;
  return (loss) => {
    const refused = loss?.code === 'no-permission' && !isRefusedLogin(loss.message);
    if (refused && !told) logger.warn(`Redis refuses the subscription to the push channel: ${loss.message}`);
    if (refused || loss === undefined) told = refused;
  };
}

const movedLoss: StoreLoss = { code: 'disconnected', message: 'the store moved to another address' };

/**
 * Subscribes where the store is now, and ends the subscription when that changes: on a server that turned out to be a
 * cluster's node, where events go another way, it would be open for ever and hear nothing.
 */
export async function subscribeAtHome(
  connection: Connection,
  parts: Omit<SubscribeParts, 'target'> & { readonly refused: RefusedChannel },
  listener: StoreListener,
): Promise<StoreSubscribed> {
  let moved = false;
  let leave = (): void => void (moved = true);
  const forget = connection.onMoved(() => leave());
  const told: StoreListener = {
    event: (event) => listener.event(event),
    garbage: (shown) => listener.garbage(shown),
    wants: (kind, name) => listener.wants?.(kind, name) ?? true,
    dropped: (why) => {
      forget();
      listener.dropped(why);
    },
  };
  const answer = await subscribe({ ...parts, target: connection.target() }, told);
  if (answer.kind === 'lost') {
    forget();
    parts.refused(answer.loss);
    return answer;
  }
  parts.refused(undefined);
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
