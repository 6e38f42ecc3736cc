import { memoryFleet } from '../../src/store/memory/index.ts';
import { describeFleetStore } from './fleet-store.ts';

describeFleetStore('memory', () => {
  const fleet = memoryFleet({ clockUs: microseconds() });
  return Promise.resolve({
    open: () => Promise.resolve(fleet.open()),
    plant: (key, field, text) => Promise.resolve(fleet.plant(key, field, text)),
    texts: (key) => Promise.resolve(fleet.texts(key)),
    flush: () => Promise.resolve(fleet.flush()),
    publishGarbage: (text) => Promise.resolve(fleet.publishGarbage(text)),
    close: () => Promise.resolve(),
  });
});

/** The machine's time; one microsecond at least passes between two looks, as between two commands of a server. */
function microseconds(): () => number {
  let last = 0;
  return () => (last = Math.max(last + 1, Date.now() * 1000));
}
