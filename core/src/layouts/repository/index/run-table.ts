/** Words of a run: its first entry, its pack with its kind in the lowest bit, and the offset of its first entry. */
const WORDS = 3;
/** So that the offset of an entry is found by adding up few lengths. */
const LONGEST = 256;

export interface Run {
  readonly first: number;
  /** The entry after its last. */
  readonly end: number;
  readonly packNumber: number;
  readonly kind: number;
  readonly offset: number;
}

/** Which pack the entries of an index belong to: runs of entries that follow each other in a pack without a gap. */
export class RunTable {
  #words = new Uint32Array(WORDS * 64);
  #count = 0;
  #entries = 0;
  #packNumber = -1;
  /** What would go on the last run. */
  #nextOffset = -1;
  #lastKind = -1;
  #inRun = 0;

  get bytes(): number {
    return this.#words.byteLength;
  }

  /** Entries that are added now are of this pack. */
  begin(packNumber: number): void {
    this.#packNumber = packNumber;
    this.#nextOffset = -1;
  }

  /** Adds the entry `entry`, which follows the one added before. */
  add(entry: number, kind: number, offset: number, length: number): void {
    if (offset !== this.#nextOffset || kind !== this.#lastKind || this.#inRun === LONGEST) {
      this.#append(entry, kind, offset);
      this.#inRun = 0;
    }
    this.#nextOffset = offset + length;
    this.#lastKind = kind;
    this.#inRun++;
    this.#entries = entry + 1;
  }

  /** The number of the run that holds an entry. */
  find(entry: number): number {
    let [low, high] = [0, this.#count - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#words[middle * WORDS] as number) <= entry) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  read(run: number): Run {
    const [first, pack, offset] = this.#words.subarray(run * WORDS, (run + 1) * WORDS) as unknown as [number, number, number];
    const end = run + 1 < this.#count ? (this.#words[(run + 1) * WORDS] as number) : this.#entries;
    return { first, end, packNumber: pack >>> 1, kind: pack & 1, offset };
  }

  /** Packs by their numbers, each with its runs. Runs of a pack are together unless it was added in parts. */
  *byPack(): Generator<{ readonly packNumber: number; readonly runs: number[] }> {
    const parts = this.#laterParts();
    let lastPack = -1;
    for (let run = 0; run < this.#count; ) {
      const { packNumber } = this.read(run);
      const runs: number[] = [];
      for (; run < this.#count && this.read(run).packNumber === packNumber; run++) runs.push(run);
      if (packNumber > lastPack) yield { packNumber, runs: [...runs, ...(parts.get(packNumber) ?? [])] };
      lastPack = Math.max(lastPack, packNumber);
    }
  }

  /** Packs are numbered as they come, so a run of an earlier pack after one of a later is a part that came later. */
  #laterParts(): Map<number, number[]> {
    const parts = new Map<number, number[]>();
    let lastPack = -1;
    for (let run = 0; run < this.#count; run++) {
      const { packNumber } = this.read(run);
      if (packNumber < lastPack) parts.set(packNumber, [...(parts.get(packNumber) ?? []), run]);
      lastPack = Math.max(lastPack, packNumber);
    }
    return parts;
  }

  #append(entry: number, kind: number, offset: number): void {
    if ((this.#count + 1) * WORDS > this.#words.length) {
      const grown = new Uint32Array(Math.ceil((this.#words.length / WORDS) * 1.125 + 64) * WORDS);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words.set([entry, (this.#packNumber << 1) | kind, offset], this.#count * WORDS);
    this.#count++;
  }
}
