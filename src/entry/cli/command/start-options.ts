/** The options of V8 with which the gateway runs; docs/decisions/ has the measurements. */
export const startOptions: readonly string[] = [
  '--no-memory-reducer',
  '--max-semi-space-size=16',
  '--heap-growing-percent=100',
]
