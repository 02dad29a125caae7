import koffi from 'koffi';

/**
 * A pointer argument of a system call: bytes, an address (see {@link NativeBuffer}), or NULL.
 * A name must end with a zero byte. An address is not checked by anything: pass only one computed from a live `NativeBuffer`.
 */
export type Pointer = Uint8Array | number | null;

/**
 * Memory that does not move, with its address, so that hot code can point into the middle of it without allocating a view:
 * `statx(fd, names.address + offset, …)` costs what `statx(fd, buffer, …)` costs, `names.bytes.subarray(offset)` 350 ns more.
 * The memory lives as long as this object: keep it in a field or a module variable while its address is in use.
 */
export class NativeBuffer {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly address: number;

  /** @param size bytes, zeroed */
  constructor(size: number) {
    // An explicit ArrayBuffer is never placed on the moving heap, as a small typed array would be.
    this.bytes = Buffer.from(new ArrayBuffer(size));
    this.address = Number(koffi.address(this.bytes));
  }
}
