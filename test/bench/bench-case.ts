import type { Measure } from './measure.ts';

/** Where a case works, and how often. */
export interface Bench {
  /** A fresh directory; it is removed when everything has been measured. */
  readonly folder: string;
  readonly rounds: number;
  /** The launcher of the checkout. */
  readonly holdfast: string;
}

export interface Row {
  readonly name: string;
  readonly median: Measure;
  /** Shortest and longest, in ms of wall time. */
  readonly spreadMs: readonly [number, number];
}

/** A promise that the measures keep or break. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly atMost: number;
  readonly unit: '' | 'ms' | 'MB' | 'blocks';
}

export interface Outcome {
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly method: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
}

export interface BenchCase {
  readonly name: string;
  /** GB that it leaves on the disk until the end: once, and for each round. */
  readonly gigabytes: { readonly once: number; readonly perRound: number };
  readonly run: (bench: Bench) => Outcome | Promise<Outcome>;
}
