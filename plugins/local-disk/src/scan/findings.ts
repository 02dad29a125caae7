import type { BlockPacker } from './block-packer.ts';
import type { Hole, PathSkip, ScanPart, ScanResponse } from './scan-protocol.ts';

/** What a task has found so far: the response in the making. */
export class Findings {
  readonly parts: ScanPart[] = [];
  readonly skips: PathSkip[] = [];
  readonly leftovers: Uint8Array[] = [];
  excluded = 0;
  entryCount = 0;
  directoryCount = 0;
  readonly #packer: BlockPacker;

  constructor(packer: BlockPacker) {
    this.#packer = packer;
  }

  /** Leaves a hole behind the entries that were packed. */
  leave(hole: Hole): void {
    this.finishBlock();
    this.parts.push(hole);
  }

  finishBlock(): void {
    const block = this.#packer.finish();
    if (block !== undefined) this.parts.push(block);
  }

  response(): ScanResponse {
    const { parts, skips, leftovers, excluded, entryCount, directoryCount } = this;
    return { parts, skips, leftovers, excluded, entryCount, directoryCount };
  }
}
