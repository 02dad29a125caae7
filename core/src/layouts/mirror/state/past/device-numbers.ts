import { type ManifestBlock, RowFlag } from '../manifest/manifest-block.ts';

interface Device {
  /** Depth of the row where it begins. */
  readonly depth: number;
  readonly number: bigint;
}

/**
 * Gives the entries of a state device numbers that tell its devices apart, since inodes of one number on two devices are two files. The
 * root's is 0; each row with `otherDevice` begins a new one for itself and what is below it.
 */
export class DeviceNumbers {
  readonly #above: Device[] = [];
  #count = 0n;

  /** The devices of a block's rows; undefined where all are on the root's. To be asked for every block of a state in order. */
  of(block: ManifestBlock): BigUint64Array | undefined {
    if (this.#above.length === 0 && !block.rowFlags.some((flags) => (flags & RowFlag.otherDevice) !== 0)) return undefined;
    const devices = new BigUint64Array(block.count);
    const names = new DataView(block.names.buffer, block.names.byteOffset, block.names.byteLength);
    let at = 0;
    for (let index = 0; index < block.count; index++) {
      devices[index] = this.#enter(names.getUint16(at, true), block.rowFlags[index] ?? 0);
      at += names.getUint16(at + 2, true) + 4;
    }
    return devices;
  }

  #enter(depth: number, flags: number): bigint {
    while ((this.#above.at(-1)?.depth ?? -1) >= depth) this.#above.pop();
    if ((flags & RowFlag.otherDevice) !== 0) this.#above.push({ depth, number: ++this.#count });
    return this.#above.at(-1)?.number ?? 0n;
  }
}
