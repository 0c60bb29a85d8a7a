/** The schema of a yes or no in a query. Any other word is refused: it may have been meant as yes. */
import * as v from 'valibot'

export const QueryFlag = v.pipe(
  v.optional(v.picklist(['true', 'false', '1', '0']), 'false'),
  v.transform((word) => word === 'true' || word === '1'),
)
