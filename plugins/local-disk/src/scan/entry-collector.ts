import type { EntryBlock } from '@holdfast/core/plugin';

/** One entry of a block: its bytes of each column. */
export interface PackedEntry {
  readonly depth: number;
  /** A directory that takes part only when something below it does. */
  readonly isDeferred: boolean;
  readonly name: Uint8Array;
  readonly stat: Uint8Array;
  readonly target: Uint8Array;
  readonly device: bigint;
}

/** Makes blocks of packed entries. */
export class EntryCollector {
  #entries: PackedEntry[] = [];

  get count(): number {
    return this.#entries.length;
  }

  add(entry: PackedEntry): void {
    this.#entries.push(entry);
  }

  /** The block of what was added; there must be something. */
  finish(): EntryBlock {
    const entries = this.#entries;
    this.#entries = [];
    const device = entries[0]?.device ?? 0n;
    const mixed = entries.some((entry) => entry.device !== device);
    return {
      count: entries.length,
      names: Buffer.concat(entries.map(({ name }) => name)),
      stats: Buffer.concat(entries.map(({ stat }) => stat)),
      targets: Buffer.concat(entries.map(({ target }) => target)),
      device,
      ...(mixed ? { devices: BigUint64Array.from(entries, (entry) => entry.device) } : {}),
    };
  }
}
