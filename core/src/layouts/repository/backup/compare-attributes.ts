import type { NodeAttribute } from '../format/tree/node.ts';

/** Whether two lists of extended attributes have the same text in a tree. */
export function areSameAttributes(a: readonly NodeAttribute[], b: readonly NodeAttribute[]): boolean {
  return a === b || (a.length === b.length && a.every((each, index) => isSame(each, b[index] as NodeAttribute)));
}

function isSame(a: NodeAttribute, b: NodeAttribute): boolean {
  return a.name === b.name && a.value !== null && b.value !== null && Buffer.compare(a.value, b.value) === 0;
}
