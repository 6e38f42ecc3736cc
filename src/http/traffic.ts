/** Requests that wait for their answer, of one pod. A reload keeps it. */
export interface Traffic {
  readonly inFlight: number;
  /** Those in flight that wait for the end of all others. */
  readonly drains: number;
  /** Counts a request from now until it has its answer. */
  during<T>(answer: () => Promise<T>): Promise<T>;
  /** Counts a drain, whose request is in flight already, from now until it is over. */
  duringDrain<T>(drain: () => Promise<T>): Promise<T>;
}

/** `elsewhere`: requests in flight in other processes of the pod. */
export function createTraffic(elsewhere: () => number = () => 0): Traffic {
  let inFlight = 0;
  let drains = 0;
  return {
    get inFlight() {
      return inFlight + elsewhere();
    },
    get drains() {
      return drains;
    },
    async during(answer) {
      inFlight += 1;
      try {
        return await answer();
      } finally {
        inFlight -= 1;
      }
    },
    async duringDrain(drain) {
      drains += 1;
      try {
        return await drain();
      } finally {
        drains -= 1;
      }
    },
  };
}
