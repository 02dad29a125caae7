/** Pairs of an inode number and a plan position, compact: 16 bytes each. */
export class InodeList {
  length = 0;
  #inodes = new BigUint64Array(256);
  #positions = new Float64Array(256);

  add(ino: bigint, position: number): void {
    if (this.length === this.#inodes.length) this.#grow();
    this.#inodes[this.length] = ino;
    this.#positions[this.length] = position;
    this.length++;
  }

  *[Symbol.iterator](): Generator<readonly [ino: bigint, position: number]> {
    for (let i = 0; i < this.length; i++) yield [this.#inodes[i] ?? 0n, this.#positions[i] ?? 0];
  }

  #grow(): void {
    const inodes = new BigUint64Array(this.length * 2);
    const positions = new Float64Array(this.length * 2);
    inodes.set(this.#inodes);
    positions.set(this.#positions);
    this.#inodes = inodes;
    this.#positions = positions;
  }
}
