import type { Scope } from '../container/scope.ts';
import { defineToken } from '../container/token.ts';
import type { Destination } from '../contracts/destination.ts';
import { Bandwidth } from '../layers/bandwidth/bandwidth.ts';
import type { Fence } from '../layers/fence.ts';
import type { RetryOptions } from '../layers/retry/retrier.ts';
import { RetryBudget } from '../layers/retry/retry-budget.ts';
import { type LayerOptions, stackLayers } from '../layers/stack-layers.ts';
import type { TraceSink } from '../layers/trace.ts';
import { parseBandwidth } from '../values/parse-bandwidth.ts';
import { LockFence } from './lock-fence.ts';
import { tokens } from './tokens.ts';

/** How the lock of a destination is reached: past its limits of connections and bandwidth, which may be taken up for long. */
export interface LockAccess {
  readonly destination: Destination;
  readonly fence: LockFence;
}

/** Puts the layers around the destinations of one task, which share one retry budget and one limit of bandwidth. */
export class TaskLayers {
  readonly #scope: Scope;
  readonly #budget = new RetryBudget();
  readonly #bandwidths = new Map<string, Bandwidth>();
  readonly #locks = new WeakMap<Destination, LockAccess>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  /** @param bandwidth `2M` or a timetable; absent: no limit */
  wrap(plugin: Destination, bandwidth: string | undefined): Destination {
    // Where the system frees a lock with its process, nothing can be lost.
    if (plugin.capabilities.lock !== undefined) return stackLayers(plugin, this.#options(bandwidth));
    const fence = new LockFence();
    const destination = stackLayers(plugin, this.#options(bandwidth, fence));
    this.#locks.set(destination, { destination: stackLayers(plugin, this.#options(undefined, fence)), fence });
    return destination;
  }

  /** Of a destination that `wrap` answered; undefined where it has locks of its own. */
  lockAccess(destination: Destination): LockAccess | undefined {
    return this.#locks.get(destination);
  }

  #options(bandwidth: string | undefined, fence?: Fence): LayerOptions {
    const random = this.#scope.resolve(tokens.random);
    const trace = this.#trace();
    return {
      clock: this.#scope.resolve(tokens.clock),
      random,
      runId: random.hex(4),
      retry: this.#retry(),
      ...(fence && { fence }),
      ...(trace && { trace }),
      ...(bandwidth !== undefined && { bandwidth: this.#limit(bandwidth) }),
    };
  }

  #limit(written: string): Bandwidth {
    const limit = this.#bandwidths.get(written) ?? new Bandwidth(parseBandwidth(written), this.#scope.resolve(tokens.clock));
    this.#bandwidths.set(written, limit);
    return limit;
  }

  #retry(): Partial<RetryOptions> {
    const logger = this.#scope.resolve(tokens.logger);
    return {
      budget: this.#budget,
      onRetry: ({ call, key, error, waitMs, tries }) =>
        logger.info({ call, key, code: error.code, waitMs: Math.round(waitMs), tries }, 'a call failed and is tried again'),
    };
  }

  /** Calls are put together only where they are written. */
  #trace(): TraceSink | undefined {
    const logger = this.#scope.resolve(tokens.logger);
    return logger.level === 'trace' ? (record) => logger.trace(record, 'call') : undefined;
  }
}

const token = defineToken<TaskLayers>('task layers');

/** The layers of the task that a scope is of. */
export function taskLayers(scope: Scope): TaskLayers {
  if (!scope.has(token)) scope.provideShared(token, new TaskLayers(scope));
  return scope.resolve(token);
}
