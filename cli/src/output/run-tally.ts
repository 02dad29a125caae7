import type { HoldfastEvent, ItemEvent, MessageEvent } from '@holdfast/core';
import { FailureGroups } from './failure-groups.ts';
import { PlanGroups } from './plan-groups.ts';
import { isReplacement } from './reason-words.ts';

/** What the events of a run add up to, besides what its summary says. */
export class RunTally {
  readonly failures = new FailureGroups();
  readonly plan: PlanGroups;
  /** Items that took the place of others. */
  replaced = 0;
  /** By a verification: what was found, and what was put right. */
  readonly found = { changed: 0, damaged: 0, missing: 0 };
  repaired = 0;
  /** What ended the run, where it was an error. */
  error: MessageEvent | undefined;

  constructor(isVerbose: boolean) {
    this.plan = new PlanGroups(isVerbose);
  }

  take(event: HoldfastEvent): void {
    if (event.type === 'plan') this.plan.add(event);
    else if (event.type === 'item') this.#takeItem(event);
    else if (event.type === 'error') this.error = event;
  }

  #takeItem(item: ItemEvent): void {
    const { op, reason, error } = item;
    if (op === 'verify' && (reason === 'changed' || reason === 'damaged' || reason === 'missing')) this.found[reason]++;
    if (error !== undefined) this.failures.add(item);
    else if (op === 'repair') this.repaired++;
    else if (op !== 'retire' && op !== 'metadata' && isReplacement(reason)) this.replaced++;
  }
}
