/** Ends the attempts that still run when the drain time of a pod has passed. */
export interface CutOff {
  readonly isOver: boolean;
  /** Calls each `onCut` that was added and not removed; later attempts end at once. */
  cut(): void;
  add(onCut: () => void): void;
  remove(onCut: () => void): void;
}

export function createCutOff(): CutOff {
  const running = new Set<() => void>();
  let isOver = false;
  return {
    get isOver() {
      return isOver;
    },
    cut: () => {
      isOver = true;
      for (const onCut of running) onCut();
    },
    add: (onCut) => void running.add(onCut),
    remove: (onCut) => void running.delete(onCut),
  };
}
