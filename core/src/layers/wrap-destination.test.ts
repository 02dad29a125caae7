import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import type { MemoryCapability } from '../testing/memory-options.ts';
import { everyCallDestination, makeCall, plainAnswer } from '../testing/every-call.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { type CallName, callNames, callTable } from './call-table.ts';
import type { Layer } from './layer.ts';
import { passThrough } from './pass-through.ts';
import { wrapDestination } from './wrap-destination.ts';

/** The members of an interface of the contracts, as its source text declares them. */
function membersOf(file: string, interfaceName: string): ts.TypeElement[] {
  const path = new URL(`../contracts/${file}.ts`, import.meta.url);
  const source = ts.createSourceFile(file, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === interfaceName);
  if (found === undefined) throw new Error(`There is no interface ${interfaceName} in ${file}.`);
  return [...(found as ts.InterfaceDeclaration).members];
}

const nameOf = (member: ts.TypeElement): string => member.name?.getText() ?? '';
const isCall = (member: ts.TypeElement): boolean =>
  ts.isMethodSignature(member) ||
  (ts.isPropertySignature(member) && member.type !== undefined && ts.isFunctionTypeNode(member.type));

/** Every call that the contracts declare, read from their source and not from their types. */
function declaredCalls(): string[] {
  const capabilities = membersOf('capabilities', 'DestinationCapabilities').flatMap((member) => {
    if (isCall(member)) return [nameOf(member)];
    const type = (member as ts.PropertySignature).type?.getText() ?? '';
    return membersOf('capabilities', type)
      .filter(isCall)
      .map((method) => `${nameOf(member)}.${nameOf(method)}`);
  });
  const operations = membersOf('destination', 'Destination').filter(isCall).map(nameOf);
  return [...operations, ...capabilities, ...membersOf('capabilities', 'Patch').map((member) => `patch.${nameOf(member)}`)];
}

test('the call table has every call that the contracts declare, and no other', () => {
  expect([...callNames].sort()).toEqual(declaredCalls().sort());
});

test('every call passes through a layer that touches it, and its answer comes back', async () => {
  for (const name of callNames) {
    const reached: CallName[] = [];
    const seen: CallName[] = [];
    const layer: Layer = {
      touches: () => true,
      answer: (call, next) => {
        seen.push(call.name);
        return next();
      },
      stream: (call, next) => {
        seen.push(call.name);
        return next();
      },
    };
    const inner = everyCallDestination((call) => {
      reached.push(call);
      return plainAnswer(call);
    });
    expect(shapeOf(await makeCall(wrapDestination(inner, layer), name))).toEqual(shapeOf(await makeCall(inner, name)));
    expect(seen.at(-1)).toBe(name);
    expect(reached.filter((call) => call === name)).toHaveLength(2);
  }
});

test('a layer tells of each call what it is about', async () => {
  const seen = new Map<string, string>();
  const note: Layer = {
    touches: () => true,
    answer: (call, next) => {
      seen.set(call.name, call.key);
      return next();
    },
    stream: (call, next) => {
      seen.set(call.name, call.key);
      return next();
    },
  };
  const destination = wrapDestination(everyCallDestination(plainAnswer), note);
  for (const name of callNames) await makeCall(destination, name);
  const about = callNames.filter(
    (name) => !['flush', 'usage.usage', 'batch.run', 'packedBatch.run', 'contentBatch.run'].includes(name),
  );
  expect(about.filter((name) => seen.get(name) !== 'a')).toEqual([]);
});

test('a destination keeps exactly the capabilities that it has', () => {
  const all = Object.keys(new MemoryDestination().capabilities) as MemoryCapability[];
  for (const without of all) {
    const inner = new MemoryDestination({ without: [without] });
    const wrapped = wrapDestination(inner, passThrough);
    expect(Object.keys(wrapped.capabilities).sort()).toEqual(Object.keys(inner.capabilities).sort());
    for (const name of all) expect(shapeOf(wrapped.capabilities[name])).toEqual(shapeOf(inner.capabilities[name]));
  }
});

test('what no layer would cover is not passed on', () => {
  const inner = everyCallDestination(plainAnswer);
  Object.assign(inner.capabilities, { teleport: { now: () => undefined } });
  Object.assign(inner.capabilities.usage ?? {}, { forecast: () => undefined, unit: 'byte' });
  const wrapped = wrapDestination(inner, passThrough);
  expect(wrapped.capabilities).not.toHaveProperty('teleport');
  expect(wrapped.capabilities.usage).not.toHaveProperty('forecast');
  expect(wrapped.capabilities.usage).toHaveProperty('unit', 'byte');
});

test('a layer can put its own signal and content in place of the caller’s, except where a handle goes on using it', async () => {
  const { signal } = new AbortController();
  const replace: Layer = {
    touches: () => true,
    answer: (_call, next) => next({ signal }),
    stream: (_call, next) => next({ signal }),
  };
  const reached = new Map<CallName, unknown>();
  const inner = everyCallDestination((name, args) => {
    const { options } = callTable[name];
    if (options !== undefined) reached.set(name, (args[options] as { signal?: AbortSignal }).signal);
    return plainAnswer(name);
  });
  for (const name of callNames) await makeCall(wrapDestination(inner, replace), name);
  const kept = [...reached].filter(([, given]) => given !== signal).map(([name]) => name);
  expect(kept).toEqual(['patch.begin', 'lock.acquire']);
});

/** Which names a capability has and what they are; the functions themselves may differ. */
function shapeOf(capability: unknown): unknown {
  if (typeof capability !== 'object' || capability === null) return typeof capability;
  return Object.fromEntries(Object.entries(capability).map(([name, value]) => [name, typeof value]));
}
