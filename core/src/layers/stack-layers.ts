import type { Destination } from '../contracts/destination.ts';
import type { Verifier } from '../contracts/verifier.ts';
import type { Clock } from '../environment/clock.ts';
import type { Random } from '../environment/random.ts';
import { writeAtomically } from './atomic-write.ts';
import type { Bandwidth } from './bandwidth/bandwidth.ts';
import { bandwidthLayer } from './bandwidth/bandwidth-layer.ts';
import { connectionLayer } from './connections/connection-layer.ts';
import { ConnectionLimit } from './connections/connection-limit.ts';
import { dryRunLayer } from './dry-run.ts';
import { type Fence, fenceLayer } from './fence.ts';
import type { Layer } from './layer.ts';
import { Retrier, type RetryOptions, defaultRetry } from './retry/retrier.ts';
import { retryLayer } from './retry/retry-layer.ts';
import { defaultStall, stallLayer, type StallOptions } from './stall.ts';
import { traceLayer, type TraceSink } from './trace.ts';
import { verifiedLayer } from './verified/verified-layer.ts';
import { wrapDestination } from './wrap-destination.ts';

export interface LayerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** In the names of what is not finished yet. */
  readonly runId: string;
  /** Nothing is to be changed. */
  readonly dryRun?: boolean;
  /** Tells when the destination's lock is lost. */
  readonly fence?: Fence;
  /** Proves every write. */
  readonly verifier?: Verifier;
  /** Give the destinations of one task the same `budget`. */
  readonly retry?: Partial<RetryOptions>;
  /** Calls at once, where fewer than the destination serves; or the limit that tasks at the same destination share. */
  readonly connections?: ConnectionLimit | number;
  /** Shared by all running tasks. */
  readonly bandwidth?: Bandwidth;
  readonly stall?: Partial<StallOptions>;
  readonly trace?: TraceSink;
}

/**
 * A plugin's destination as everybody else uses it. A call passes, outermost first: dry run, fence, atomic write, verified, retry,
 * connection limit, bandwidth, stall, fence, trace, plugin. The fence is asked a second time right before the plugin, since a call
 * may have waited long in between. Throws `unsupported` for a destination that can neither replace in one step nor move.
 */
export function stackLayers(plugin: Destination, options: LayerOptions): Destination {
  const { clock, random, runId, fence, verifier, bandwidth, trace } = options;
  const retrier = new Retrier({ ...defaultRetry(), ...options.retry }, clock, random);
  const inner: readonly (Layer | undefined)[] = [
    trace && traceLayer(plugin.traits.displayName, trace, clock),
    fence && fenceLayer(fence),
    stallLayer({ ...defaultStall, ...options.stall }, clock),
    bandwidth && bandwidthLayer(bandwidth),
    connectionLayer(connectionLimit(plugin, options)),
    retryLayer(retrier),
    verifier && verifiedLayer(verifier, retrier),
  ];
  const whole = wrapAll(plugin, inner);
  const atomic = plugin.traits.atomicReplace ? whole : writeAtomically(whole, runId);
  return wrapAll(atomic, [fence && fenceLayer(fence), options.dryRun === true ? dryRunLayer : undefined]);
}

/** The first layer is the innermost. */
function wrapAll(destination: Destination, layers: readonly (Layer | undefined)[]): Destination {
  return layers.reduce<Destination>((inner, layer) => (layer === undefined ? inner : wrapDestination(inner, layer)), destination);
}

function connectionLimit({ traits }: Destination, { connections, clock }: LayerOptions): ConnectionLimit {
  if (connections instanceof ConnectionLimit) return connections;
  return new ConnectionLimit(Math.min(traits.maxConnections, connections ?? traits.maxConnections), clock);
}
