import type { FleetEvent, StoreListener } from '../../ports/index.ts';
import { wantedOf } from '../format/index.ts';

/** Runs `deliver` later; default `queueMicrotask`. A simulator may hold it back as long as it likes. */
export type Schedule = (deliver: () => void) => void;

/** One subscriber's end of the push channel: events arrive later, one by one, in the order they were published. */
export interface ChannelEnd {
  close(): void;
}

/** The push channel in one process. */
export interface Channel {
  publish(event: FleetEvent): void;
  /** A message that is no event reaches every subscriber. */
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
        // What was published before the connection broke may still arrive; the end comes after it.
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
    // The queue keeps the order even where the scheduler does not.
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
