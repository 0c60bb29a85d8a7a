/** v7's "nature" of each canonical type (contract events/canonical-types). */

const natures: Readonly<Record<string, string>> = {
  'system.alert': 'incident',
  'system.correlation.updated': 'meta',
  'forensic.snapshot.created': 'forensic',
  'madre.decision.explained': 'decision',
  'switch.tension.updated': 'state',
  'shub.action.narrated': 'narration',
}

/** Null for a type that is not canonical. */
export const natureOf = (type: string): string | null => (Object.hasOwn(natures, type) ? (natures[type] ?? null) : null)
