import { enableFaultHooks } from './fault-board.ts';

/** Import this before anything else in a test that injects faults; `faultBoard.setPlan` then says what goes wrong, in all threads. */
export const faultBoard = enableFaultHooks();
