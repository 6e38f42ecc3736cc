/** The longest times in which nothing else ran in a process since it was last asked, ms. */
export interface LoopBlocks {
  take(): { readonly wallMs: number; readonly cpuMs: number };
  stop(): void;
}

/**
 * Looks at the clock every millisecond. A late look is a block, ours or the machine's: on one that others use too, the
 * time of the processor that this process took in between tells the two apart.
 */
export function watchLoop(): LoopBlocks {
  let [wallMs, cpuMs] = [0, 0];
  let [lastMs, lastCpuUs] = [performance.now(), cpuUs()];
  const timer = setInterval(() => {
    const [nowMs, nowCpuUs] = [performance.now(), cpuUs()];
    wallMs = Math.max(wallMs, nowMs - lastMs - 1);
    cpuMs = Math.max(cpuMs, Math.min(nowMs - lastMs, (nowCpuUs - lastCpuUs) / 1000) - 1);
    [lastMs, lastCpuUs] = [nowMs, nowCpuUs];
  }, 1);
  return {
    take: () => {
      const taken = { wallMs, cpuMs };
      [wallMs, cpuMs] = [0, 0];
      return taken;
    },
    stop: () => clearInterval(timer),
  };
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
