/** The options of V8 with which the gateway runs; docs/decisions/ has the measurements. */
export const startOptions: readonly string[] = [
  '--no-memory-reducer',
  '--max-semi-space-size=16',
  '--heap-growing-percent=100',
]

/** One arena of glibc for all threads: what each had freed in its own stayed with the process. Musl knows it not. */
export const startEnvironment: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' }
