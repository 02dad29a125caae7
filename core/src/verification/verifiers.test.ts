import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RelPath } from '../contracts/rel-path.ts';
import type { VerifyExpectation } from '../contracts/verifier.ts';
import { contentOf } from '../testing/byte-content.ts';
import { FaultyDestination } from '../testing/faulty-destination.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { compareContents } from './compare-contents.ts';
import { digestBytes } from './digest.ts';
import { verifiers } from './verifiers.ts';

const key = 'a' as RelPath;
const bytes = Buffer.from('hello world');
const digest = digestBytes('sha256', bytes);

async function holding(
  data: string,
  options: ConstructorParameters<typeof MemoryDestination>[0] = {},
): Promise<FaultyDestination> {
  const inner = new MemoryDestination(options);
  await inner.write(key, contentOf(data), {});
  return new FaultyDestination(inner);
}

const expecting = (more: Partial<VerifyExpectation> = {}): VerifyExpectation => ({ key, size: BigInt(bytes.length), ...more });

test.each(['size', 'digest', 'readback'] as const)('%s finds what is missing, of another kind or size', async (method) => {
  const missing = new MemoryDestination();
  expect(await verifiers[method].verify(expecting({ digest }), missing, {})).toMatchObject({
    ok: false,
    reason: 'it is not there',
  });
  await missing.capabilities.directories?.create(key, {});
  expect(await verifiers[method].verify(expecting({ digest }), missing, {})).toMatchObject({
    ok: false,
    reason: 'a directory is there',
  });
  const longer = await holding('hello world!');
  const outcome = await verifiers[method].verify(expecting({ digest, content: contentOf(bytes) }), longer, {});
  expect(outcome).toEqual({ ok: false, method: 'size', reason: 'it has 12 bytes instead of 11' });
});

test('a digest that the destination computes is not read back', async () => {
  const destination = await holding('hello world');
  expect(await verifiers.digest.verify(expecting({ digest }), destination, {})).toEqual({ ok: true, method: 'digest' });
  expect(destination.calls.map(({ call }) => call)).toEqual(['stat', 'digests.compute']);
});

test('without one it is read back and computed here', async () => {
  const destination = await holding('hello world', { without: ['digests'] });
  expect(await verifiers.digest.verify(expecting({ digest }), destination, {})).toEqual({ ok: true, method: 'digest' });
  expect(destination.calls.map(({ call }) => call)).toEqual(['stat', 'read']);
  const wrong = await holding('hello_world', { without: ['digests'] });
  const outcome = await verifiers.digest.verify(expecting({ digest }), wrong, {});
  expect(outcome).toMatchObject({ ok: false, method: 'digest' });
  expect(outcome.reason).toContain('sha256:');
});

test('what can only be read in part is told as that', async () => {
  const inner = new MemoryDestination({ without: ['digests'] });
  await inner.write(key, contentOf(bytes), {});
  const short = new FaultyDestination(inner, { faults: [{ call: 'read', effect: { kind: 'truncate', afterBytes: 4 } }] });
  const outcome = await verifiers.digest.verify(expecting({ digest }), short, {});
  expect(outcome).toEqual({ ok: false, method: 'digest', reason: '4 bytes could be read back instead of 11' });
});

test('without an expected digest that of the content is taken; without either only the size is proved', async () => {
  const destination = await holding('hello_world');
  expect(await verifiers.digest.verify(expecting({ content: contentOf(bytes) }), destination, {})).toMatchObject({
    ok: false,
    method: 'digest',
  });
  expect(await verifiers.digest.verify(expecting(), destination, {})).toEqual({ ok: true, method: 'size' });
  expect(await verifiers.readback.verify(expecting(), destination, {})).toEqual({ ok: true, method: 'size' });
});

test('reading back names the first byte that differs', async () => {
  const destination = await holding('hello_world');
  const outcome = await verifiers.readback.verify(expecting({ content: contentOf(bytes) }), destination, {});
  expect(outcome).toEqual({ ok: false, method: 'readback', reason: 'it differs at byte 5' });
  expect(await verifiers.readback.verify(expecting({ digest }), destination, {})).toMatchObject({ ok: false, method: 'digest' });
  const same = await holding('hello world');
  expect(await verifiers.readback.verify(expecting({ content: contentOf(bytes) }), same, {})).toEqual({
    ok: true,
    method: 'readback',
  });
});

test('contents compare equal exactly when their bytes are, however they are cut', async () => {
  const cuts = fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(cuts, cuts, fc.boolean(), async (left, right, same) => {
      const other = same ? [Buffer.concat(left)] : right;
      const [a, b] = [Buffer.concat(left), Buffer.concat(other)];
      const stream = async function* (chunks: readonly Uint8Array[]) {
        yield* chunks;
      };
      const comparison = await compareContents({ size: undefined, open: () => stream(left) }, stream(other), {});
      let at = 0;
      while (at < a.length && at < b.length && a[at] === b[at]) at++;
      expect(comparison).toEqual(a.equals(b) ? { equal: true, size: BigInt(a.length) } : { equal: false, offset: BigInt(at) });
    }),
    { numRuns: 300 },
  );
});
