/** What GET /operator/api/whoami gives. */
import * as v from 'valibot'

export const WhoAmI = v.object({
  /** The principal's, never the token. */
  name: v.string(),
  scopes: v.array(v.picklist(['operator', 'shub', 'ingest', 'admin', 'wake'])),
  /** False in observer mode: nothing under /operator and /vx11 can be changed. */
  control: v.boolean(),
  correlation_id: v.string(),
})
export type WhoAmI = v.InferOutput<typeof WhoAmI>
