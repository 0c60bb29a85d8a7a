/** How a circuit's state is written as a number. */
import type { CircuitState } from '../../ports/index.ts'

export const circuitNumbers: Record<CircuitState, number> = { closed: 0, open: 1, half_open: 2 }
