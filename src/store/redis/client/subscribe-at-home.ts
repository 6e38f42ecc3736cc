import type { Logger, StoreListener, StoreLoss, StoreSubscribed } from '../../../ports/index.ts';
import type { Connection } from './connection.ts';
import { isRefusedLogin } from './describe-loss.ts';
import { subscribe, type SubscribeParts } from './subscribe.ts';

/** Called after each attempt with the loss, or undefined for a success. */
export type RefusedChannel = (loss: StoreLoss | undefined) => void;

/**
 * Warns once of a user without the right to subscribe: commands work, but no events arrive. A refused login has a warning of
 * its own.
 */
export function refusedChannel(logger: Logger): RefusedChannel {
  let told = false;
  return (loss) => {
    const refused = loss?.code === 'no-permission' && !isRefusedLogin(loss.message);
    if (refused && !told) {
      logger.warn(
        `Redis refuses the subscription to the push channel: ${loss.message}; this pod rereads all records instead. To fix: allow the channel (&) in the user's ACL`,
      );
    }
    if (refused || loss === undefined) told = refused;
  };
}

const movedLoss: StoreLoss = { code: 'disconnected', message: 'Redis moved to another address' };

/**
 * Subscribes at the store's present address, and ends the subscription when the address changes. If the server turns out to
 * be a cluster node, events use sharded channels, and the old subscription would receive nothing.
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
