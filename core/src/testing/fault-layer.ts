import type { ObjectInfo } from '../contracts/destination.ts';
import type { DigestAlgorithm } from '../contracts/call-options.ts';
import type { Clock } from '../environment/clock.ts';
import type { Call, Layer, Next } from '../layers/layer.ts';
import { observeContent } from '../layers/observe-content.ts';
import { createDigest, type DigestStream } from '../verification/digest.ts';
import type { FaultCounter } from './fault-counter.ts';
import { after, before } from './fault-effects.ts';
import type { FaultEffect } from './fault-script.ts';
import { runFaultyBatch } from './faulty-batch.ts';
import { spoilContent, spoilStream } from './faulty-stream.ts';

/** Lets the faults that `counter` tells of befall the calls. */
export function faultLayer(counter: FaultCounter, clock: Clock): Layer {
  return {
    touches: () => true,
    async answer(call, next) {
      const effect = counter.count({ call: call.name, key: call.key });
      await before(effect, call, clock);
      const answer = await makeCall(call, next, effect);
      after(effect, call);
      return answer;
    },
    async *stream(call, next) {
      const effect = counter.count({ call: call.name, key: call.key });
      await before(effect, call, clock);
      if (effect === undefined) yield* next();
      else yield* spoilStream(next(), effect);
      after(effect, call);
    },
    own: (inner) => {
      const { batch } = inner.capabilities;
      return batch === undefined
        ? {}
        : { 'batch.run': (operations, options) => runFaultyBatch(batch, { operations, options, counter, clock }) };
    },
  };
}

async function makeCall<T>(call: Call, next: Next<Promise<T>>, effect: FaultEffect | undefined): Promise<T> {
  const { content } = call;
  if (effect === undefined || content === undefined || !['break', 'truncate', 'flip'].includes(effect.kind)) return next();
  if (effect.kind !== 'flip') return next({ content: spoilContent(content, (options) => content.open(options), effect) });
  let running: DigestStream[] = [];
  const watched = observeContent(content, () => {
    running = algorithms.map(createDigest);
    return { item: (chunk) => running.forEach((digest) => digest.update(chunk)) };
  });
  const answer = await next({ content: spoilContent(content, (options) => watched.open(options), effect) });
  return withDigests(answer, running);
}

const algorithms: readonly DigestAlgorithm[] = ['blake3', 'sha256', 'sha1', 'md5', 'crc32c', 'crc64nvme'];

/** The answer of a write, with the digests of what it was given in place of those of what it stored. */
function withDigests<T>(answer: T, running: readonly DigestStream[]): T {
  const digests = (answer as Partial<ObjectInfo> | undefined)?.digests;
  if (digests === undefined) return answer;
  const given = running.map((digest) => digest.digest());
  return { ...answer, digests: digests.map(({ algorithm }) => given.find((digest) => digest.algorithm === algorithm)) };
}
