import type { CallOptions } from '../../../../contracts/call-options.ts';
import type { Destination } from '../../../../contracts/destination.ts';
import type { RelPath } from '../../../../contracts/rel-path.ts';
import { HoldfastError } from '../../../../errors/holdfast-error.ts';
import { parseRelPath } from '../../../../paths/rel-path.ts';
import { ByteSpool } from '../../../../storage/byte-spool.ts';
import { journalKey } from '../state-keys.ts';

/** A rename of something that stays part of the tree. */
export interface JournalMove {
  readonly from: RelPath;
  readonly to: RelPath;
}

/**
 * Says that a run is going to change the mirror, and which moves it is going to make, in their order. To be durable before the first
 * change: a run that was cut short is known by its journal, since it has no record. Replaces an earlier journal of the run.
 */
export async function writeJournal(
  destination: Destination,
  run: { readonly runId: string; readonly parentRunId: string | null },
  moves: AsyncIterable<readonly JournalMove[]> | readonly (readonly JournalMove[])[],
  scratch: string,
  options: CallOptions,
): Promise<void> {
  using spool = new ByteSpool(scratch);
  spool.append(line({ format: 1, ...run }));
  for await (const batch of moves) {
    for (const { from, to } of batch) spool.append(line({ from, to }));
  }
  await destination.write(journalKey(run.runId), spool.content(), options);
  await destination.flush(options);
}

/** The moves that a run announced, in their order. A last line that was cut off is left out: its move was not made. Throws `not-found`, `state-damaged`. */
export async function* readJournal(destination: Destination, runId: string, options: CallOptions): AsyncGenerator<JournalMove> {
  let rest: Buffer = Buffer.alloc(0);
  let isHeader = true;
  for await (const piece of destination.read(journalKey(runId), options)) {
    rest = Buffer.concat([rest, piece]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      if (!isHeader) yield parseMove(rest.toString('utf8', 0, end), runId);
      isHeader = false;
      rest = rest.subarray(end + 1);
    }
  }
}

/** JSON writes a lone surrogate as an escape, so names that are not UTF-8 come back as they were. */
function line(value: object): Uint8Array {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

function parseMove(text: string, runId: string): JournalMove {
  try {
    const { from, to } = JSON.parse(text) as Partial<Record<'from' | 'to', unknown>>;
    if (typeof from === 'string' && typeof to === 'string') return { from: parseRelPath(from), to: parseRelPath(to) };
  } catch (cause) {
    throw new HoldfastError('state-damaged', `The journal of run ${runId} is damaged.`, { cause });
  }
  throw new HoldfastError('state-damaged', `The journal of run ${runId} is damaged.`);
}
