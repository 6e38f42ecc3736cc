/** Ends the attempts that still run when the drain time of a pod has passed. */
export interface CutOff {
  readonly isOver: boolean;
  /** Calls each `onCut` that was added and not removed; later attempts end at once. */
  cut(): void;
  /** Returns the place of `onCut`, for {@link remove}. */
  add(onCut: () => void): number;
  remove(place: number): void;
}

/**
 * Places are used again. A Set would hold on to the requests of the last seconds: V8 keeps what was in its outgrown tables until
 * it collects all garbage.
 */
export function createCutOff(): CutOff {
  const running: ((() => void) | undefined)[] = [];
  const free: number[] = [];
  let isOver = false;
  return {
    get isOver() {
      return isOver;
    },
    cut: () => {
      isOver = true;
      for (const onCut of running) onCut?.();
    },
    add: (onCut) => {
      const place = free.pop() ?? running.length;
      running[place] = onCut;
      return place;
    },
    remove: (place) => {
      running[place] = undefined;
      free.push(place);
    },
  };
}
