import type { FleetEvent, StoreListener } from '../../ports/index.ts';
import { wantedOf } from '../format/index.ts';

/** Runs `deliver` later; default `queueMicrotask`. A simulator may delay it. */
export type Schedule = (deliver: () => void) => void;

/** One subscription. Events arrive later, one by one, in the order of publication. */
export interface ChannelEnd {
  close(): void;
}

/** The push channel in one process. */
export interface Channel {
  publish(event: FleetEvent): void;
  /** Sends every subscriber a message that does not parse. */
  publishGarbage(shown: string): void;
  open(listener: StoreListener): ChannelEnd;
  /** Ends every subscription as a lost connection would. */
  drop(why: string): void;
}

interface Subscriber extends ChannelEnd {
  tell(news: (listener: StoreListener) => void): void;
}

export function createChannel(schedule: Schedule): Channel {
  const subscribers = new Set<Subscriber>();
  const tellAll = (news: (listener: StoreListener) => void): void => {
    for (const subscriber of subscribers) subscriber.tell(news);
  };
  return {
    publish: (event) => tellAll((listener) => listener.event(wantedOf(event, listener.wants?.bind(listener)))),
    publishGarbage: (shown) => tellAll((listener) => listener.garbage(shown)),
    open: (listener) => {
      const subscriber = createSubscriber(listener, schedule, () => subscribers.delete(subscriber));
      subscribers.add(subscriber);
      return subscriber;
    },
    drop: (why) => {
      for (const subscriber of subscribers) {
        // Events published before the connection broke may still arrive, so the end comes after them.
        subscriber.tell((listener) => {
          subscriber.close();
          listener.dropped(why);
        });
        subscribers.delete(subscriber);
      }
    },
  };
}

function createSubscriber(listener: StoreListener, schedule: Schedule, forget: () => void): Subscriber {
  const waiting: ((listener: StoreListener) => void)[] = [];
  let open = true;
  return {
    // The queue keeps the order even if the scheduler does not.
    tell: (news) => {
      waiting.push(news);
      schedule(() => {
        const next = waiting.shift();
        if (open) next?.(listener);
      });
    },
    close: () => {
      open = false;
      forget();
    },
  };
}
