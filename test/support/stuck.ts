/** Tells a wait that never ends from a slow machine. */

/** In milliseconds: no busy machine takes that long, and everything that would hang waits longer. */
export const stuckMs = 25_000
