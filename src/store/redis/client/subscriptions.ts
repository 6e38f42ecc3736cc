import type { StoreListener, StoreSubscribed, StoreSubscription } from '../../../ports/index.ts';

/** Open subscriptions of one store. They are closed with the store; ended ones are removed. */
export interface Subscriptions {
  /** Opens a subscription. */
  open(make: (listener: StoreListener) => Promise<StoreSubscribed>, listener: StoreListener): Promise<StoreSubscribed>;
  /** Closes all, including those that are still being opened. */
  close(): Promise<void>;
}

export function subscriptionsOfStore(): Subscriptions {
  const known = new Set<StoreSubscription>();
  let closed = false;
  return {
    async open(make, listener) {
      let [made, over]: [StoreSubscription | undefined, boolean] = [undefined, false];
      const answer = await make({
        event: (event) => listener.event(event),
        garbage: (shown) => listener.garbage(shown),
        wants: (kind, name) => listener.wants?.(kind, name) ?? true,
        // Otherwise its client would stay in memory while the store is open.
        dropped: (why) => {
          over = true;
          if (made !== undefined) known.delete(made);
          listener.dropped(why);
        },
      });
      if (answer.kind === 'lost') return answer;
      const { subscription } = answer;
      made = {
        ping: () => subscription.ping(),
        close: () => {
          if (made !== undefined) known.delete(made);
          return subscription.close();
        },
      };
      if (closed) await subscription.close();
      else if (!over) known.add(made);
      return { kind: 'subscribed', subscription: made };
    },
    async close() {
      closed = true;
      await Promise.all(Array.from(known, (subscription) => subscription.close()));
    },
  };
}
