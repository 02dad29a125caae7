import type { DestinationCapabilities, Patch } from '../contracts/capabilities.ts';
import type { CallOptions } from '../contracts/call-options.ts';
import type { Content } from '../contracts/content.ts';
import type { Destination } from '../contracts/destination.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { type CallName, callNames, callTable, type OperationCall } from './call-table.ts';
import type { Call, Layer, OwnCalls, Replacement } from './layer.ts';

/**
 * A destination whose every call passes through `layer` first. It has the capabilities that `inner` has, no more and no fewer;
 * one that the call table does not know is left out, since no layer would cover it.
 */
export function wrapDestination(inner: Destination, layer: Layer): Destination {
  const own = layer.own?.(inner) ?? {};
  const wrap = (name: CallName, owner: object, method: AnyCall): AnyCall => wrapCall({ name, owner, method, layer, own });
  const operation = <N extends OperationCall>(name: N): Destination[N] =>
    wrap(name, inner, inner[name] as AnyCall) as Destination[N];
  return {
    traits: inner.traits,
    capabilities: wrapCapabilities(inner.capabilities, wrap),
    stat: operation('stat'),
    read: operation('read'),
    write: operation('write'),
    flush: operation('flush'),
    remove: operation('remove'),
    list: operation('list'),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

type AnyCall = (...args: unknown[]) => unknown;
type Wrap = (name: CallName, owner: object, method: AnyCall) => AnyCall;
interface Wrapping {
  readonly name: CallName;
  readonly owner: object;
  readonly method: AnyCall;
  readonly layer: Layer;
  readonly own: OwnCalls;
  /** For the calls of an open patch: its `begin`. */
  readonly begin?: Call;
}

function wrapCapabilities(capabilities: DestinationCapabilities, wrap: Wrap): DestinationCapabilities {
  const wrapped: Record<string, unknown> = {};
  for (const name of callNames) {
    const [capabilityName = '', methodName] = name.split('.');
    const capability = (capabilities as Record<string, unknown>)[capabilityName];
    if (typeof capability === 'function') wrapped[capabilityName] = wrap(name, capabilities, capability as AnyCall);
    if (typeof capability !== 'object' || capability === null || methodName === undefined) continue;
    const methods = (wrapped[capabilityName] ??= plainValues(capability)) as Record<string, unknown>;
    const method = (capability as Record<string, unknown>)[methodName];
    if (typeof method === 'function') methods[methodName] = wrap(name, capability, method as AnyCall);
  }
  return wrapped;
}

/** What a capability tells besides its functions, for example which digests it can compute. */
function plainValues(capability: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(capability).filter(([, value]) => typeof value !== 'function'));
}

function wrapCall(wrapping: Wrapping): AnyCall {
  const { name, owner, method, layer, own } = wrapping;
  const ownCall = name in own ? (own as Record<string, AnyCall | undefined>)[name] : undefined;
  if (ownCall !== undefined) return ownCall;
  if (name === 'patch.begin') return wrapBegin(wrapping);
  if (!layer.touches(name)) return (...args) => Reflect.apply(method, owner, args);
  return (...args) => pass(wrapping, describe(wrapping, args), args);
}

function pass<T>({ name, owner, method, layer }: Wrapping, call: Call, args: readonly unknown[]): unknown {
  const next = (replacement?: Replacement): unknown => Reflect.apply(method, owner, replace(call, args, replacement));
  if (callTable[name].shape === 'stream') return layer.stream(call, next as () => AsyncIterable<T>);
  return layer.answer(call, async (replacement) => next(replacement) as Promise<T>);
}

/** `patch.begin` answers with an object of calls, which pass through the layer too. */
function wrapBegin(wrapping: Wrapping): AnyCall {
  return async (...args): Promise<Patch> => {
    const { layer, own, owner, method } = wrapping;
    const begin = describe(wrapping, args);
    const answer = layer.touches('patch.begin') ? pass(wrapping, begin, args) : Reflect.apply(method, owner, args);
    const patch = (await answer) as Patch;
    const call = <M extends keyof Patch>(method: M): Patch[M] => {
      const owned = (patch as unknown as Record<string, AnyCall>)[method] as AnyCall;
      return wrapCall({ name: `patch.${method}`, owner: patch, method: owned, layer, own, begin }) as Patch[M];
    };
    return { writeAt: call('writeAt'), setSize: call('setSize'), commit: call('commit'), discard: call('discard') };
  };
}

function describe({ name, begin }: Wrapping, args: readonly unknown[]): Call {
  const facts = callTable[name];
  const options = (facts.options === undefined ? undefined : args[facts.options]) as CallOptions | undefined;
  return {
    name,
    facts,
    key: facts.key === undefined ? (begin?.key ?? ('' as RelPath)) : (args[facts.key] as RelPath),
    signal: begin?.signal ?? options?.signal,
    content: facts.content === undefined ? undefined : (args[facts.content] as Content),
    byteCount: facts.bytes === undefined ? 0 : (args[facts.bytes] as Uint8Array).length,
  };
}

function replace({ facts }: Call, args: readonly unknown[], replacement: Replacement | undefined): readonly unknown[] {
  if (replacement === undefined) return args;
  const replaced = [...args];
  if (replacement.signal !== undefined && facts.options !== undefined && facts.keepsSignal !== true) {
    replaced[facts.options] = { ...(args[facts.options] as CallOptions), signal: replacement.signal };
  }
  if (replacement.content !== undefined && facts.content !== undefined) replaced[facts.content] = replacement.content;
  return replaced;
}
