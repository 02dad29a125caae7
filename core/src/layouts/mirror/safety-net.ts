import type { CallOptions } from '../../contracts/call-options.ts';
import type { Destination } from '../../contracts/destination.ts';
import type { RelPath } from '../../contracts/rel-path.ts';
import type { Clock } from '../../environment/clock.ts';
import { listArchives } from './state/archive/archive-folders.ts';
import type { KeepRule } from './state/archive/keep-rules.ts';
import { pruneArchive } from './state/archive/prune-archive.ts';
import { collectGarbage } from './state/chain/collect-garbage.ts';
import { readHistory } from './state/chain/mirror-history.ts';
import type { MirrorRecord } from './state/records/mirror-record.ts';
import { displacedKey } from './state/state-keys.ts';

export interface SafetyNetOptions {
  readonly destination: Destination;
  readonly mirror: MirrorRecord | undefined;
  /** What this run replaces and deletes is kept. */
  readonly isOn: boolean;
  readonly rules: readonly KeepRule[];
  readonly runId: string;
  readonly clock: Clock;
}

/** Where a mirror keeps what its runs replace and delete: `.holdfast/archive/<run>/full/path`. */
export class SafetyNet {
  readonly isOn: boolean;
  readonly #options: SafetyNetOptions;

  constructor(options: SafetyNetOptions) {
    this.isOn = options.isOn;
    this.#options = options;
  }

  /** Where what is at `path` goes in this run; undefined when nothing is kept. */
  displacedKey(path: RelPath): RelPath | undefined {
    return this.isOn ? displacedKey(this.#options.runId, path) : undefined;
  }

  /** Gives up what the rules do not keep any longer, and the records that only it needed. Never what this run displaces. */
  async prune(options: CallOptions): Promise<void> {
    await this.#prune(this.#options.rules, options);
    const { mirror, destination, clock, runId, rules } = this.#options;
    if (mirror === undefined) return;
    const history = await readHistory(destination, mirror, options);
    const ages = rules.flatMap((rule) => (rule.kind === 'age' ? [rule.ms] : []));
    const keepSince = ages.length === 0 ? undefined : new Date(clock.now().getTime() - Math.max(...ages));
    await collectGarbage({ destination, history, keepSince, runningRunId: runId }, options);
  }

  /** Gives up the oldest folders until so many more bytes are free; false when there was none to give up. */
  async makeRoom(bytes: bigint, options: CallOptions): Promise<boolean> {
    const usage = await this.#options.destination.capabilities.usage?.usage(options);
    return this.#prune([{ kind: 'free', bytes: (usage?.freeBytes ?? 0n) + (bytes > 0n ? bytes : 1n) }], options);
  }

  /** Bytes that giving up everything would free. */
  async reclaimable(options: CallOptions): Promise<bigint> {
    const { mirror, destination } = this.#options;
    if (mirror === undefined) return 0n;
    const archives = await listArchives(destination, await readHistory(destination, mirror, options), options);
    return archives.reduce((sum, { bytes }) => sum + bytes, 0n);
  }

  async #prune(rules: readonly KeepRule[], options: CallOptions): Promise<boolean> {
    const { mirror, destination, clock, runId } = this.#options;
    if (mirror === undefined) return false;
    const history = await readHistory(destination, mirror, options);
    const pruned = await pruneArchive({ destination, history, rules, now: clock.now(), protectedRunId: runId }, options);
    return pruned.length > 0;
  }
}
