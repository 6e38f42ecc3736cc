/** Requests that wait for their answer, of one pod. */
export interface Traffic {
  readonly inFlight: number;
  /** Counts a request from now until it has its answer. */
  during<T>(answer: () => Promise<T>): Promise<T>;
}

export function createTraffic(): Traffic {
  let inFlight = 0;
  return {
    get inFlight() {
      return inFlight;
    },
    async during(answer) {
      inFlight += 1;
      try {
        return await answer();
      } finally {
        inFlight -= 1;
      }
    },
  };
}
