/** V8 gives a function its feedback at its first call: given later, it would look like data that grows. */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--no-lazy-feedback-allocation')
