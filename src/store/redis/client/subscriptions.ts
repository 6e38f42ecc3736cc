import type { StoreListener, StoreSubscribed, StoreSubscription } from '../../../ports/index.ts';

/** The subscriptions of one store that are open: with the store they are closed, and those that end are forgotten. */
export interface Subscriptions {
  /** Makes one more. */
  open(make: (listener: StoreListener) => Promise<StoreSubscribed>, listener: StoreListener): Promise<StoreSubscribed>;
  /** Closes all, and those that are being made as soon as they are. */
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
        // Its client would stay in memory for as long as the store is open.
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
