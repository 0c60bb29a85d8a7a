/** Where a runtime's own WebSocket code makes something else of a case than RFC 6455 says (docs/platforms.md). */
import type { Case } from './cases.ts'

export type Runtime = 'Node' | 'workerd'

export interface Expected extends Pick<Case, 'got'> {
  /** Undefined where the server goes on. */
  closes?: number | null | 'never' | undefined
  /** What a server must not do, and this one does. */
  faults: string[]
}

/** Null: nothing that could be relied on. The gateway goes on all the same. */
export function expectedOn(runtime: Runtime, each: Case): Expected | null {
  const lawful = { got: each.got, closes: each.closes, faults: [] }
  const overlooked = { got: each.overlooked ?? [], closes: undefined, faults: [] }
  const deviation = deviations[runtime].find(([pattern]) => pattern.test(each.name))?.[1]
  return deviation ? deviation({ lawful, overlooked }) : lawful
}

type Deviation = (of: { lawful: Expected; overlooked: Expected }) => Expected | null

const deviations: Record<Runtime, readonly (readonly [RegExp, Deviation])[]> = {
  Node: [[/^a text with a length in/, ({ overlooked }) => overlooked]],
  workerd: [
    [/^not UTF-8|without a mask$|with a length in/, ({ overlooked }) => overlooked],
    [/^a ping of 126 bytes$/, ({ overlooked }) => ({ ...overlooked, faults: ['an unlawful frame with opcode 10'] })],
    [/^bits 100 on a p[io]ng$/, () => null],
    // The reason that it gives is too long for a close frame.
    [/^bits 100 on/, ({ lawful }) => ({ ...lawful, faults: ['an unlawful frame with opcode 8'] })],
    [/^half a code$|^the unlawful code 1005$/, ({ lawful }) => ({ ...lawful, closes: null })],
    [/^a reason that is not UTF-8$/, ({ lawful }) => ({ ...lawful, closes: 1000 })],
  ],
}
