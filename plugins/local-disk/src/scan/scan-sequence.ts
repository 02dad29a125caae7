import type { EntryBlock } from '@holdfast/core/plugin';
import { type Hole, isHole, type ScanPart } from './scan-protocol.ts';

/** The place of holes that a task is filling. */
export interface Slot {
  part: ScanPart | undefined;
  next: Slot | undefined;
}

/** Everything of a scan that the consumer has not had, in tree order: blocks, holes, and slots for holes that a task is filling. */
export class ScanSequence {
  #first: Slot | undefined;
  /** Bytes of the blocks that wait. */
  bytes = 0;

  constructor(hole: Hole) {
    this.#first = { part: hole, next: undefined };
  }

  get done(): boolean {
    return this.#first === undefined;
  }

  /** Whether nothing can be consumed until somebody fills the first hole. */
  get startsWithHole(): boolean {
    const part = this.#first?.part;
    return part !== undefined && isHole(part);
  }

  /** Removes the first part if it is a block. */
  takeBlock(): EntryBlock | undefined {
    const part = this.#first?.part;
    if (part === undefined || isHole(part)) return undefined;
    this.#first = this.#first?.next;
    this.bytes -= sizeOf(part);
    return part;
  }

  /** The hole that is needed first and those right after it, up to `weight` in all; they become one slot. */
  takeHoles(weight: number, weigh: (hole: Hole) => number): { slot: Slot; holes: Hole[] } | undefined {
    let slot = this.#first;
    while (slot !== undefined && !(slot.part !== undefined && isHole(slot.part))) slot = slot.next;
    if (slot === undefined) return undefined;
    const first = slot.part as Hole;
    const holes = [first];
    let sum = weigh(first);
    for (let next = slot.next; next?.part !== undefined && isHole(next.part); next = next.next) {
      sum += weigh(next.part);
      if (sum > weight) break;
      holes.push(next.part);
      slot.next = next.next;
    }
    slot.part = undefined;
    return { slot, holes };
  }

  /** Puts what a task found in place of its slot. */
  fill(slot: Slot, parts: readonly ScanPart[]): void {
    const [first, ...rest] = parts;
    if (first === undefined) return this.#remove(slot);
    slot.part = first;
    let last = slot;
    for (const part of rest) {
      last.next = { part, next: last.next };
      last = last.next;
    }
    for (const part of parts) if (!isHole(part)) this.bytes += sizeOf(part);
  }

  #remove(slot: Slot): void {
    if (slot === this.#first) {
      this.#first = slot.next;
      return;
    }
    let before = this.#first;
    while (before !== undefined && before.next !== slot) before = before.next;
    if (before !== undefined) before.next = slot.next;
  }
}

function sizeOf(block: EntryBlock): number {
  return block.names.length + block.stats.length + block.targets.length + (block.devices?.byteLength ?? 0);
}
