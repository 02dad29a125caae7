import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { type CallName, callNames, callTable } from '../layers/call-table.ts';
import { contentOf } from './byte-content.ts';
import { memoryTraits } from './memory-options.ts';

type AnyCall = (...args: unknown[]) => unknown;
/** Takes a call that reached the destination; answers a promise or a stream, as the call does. */
export type CallHandler = (name: CallName, args: readonly unknown[]) => unknown;

/** A destination with all capabilities whose calls all end in `handle`, for tests that go through every call there is. */
export function everyCallDestination(handle: CallHandler): Destination {
  const root: Record<string, unknown> = {};
  const capabilities: Record<string, Record<string, unknown> | AnyCall> = {};
  for (const name of callNames) {
    const [first = '', method] = name.split('.');
    const call: AnyCall = (...args) => handle(name, args);
    if (first in operations) root[name] = call;
    else if (method === undefined) capabilities[name] = call;
    else if (first !== 'patch') capabilities[first] = { ...capabilities[first], [method]: call };
  }
  capabilities['digests'] = { ...capabilities['digests'], algorithms: ['blake3'] };
  capabilities['patch'] = { begin: (...args: unknown[]) => beginPatch(handle, args) };
  const dispose = (): Promise<void> => Promise.resolve();
  return { ...root, traits: memoryTraits({}), capabilities, [Symbol.asyncDispose]: dispose } as unknown as Destination;
}

/** Makes a call with arguments that fit, and reads what it answers to the end. The calls of a patch begin one first. */
export async function makeCall(destination: Destination, name: CallName, signal?: AbortSignal): Promise<unknown> {
  const [first = '', method = first] = name.split('.');
  const options = { ...(signal && { signal }), selection: {}, onSkip: ignore, onExclude: ignore, runId: 'r', preserve: {} };
  const capabilities = destination.capabilities as unknown as Record<string, Record<string, AnyCall>>;
  const patch =
    name.startsWith('patch.') && method !== 'begin'
      ? await destination.capabilities.patch?.begin(keyA, undefined, options)
      : undefined;
  const owner = (patch ?? (name in destination ? destination : name === first ? capabilities : capabilities[first])) as Record<
    string,
    AnyCall
  >;
  const answer = owner[method]?.(...argumentsOf(name, options));
  return callTable[name].shape === 'stream' ? Array.fromAsync(answer as AsyncIterable<unknown>) : answer;
}

/** What a call that works answers. */
export function plainAnswer(name: CallName): unknown {
  if (callTable[name].shape === 'stream') return answers(name);
  return Promise.resolve(
    name === 'write' ? { key: keyA, kind: 'file', size: 3n } : name === 'createOnly.create' ? 'created' : undefined,
  );
}

const operations = { stat: true, read: true, write: true, flush: true, remove: true, list: true };
const keyA = 'a' as RelPath;
const keyB = 'b' as RelPath;
const ignore = (): void => undefined;

async function* answers(name: CallName): AsyncGenerator<unknown> {
  if (name === 'read') yield Buffer.from('abc');
}

async function beginPatch(handle: CallHandler, args: readonly unknown[]): Promise<unknown> {
  await handle('patch.begin', args);
  const names = ['writeAt', 'setSize', 'commit', 'discard'] as const;
  return Object.fromEntries(names.map((name) => [name, (...rest: unknown[]) => handle(`patch.${name}`, rest)]));
}

function argumentsOf(name: CallName, options: object): unknown[] {
  const entry = { path: keyA, kind: 'fifo', metadata: {} };
  const own: { readonly [N in CallName]?: unknown[] } = {
    'write': [keyA, contentOf('abc'), options],
    'createOnly.create': [keyA, contentOf('abc'), options],
    'flush': [options],
    'usage.usage': [options],
    'metadata.apply': [keyA, entry, {}, options],
    'links.symlink': [keyA, 'target', options],
    'links.hardLink': [keyB, keyA, options],
    'special.create': [keyA, entry, options],
    'move': [keyA, keyB, options],
    'copy': [keyB, keyA, options],
    'cloneFrom': [{ root: '/', path: keyB, dev: 1n, ino: 1n }, keyA, options],
    'patch.begin': [keyA, undefined, options],
    'patch.writeAt': [0n, Buffer.from('abc')],
    'patch.setSize': [3n],
    'patch.commit': [],
    'patch.discard': [],
    'digests.compute': [keyA, 'blake3', options],
    'retention.protectUntil': [keyA, new Date(0), options],
    'lock.acquire': [keyA, 'note', options],
    'batch.run': [noOperations(), options],
    'contentBatch.run': [noOperations(), options],
  };
  return own[name] ?? [keyA, options];
}

async function* noOperations(): AsyncGenerator<never> {}
