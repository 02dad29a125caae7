import { compileSelection, decodeText, encodeText, type Selection, type SelectionAnswer } from '@holdfast/core/plugin';
import { type DirectoryMarkers, markersOf } from './marked-directory.ts';

/** A selection for the scan threads: asked with bytes. Loaded only for scans that leave something out. */
export class SelectionFilter {
  readonly markers: DirectoryMarkers | undefined;
  /** Whether `decide` must be asked. */
  readonly hasRules: boolean;
  readonly #compiled;
  readonly #largest: number;
  #directory = '';

  constructor(selection: Selection) {
    this.#compiled = compileSelection(selection);
    this.hasRules = !this.#compiled.trivial;
    this.markers = markersOf(selection, encodeText);
    this.#largest = Number(selection.excludeLargerThan ?? Number.MAX_SAFE_INTEGER);
  }

  /** The directory that the following names are in. */
  enter(path: Uint8Array): void {
    this.#directory = path.length === 0 ? '' : `${decodeText(path)}/`;
  }

  decide(name: Uint8Array, isDirectory: boolean): SelectionAnswer {
    return this.#compiled.decide(this.#directory + decodeText(name), isDirectory);
  }

  isTooLarge(size: number): boolean {
    return size > this.#largest;
  }
}
