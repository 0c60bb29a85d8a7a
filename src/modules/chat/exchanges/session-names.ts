/**
 * Names under which sessions are stored. Ids are the callers' own, and the column is unique: where an id is another
 * principal's already, a session is stored under a name of its principal, so that nobody learns of the other one.
 */
import { sha256Hex } from '../../../lib/sha256.ts'

/** No id of a caller has a `#` (lib/ids.ts). */
const mark = /#of-[0-9a-f]{16}$/

/** The id itself, and the name for when that is taken. */
export const sessionNames = (principal: string, sessionId: string): readonly [plain: string, marked: string] => [
  sessionId,
  `${sessionId}#of-${sha256Hex(principal).slice(0, 16)}`,
]

/** The id as its callers know it. */
export const shownSessionId = (name: string): string => name.replace(mark, '')
