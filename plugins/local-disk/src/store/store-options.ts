import type { DigestAlgorithm } from '@holdfast/core/plugin';

/** What of an entry is to be kept. */
export interface Preserve {
  readonly owner: boolean;
  readonly xattrs: boolean;
}

/** How a long copy stays in touch with who asked for it. */
export interface CopyControl {
  /** Called before each piece; throws when the copy is to stop. */
  readonly check: () => void;
  /** Called as bytes have moved; may wait until the bandwidth limit allows more. */
  readonly moved: (bytes: number) => void;
}

export interface StoreOptions {
  readonly preserve: Preserve;
  readonly digest?: DigestAlgorithm;
  readonly control: CopyControl;
}
