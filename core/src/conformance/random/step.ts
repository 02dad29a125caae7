import type { Destination } from '../../contracts/destination.ts';

/** One random operation. Bytes follow from `seed`, so that a step is plain data. */
export type Step =
  | { readonly op: 'write' | 'create' | 'failing write'; readonly name: string; readonly seed: number; readonly size: number }
  | { readonly op: 'remove' | 'make directory'; readonly name: string }
  | { readonly op: 'move' | 'copy' | 'hard link'; readonly name: string; readonly to: string }
  | { readonly op: 'patch'; readonly name: string; readonly seed: number; readonly size: number; readonly offset: number };

/** The operations that a destination can do. */
export function possibleOperations({ capabilities, traits }: Destination): Step['op'][] {
  return [
    'write',
    'write',
    'write',
    'remove',
    ...(traits.atomicReplace ? (['failing write'] as const) : []),
    ...(capabilities.createOnly === undefined ? [] : (['create'] as const)),
    ...(capabilities.directories === undefined ? [] : (['make directory'] as const)),
    ...(capabilities.move === undefined ? [] : (['move', 'move'] as const)),
    ...(capabilities.copy === undefined ? [] : (['copy'] as const)),
    ...(capabilities.links === undefined ? [] : (['hard link'] as const)),
    ...(capabilities.patch === undefined ? [] : (['patch'] as const)),
  ];
}

export function showStep(step: Step): string {
  const to = 'to' in step ? ` to "${step.to}"` : '';
  const bytes =
    'size' in step ? ` (${step.size} bytes of pattern ${step.seed}${'offset' in step ? ` at ${step.offset}` : ''})` : '';
  return `${step.op} "${step.name}"${to}${bytes}`;
}
