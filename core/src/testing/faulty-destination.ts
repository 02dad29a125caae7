import type { CallOptions } from '../contracts/call-options.ts';
import type { Content } from '../contracts/content.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { DestinationCapabilities } from '../contracts/capabilities.ts';
import type { Destination, DestinationTraits, ObjectInfo, ReadOptions, WriteOptions } from '../contracts/destination.ts';
import { type Clock, systemClock } from '../environment/clock.ts';
import { wrapDestination } from '../layers/wrap-destination.ts';
import { FaultCounter } from './fault-counter.ts';
import { faultLayer } from './fault-layer.ts';
import type { CountedCall, FaultScript } from './fault-script.ts';

/**
 * A destination that fails as a script says. Without faults it only counts its calls, for sweeps:
 *
 * @example
 * const counting = new FaultyDestination(new MemoryDestination());
 * await run(counting);
 * for (let nth = 1; nth <= counting.calls.length; nth++) {
 *   const effect = { kind: 'error', code: 'write-failed' } as const;
 *   await run(new FaultyDestination(new MemoryDestination(), { faults: [{ call: '*', nth, times: 1, effect }] }));
 * }
 */
export class FaultyDestination implements Destination {
  readonly #counter: FaultCounter;
  readonly #wrapped: Destination;

  /** `clock` is what `slow` waits by. */
  constructor(inner: Destination, script: FaultScript = { faults: [] }, clock: Clock = systemClock) {
    this.#counter = new FaultCounter(script);
    this.#wrapped = wrapDestination(inner, faultLayer(this.#counter, clock));
  }

  /** Every call so far, in order. */
  get calls(): readonly CountedCall[] {
    return this.#counter.calls;
  }

  get traits(): DestinationTraits {
    return this.#wrapped.traits;
  }

  get capabilities(): DestinationCapabilities {
    return this.#wrapped.capabilities;
  }

  stat(key: RelPath, options: CallOptions): Promise<ObjectInfo | undefined> {
    return this.#wrapped.stat(key, options);
  }

  read(key: RelPath, options: ReadOptions): AsyncIterable<Uint8Array> {
    return this.#wrapped.read(key, options);
  }

  write(key: RelPath, content: Content, options: WriteOptions): Promise<ObjectInfo> {
    return this.#wrapped.write(key, content, options);
  }

  flush(options: CallOptions): Promise<void> {
    return this.#wrapped.flush(options);
  }

  remove(key: RelPath, options: CallOptions): Promise<void> {
    return this.#wrapped.remove(key, options);
  }

  list(prefix: RelPath, options: CallOptions): AsyncIterable<readonly ObjectInfo[]> {
    return this.#wrapped.list(prefix, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#wrapped[Symbol.asyncDispose]();
  }
}
