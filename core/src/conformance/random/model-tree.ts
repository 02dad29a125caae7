import type { RelPath } from '../../contracts/rel-path.ts';
import { isWithin, parentPath } from '../../paths/rel-path.ts';
import { patternBytes } from '../pattern.ts';
import type { Step } from './step.ts';

/** What is at a name: bytes of a file, or a directory. */
export type ModelNode = Uint8Array | 'directory';

/** What a destination should hold, in the simplest form that can be thought of. */
export class ModelTree {
  readonly nodes = new Map<string, ModelNode>();
  readonly #hasDirectories: boolean;

  constructor(hasDirectories: boolean) {
    this.#hasDirectories = hasDirectories;
  }

  /** Does a step, or changes nothing and answers `refused` where a destination must reject it; `either` where it may. */
  apply(step: Step): 'done' | 'refused' | 'either' {
    switch (step.op) {
      case 'write':
        return this.#put(step.name, patternBytes(step.seed, 0n, step.size));
      case 'failing write':
        return 'refused';
      case 'create':
        if (this.#hasDirectories && this.#blocked(step.name)) return 'refused';
        if (this.nodes.get(step.name) === 'directory') return 'either';
        return this.nodes.has(step.name) ? 'done' : this.#put(step.name, patternBytes(step.seed, 0n, step.size));
      case 'patch':
        return this.#patch(step);
      case 'remove':
        return this.#remove(step.name);
      case 'make directory':
        if (this.nodes.get(step.name) instanceof Uint8Array || this.#blocked(step.name)) return 'refused';
        this.#makeParents(`${step.name}/x`);
        return 'done';
      case 'move':
        return this.#move(step.name, step.to);
      case 'copy':
      case 'hard link':
        return this.#copy(step.op, step.name, step.to);
      default:
        return step satisfies never;
    }
  }

  #put(name: string, bytes: Uint8Array): 'done' | 'refused' {
    if (this.nodes.get(name) === 'directory' || this.#blocked(name)) return 'refused';
    this.#makeParents(name);
    this.nodes.set(name, bytes);
    return 'done';
  }

  #patch({ name, seed, size, offset }: Step & { op: 'patch' }): 'done' | 'refused' {
    const base = this.nodes.get(name);
    if (!(base instanceof Uint8Array)) return 'refused';
    const bytes = new Uint8Array(size === 0 ? base.length : Math.max(base.length, offset + size));
    bytes.set(base);
    if (size > 0) bytes.set(patternBytes(seed, BigInt(offset), size), offset);
    return this.#put(name, bytes);
  }

  #remove(name: string): 'done' | 'refused' {
    if (this.nodes.get(name) === 'directory' && this.#below(name).length > 0) return 'refused';
    this.nodes.delete(name);
    return 'done';
  }

  #move(from: string, to: string): 'done' | 'refused' {
    const node = this.nodes.get(from);
    if (node === undefined) return 'refused';
    if (from === to) return 'done';
    const held = this.nodes.get(to);
    if (this.#hasDirectories && (isWithin(to as RelPath, from as RelPath) || this.#blocked(to))) return 'refused';
    if (held !== undefined && (held === 'directory') !== (node === 'directory')) return 'refused';
    if (held === 'directory' && this.#below(to).length > 0) return 'refused';
    this.#makeParents(to);
    const moved = node === 'directory' ? [from, ...this.#below(from)] : [from];
    for (const name of moved) {
      this.nodes.set(to + name.slice(from.length), this.nodes.get(name) as ModelNode);
      this.nodes.delete(name);
    }
    return 'done';
  }

  #copy(op: 'copy' | 'hard link', name: string, to: string): 'done' | 'refused' {
    const node = this.nodes.get(name);
    if (!(node instanceof Uint8Array) || (op === 'hard link' && this.nodes.has(to))) return 'refused';
    return this.#put(to, node);
  }

  #below(name: string): string[] {
    return [...this.nodes.keys()].filter((each) => each.startsWith(`${name}/`));
  }

  /** Whether a file is where a directory on the way would have to be. */
  #blocked(name: string): boolean {
    if (!this.#hasDirectories) return false;
    const parent = parentPath(name as RelPath);
    return parent !== '' && (this.nodes.get(parent) instanceof Uint8Array || this.#blocked(parent));
  }

  #makeParents(name: string): void {
    const parent = parentPath(name as RelPath);
    if (!this.#hasDirectories || parent === '') return;
    this.#makeParents(parent);
    this.nodes.set(parent, 'directory');
  }
}
