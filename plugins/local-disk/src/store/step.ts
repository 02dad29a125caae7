/** Which end a system call works on: the same errno means another thing to the user there. */
export type Side = 'source' | 'destination';

/** What this thread is doing, for the message should it fail. Set as the work moves on, so that it costs nothing while all goes well. */
export const step: { side: Side; action: string } = { side: 'destination', action: 'write' };

/** @param action follows "Cannot", for example `read` or `set the metadata of` */
export function enter(side: Side, action: string): void {
  step.side = side;
  step.action = action;
}
