import type { Content } from '../contracts/content.ts';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import type { CallFacts, CallName, CallOf, PatchCall } from './call-table.ts';

/** One call on its way to the destination. */
export interface Call {
  readonly name: CallName;
  readonly facts: CallFacts;
  /** What it is about; '' where it is about nothing in particular. */
  readonly key: RelPath;
  /** The caller's. For the calls of an open patch, that of its `begin`. */
  readonly signal: AbortSignal | undefined;
  /** What it stores, where it stores a Content. */
  readonly content: Content | undefined;
  /** How many bytes it stores, where they are at hand. */
  readonly byteCount: number;
}

/** What a layer puts in place of the caller's arguments. */
export interface Replacement {
  readonly signal?: AbortSignal;
  readonly content?: Content;
}

/** Makes the call at the layer below; may be asked again. */
export type Next<Answer> = (replacement?: Replacement) => Answer;

/** Calls that a layer carries out in its own way, by name. */
export type OwnCalls = { readonly [N in Exclude<CallName, PatchCall>]?: CallOf<N> };

/**
 * What one layer does with every call. `wrapDestination` applies it to each operation and capability that the destination has, so
 * that a layer treats kinds of calls and cannot forget one.
 */
export interface Layer {
  /** Whether it has to do with calls of this name at all; those it does not touch pass at no cost. */
  touches(name: CallName): boolean;
  /** A call that answers once. */
  answer<T>(call: Call, next: Next<Promise<T>>): Promise<T>;
  /** A call that answers with a stream. */
  stream<T>(call: Call, next: Next<AsyncIterable<T>>): AsyncIterable<T>;
  /** Calls that need more than that; only those that the destination has are used. */
  own?(inner: Destination): OwnCalls;
}
