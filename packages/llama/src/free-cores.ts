import { availableParallelism, cpus } from "node:os";

// Processor times are counted in steps of 10 ms, so a shorter window would say little.
const windowMs = 200;
// A core that others use this little still counts as free.
const tolerance = 0.2;

interface Sample {
  timeMs: number;
  /** Processor time that all processes of the machine have used, summed over its cores. */
  busyMs: number;
  /** What of it was ours. */
  ownMs: number;
}

/**
 * Measures how many cores other processes leave free.
 *
 * The engine's threads wait for each other by spinning. One that has to share its core holds up the others for a whole
 * time slice at every step: two threads on a busy machine with two cores take 100 times as long as one.
 */
export class FreeCores {
  #last = takeSample();
  #free = 1;

  /** Whole cores, at least 1, averaged since the last measurement; 1 until there is one. */
  count(): number {
    if (performance.now() - this.#last.timeMs >= windowMs) {
      const now = takeSample();
      const othersMs = now.busyMs - this.#last.busyMs - (now.ownMs - this.#last.ownMs);
      const others = othersMs / (now.timeMs - this.#last.timeMs);
      this.#free = Math.max(1, Math.floor(availableParallelism() - others + tolerance));
      this.#last = now;
    }
    return this.#free;
  }
}

function takeSample(): Sample {
  let busyMs = 0;
  for (const { times } of cpus()) {
    busyMs += times.user + times.nice + times.sys + times.irq;
  }
  const own = process.cpuUsage();
  return { timeMs: performance.now(), busyMs, ownMs: (own.user + own.system) / 1000 };
}
