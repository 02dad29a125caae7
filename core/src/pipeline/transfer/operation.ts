import type { Content } from '../../contracts/content.ts';
import type { Entry } from '../../contracts/entry.ts';
import type { RelPath } from '../../contracts/rel-path.ts';

interface OperationBase {
  /** Position of the plan's record. */
  readonly id: number;
  readonly key: RelPath;
}

/**
 * What the pipeline asks of a destination: the operations of a batch (contracts/batch.ts), with content that may also come from
 * elsewhere than this machine. `runOperations` finds the quickest way that the destination has.
 */
export type Operation =
  | (OperationBase & { readonly op: 'store'; readonly entry: Entry; readonly content: Content; readonly displaceTo?: RelPath })
  | (OperationBase & {
      readonly op: 'link';
      readonly existing: RelPath;
      readonly entry: Entry;
      readonly content: Content;
      readonly displaceTo?: RelPath;
    })
  | (OperationBase & { readonly op: 'metadata'; readonly entry: Entry; readonly content: Content })
  | (OperationBase & { readonly op: 'move'; readonly to: RelPath; readonly displaceTo?: RelPath })
  | (OperationBase & { readonly op: 'remove' })
  | (OperationBase & {
      readonly op: 'compare';
      readonly entry: Entry;
      readonly content: Content;
      readonly what: 'content' | 'metadata';
    })
  | (OperationBase & { readonly op: 'inspect'; readonly digest?: 'blake3' });

export type OperationOf<Name extends Operation['op']> = Extract<Operation, { op: Name }>;
