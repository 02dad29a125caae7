import { describe, it } from 'vitest';
import { describeConformance } from '../conformance/describe-conformance.ts';
import type { Destination } from '../contracts/destination.ts';
import { systemClock } from '../environment/clock.ts';
import { systemRandom } from '../environment/random.ts';
import { FaultyDestination } from '../testing/faulty-destination.ts';
import type { Fault } from '../testing/fault-script.ts';
import { MemoryDestination } from '../testing/memory-destination.ts';
import { verifiers } from '../verification/verifiers.ts';
import { Bandwidth } from './bandwidth/bandwidth.ts';
import { callNames } from './call-table.ts';
import { stackLayers } from './stack-layers.ts';

const fence = { lost: new AbortController().signal, isLost: () => false };
const retry = { baseMs: 1, maxWaitMs: 5, tries: 40, itemTries: 3 };
const limits = { rounds: 10, manyKeys: 1200, concurrentWrites: 64, hugeBytes: 8 << 20, beyond4Gib: false };
const common = { clock: systemClock, random: systemRandom, runId: 'run', fence, retry, trace: () => undefined };

function withAllLayers(plugin: Destination): Destination {
  const bandwidth = new Bandwidth({ periods: [], otherwise: 1e12 }, systemClock);
  return stackLayers(plugin, { ...common, bandwidth, verifier: verifiers.digest });
}

const memory = new MemoryDestination();
describeConformance({
  name: 'memory in all layers',
  open: async () => withAllLayers(new MemoryDestination(memory.store)),
  limits,
  describe,
  it,
});

const poor = new MemoryDestination({ atomicReplace: false });
describeConformance({
  name: 'what cannot replace in one step, in layers',
  open: async () => stackLayers(new MemoryDestination(poor.store), common),
  limits,
  describe,
  it,
});

/**
 * Everything that the layers make good by trying again, one call in twenty; half of what fails was done although it failed. Left out is
 * what can rightly end otherwise: a read whose end is lost while the object is replaced rejects with `source-changed`, and a move or
 * link that was lost before it began counts as made where all is as it should be afterwards.
 */
const notRepeated = ['batch.run', 'packedBatch.run', 'contentBatch.run', 'lock.acquire', 'patch.commit'];
const checked = ['move', 'links.symlink', 'links.hardLink', 'special.create'];
const faults = callNames
  .filter((call) => !notRepeated.includes(call))
  .flatMap((call): Fault[] => [
    { call, chance: checked.includes(call) ? 0 : 0.025, effect: { kind: 'error', code: 'connection-lost' } },
    { call, chance: call === 'read' ? 0 : 0.025, effect: { kind: 'error-after', code: 'timed-out' } },
  ]);
const shaky = new MemoryDestination();
let seed = 1;
describeConformance({
  name: 'what fails now and then, in layers',
  open: async () => stackLayers(new FaultyDestination(new MemoryDestination(shaky.store), { faults, seed: seed++ }), common),
  limits,
  describe,
  it,
});
