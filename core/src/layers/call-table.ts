import type { DestinationCapabilities, Patch } from '../contracts/capabilities.ts';
import type { Destination } from '../contracts/destination.ts';

type AnyCall = (...args: never[]) => unknown;
/** The names of an interface's methods; its plain values and symbols are left out. */
type MethodName<T> = { [M in keyof T]-?: NonNullable<T[M]> extends AnyCall ? M : never }[keyof T] & string;
type CapabilityName = keyof DestinationCapabilities;
type Capability<C extends CapabilityName> = NonNullable<DestinationCapabilities[C]>;

/** The operations that every destination has. */
export type OperationCall = MethodName<Destination>;
type CapabilityCall = {
  [C in CapabilityName]-?: Capability<C> extends AnyCall ? C : `${C}.${MethodName<Capability<C>>}`;
}[CapabilityName];
/** A call of the patch that `patch.begin` answered. */
export type PatchCall = `patch.${MethodName<Patch>}`;

/** Every call that can reach a destination: its operations, the functions of its capabilities, and the calls of an open patch. */
export type CallName = OperationCall | CapabilityCall | PatchCall;

/** The function that a name stands for. */
export type CallOf<N extends CallName> = N extends OperationCall
  ? Destination[N]
  : N extends CapabilityName
    ? Capability<N>
    : N extends `patch.${infer M extends MethodName<Patch>}`
      ? Patch[M]
      : N extends `${infer C extends CapabilityName}.${infer M}`
        ? M extends keyof Capability<C>
          ? Capability<C>[M]
          : never
        : never;

/** What layers need to know of a call. */
export interface CallFacts {
  /** `answer`: a promise. `stream`: an async iterable. */
  readonly shape: 'answer' | 'stream';
  /** Whether it may change what the destination holds. */
  readonly effect: 'query' | 'change';
  /** Which argument is the key that it is about; absent where it is about none. */
  readonly key?: number;
  /** Which argument is its CallOptions; the calls of an open patch have none. */
  readonly options?: number;
  /** Which argument is the Content that it stores. */
  readonly content?: number;
  /** Which argument is bytes that it stores. */
  readonly bytes?: number;
  /** Its answer is a handle that goes on using the signal: no layer may put its own in place of it. */
  readonly keepsSignal?: true;
}

type FactsOf<N extends CallName> = CallFacts & {
  readonly shape: ReturnType<CallOf<N>> extends AsyncIterable<unknown> ? 'stream' : 'answer';
};

const query = { shape: 'answer', effect: 'query', key: 0, options: 1 } as const;
const change = { shape: 'answer', effect: 'change', key: 0, options: 1 } as const;
const listing = { shape: 'stream', effect: 'query', key: 0, options: 1 } as const;

/**
 * Facts of every call. A capability or method that is added to the contracts and not here does not compile; one that is not here
 * is not passed on by any layer.
 */
export const callTable: { readonly [N in CallName]: FactsOf<N> } = {
  'stat': query,
  'read': listing,
  'write': { ...change, content: 1, options: 2 },
  'flush': { shape: 'answer', effect: 'change', options: 0 },
  'remove': change,
  'list': listing,
  'directories.create': change,
  'directories.scan': listing,
  'metadata.apply': { ...change, options: 3 },
  'metadata.read': query,
  'links.symlink': { ...change, options: 2 },
  'links.hardLink': { ...change, key: 1, options: 2 },
  'special.create': { ...change, options: 2 },
  'move': { ...change, options: 2 },
  'copy': { ...change, key: 1, options: 2 },
  'cloneFrom': { ...change, key: 1, options: 2 },
  'extents': listing,
  'patch.begin': { ...change, options: 2, keepsSignal: true },
  'patch.writeAt': { shape: 'answer', effect: 'change', bytes: 1 },
  'patch.setSize': { shape: 'answer', effect: 'change' },
  'patch.commit': { shape: 'answer', effect: 'change' },
  'patch.discard': { shape: 'answer', effect: 'change' },
  'digests.compute': { ...query, options: 2 },
  'createOnly.create': { ...change, content: 1, options: 2 },
  'retention.protectUntil': { ...change, options: 2 },
  'usage.usage': { shape: 'answer', effect: 'query', options: 0 },
  'lock.acquire': { ...change, options: 2, keepsSignal: true },
  'batch.run': { shape: 'stream', effect: 'change', options: 1 },
  'packedBatch.run': { shape: 'stream', effect: 'change', options: 1 },
  'contentBatch.run': { shape: 'stream', effect: 'change', options: 1 },
};

/** Every call name. */
export const callNames = Object.keys(callTable) as readonly CallName[];
