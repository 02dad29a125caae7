/**
 * Tells which rows lie on another device than their directory: what a manifest keeps (`RowFlag.otherDevice`) in place of device
 * numbers, which change when a disk is mounted again.
 */
export class DeviceBoundaries {
  readonly #devices: bigint[] = [];

  /** Whether the entry is such a row. To be asked for every entry in tree order, at least for every directory above one that is asked for. */
  isCrossedBy(depth: number, device: bigint): boolean {
    this.#devices[depth] = device;
    return depth > 0 && this.#devices[depth - 1] !== device;
  }
}
