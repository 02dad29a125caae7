import type { Goal, Row } from './bench-case.ts';
import { type Command, type Measure, measure, medianOf, settleDisks } from './measure.ts';

export interface Contender {
  readonly name: string;
  readonly command: (round: number) => Command;
}

/** Runs the contenders by turns: the first of each, then the second of each, so that whatever slows the machine slows all of them. */
export function runRounds(
  rounds: number,
  contenders: readonly Contender[],
  before: (round: number) => void = () => undefined,
  after: (round: number, contender: Contender) => void = () => undefined,
): Row[] {
  const measures = new Map<Contender, Measure[]>(contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= rounds; round++) {
    before(round);
    for (const [contender, list] of measures) {
      settleDisks();
      const result = measure(contender.command(round));
      list.push(result);
      process.stderr.write(
        `  ${round} ${contender.name}: ${Math.round(result.wallMs)} ms, user ${result.userMs}, system ${result.systemMs}, ${result.peakKiB} KiB\n`,
      );
      after(round, contender);
    }
  }
  return Array.from(measures, ([{ name }, list]) => {
    const walls = list.map(({ wallMs }) => wallMs);
    return { name, median: medianOf(list), spreadMs: [Math.min(...walls), Math.max(...walls)] };
  });
}

/** Our wall time by a peer's. */
export function ratioGoal(rows: readonly Row[], ours: string, peer: string, atMost: number): Goal {
  const wall = (name: string): number => rows.find((row) => row.name === name)?.median.wallMs ?? Number.NaN;
  return { what: `time of \`${ours}\` / \`${peer}\``, measured: wall(ours) / wall(peer), atMost, unit: '' };
}
