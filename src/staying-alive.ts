/**
 * Keeps the process alive while something runs. The timers of the parts below keep none alive, so where nothing else is
 * open the loop runs empty, and Node ends: the last steps are cut off without a word.
 */
export async function stayingAlive<T>(run: () => Promise<T>): Promise<T> {
  const alive = setInterval(() => {}, 1_000);
  try {
    return await run();
  } finally {
    clearInterval(alive);
  }
}
