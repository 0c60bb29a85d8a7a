/** What the INEE routes take and give (contract O12 to O15). */
import * as v from 'valibot'

/** Hormiguero without its INEE routes says 404 to all of them; then `enabled` is false. */
export const IneeStatus = v.looseObject({ status: v.string(), enabled: v.optional(v.boolean()) })

export const ColonyId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._:-]{1,128}$/))
